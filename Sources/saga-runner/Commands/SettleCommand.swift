internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// `saga-runner settle`: hands an offering over to the daemon and submits its settlement; waits for nothing.
enum SettleCommand {
    static let command = Command.declared(
        "settle", .start, "Hands an offering to the daemon and submits its settlement",
        options: [
            .required("--offering", "FILE", "the offering's terms (offering.json)"),
            .required("--subscriptions", "FILE", "the subscription log (CSV)"),
            .required("--investors", "FILE", "the investors and their accounts (CSV)"), .config,
        ],
        details: """
            The files are sent to the daemon, which never opens a path. The settlement's id is the offering's: the same
            offering again answers with the settlement that exists (0), other content under the same id is refused (4),
            and so is an offering for which somebody else sends other files at the same time.
            Prints the settlement's id and waits for nothing; `saga-runner show ID` tells how it goes.
            """,
        examples: [
            "saga-runner settle --offering offering.json --subscriptions subscriptions.csv --investors investors.csv"
        ]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let path = try invocation.required("--offering")
        if ConfigFiles.otherKind(at: path) == "a folder" {
            let file = (path.hasSuffix("/") ? path : path + "/") + "offering.json"
            throw UsageError("--offering \(path) is a folder; give the file with the terms: --offering \(file)")
        }
        let terms = try await FileReader(path: path).all(limit: OfferingFile.largestBytes)
        let offering: Offering
        do {
            offering = try OfferingFile.read(terms)
        } catch {
            throw CommandFailure(.failed, "\(path): \(error)")
        }
        let daemon = try await Door.find(invocation).daemon()
        let id = offering.id.rawValue
        let answer: Answer
        do {
            var path = APIPath("offerings", id, "settlement")
            for part in OfferingPart.allCases {
                let digest = try await load(
                    part, of: id, from: try invocation.required("--\(part.rawValue)"), invocation.console, daemon)
                path = path.with(part.rawValue, digest)
            }
            answer = try await daemon.post(path, terms, timeout: DaemonClient.longTimeout)
        } catch let failure as CommandFailure {
            // The daemon knows what is in the files, and not what they are called here.
            let rows = BadRows(details: failure.details) { invocation["--\($0.rawValue)"] ?? $0.rawValue }
            throw rows.map { failure.saying($0.description) } ?? failure
        }
        let saga = answer.data.text("saga")
        if invocation.wantsJSON {
            try await invocation.console.write(answer.document)
        } else {
            try await invocation.console.write(saga + "\n")
        }
        if let twin = answer.data["same_token_as"]?.shown {
            await invocation.console.say(
                "warning: offering \(twin), which has not ended, makes \(offering.tokenAsset) into "
                    + "\(offering.treasuryAccount), too: this one waits for it in its preflight; "
                    + "if it is the same sale, saga-runner discard \(saga.shellQuoted) --reason TEXT")
        }
        if answer.data["created"]?.boolValue ?? true {
            await invocation.console.say(
                "settlement \(saga) is submitted; saga-runner show \(saga.shellQuoted) tells how it goes")
        } else {
            try await Resubmission.tell(of: saga, at: daemon, to: invocation.console)
        }
    }

    /// Sends a file and returns the digest of what is in it.
    private static func load(
        _ part: OfferingPart, of offering: String, from path: String, _ console: Console, _ daemon: DaemonClient
    ) async throws -> String {
        await console.progress("loading \(path)")
        // A file that cannot be read is named here, before anything is sent.
        _ = try await FileReader(path: path).next()
        let answer = try await daemon.put(APIPath("offerings", offering, part.rawValue), csv: path)
        await console.endProgress()
        await console.say("\(part.rawValue): \(answer.data.integer("rows")) rows from \(path)")
        return answer.data.text("digest")
    }
}
