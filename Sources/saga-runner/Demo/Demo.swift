internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// The demo: a whole offering through every fault that needs no person, then two that do, and the books at the end.
struct Demo: Sendable {
    /// How long the bundled offering may take.
    private static let settlingLimit = Duration.seconds(90)
    /// Of several runners one is killed once one line in so many has gone through a whole part of its way.
    private static let killAfter: Int64 = 3
    private static let smallLimit = Duration.seconds(30)

    let stage: DemoStage
    let offering: String
    /// The file of faults; nil for none.
    let faults: String?
    let seed: String?
    let store: DemoStore
    let runners: Int

    /// Runs all of it; whether all books agree.
    func run() async throws -> Bool {
        let folder = try DemoFolder()
        let daemons = runners == 1 ? "the daemon" : "\(runners) runners"
        try await stage.tell("starting the counterparties and \(daemons) on \(store.words) in \(folder.path)")
        let small = try SmallOffering.write(into: folder)
        let house = try await DemoHouse.start(
            in: folder, store: store, runners: runners, offerings: [offering, small], faults: faults, seed: seed)
        let result: Result<[FourBooksReport], any Error>
        do {
            result = .success([try await settleAll(house), try await mend(small, house)])
        } catch {
            result = .failure(error)
        }
        try await house.stop()
        let reports: [FourBooksReport]
        do {
            reports = try result.get()
        } catch {
            await stage.console.say("everything is kept for a look in \(folder.path)")
            throw error
        }
        guard reports.allSatisfy(\.agrees) else {
            await stage.console.say("everything is kept for a look in \(folder.path)")
            return false
        }
        try folder.remove()
        if stage.wantsJSON {
            let books = reports.map { FourBooksTable(report: $0, ink: stage.ink).json }
            try await stage.console.write(Answer(data: ["settlements": .array(books)]).document)
        }
        return true
    }

    /// The bundled offering, with everything going wrong that mends itself.
    private func settleAll(_ house: DemoHouse) async throws -> FourBooksReport {
        let offering = try await DemoOffering.read(offering)
        try await stage.title("1. \(offering.offering.name): \(offering.lines.count) lines over HTTP, with faults")
        _ = try await stage.run(offering.settling, in: house)
        let progress = DemoProgress(house: house, stage: stage, limit: Self.settlingLimit)
        let id = offering.offering.id.rawValue
        var isToKill = runners > 1
        let saga = try await progress.watch(id) { saga in
            let done = saga["census"]?["counts"]?.integer(SagaStatus.completed.rawValue) ?? 0
            guard isToKill, done * Self.killAfter >= Int64(offering.lines.count) else { return }
            isToKill = false
            let name = try await house.killOne()
            await stage.console.endProgress()
            try await stage.tell("  \(name) is killed (SIGKILL); the others take its sagas over when its lease ends")
        }
        try expectCompleted(saga, id)
        guard !isToKill else { throw CommandFailure(.failed, "\(id) had ended before a runner was killed") }
        if runners > 1 { _ = try await stage.run(["runners"], in: house) }
        let report = try await FourBooksReport.read(offering, from: house)
        try await tellFaults(house)
        try await stage.title("The four books of \(id); three of them read back from the counterparties over HTTP")
        try await stage.tell(FourBooksTable(report: report, ink: stage.ink).text)
        return report
    }

    private func tellFaults(_ house: DemoHouse) async throws {
        guard let faults else { return try await stage.tell("no faults were asked for") }
        let met = try await SandboxAdmin(address: house.sandboxAddress).faults()
        let plan = try JSONValue.parse(try await FileReader(path: faults).all(limit: RunnerConfig.largestFile))
        var kinds: [String] = []
        for rule in plan.list("rules") where !kinds.contains(rule.text("kind")) { kinds.append(rule.text("kind")) }
        try await stage.title("Faults met by kind")
        let width = kinds.map(\.count).max() ?? 0
        var missing: [String] = []
        for kind in kinds {
            let count = met.first { $0.kind == kind }?.count ?? 0
            if count == 0 { missing.append(kind) }
            try await stage.tell("  \(kind.padded(to: width))  \(String(count).rightAligned(to: 5))")
        }
        guard missing.isEmpty else {
            throw CommandFailure(
                .failed, "not met: \(missing.joined(separator: ", ")); the offering may be too small for these faults")
        }
    }

    private func expectCompleted(_ saga: JSONValue, _ id: String) throws(CommandFailure) {
        guard saga.text("status") == SagaStatus.completed.rawValue else {
            throw CommandFailure(.failed, "\(id) has ended as \(saga.text("status"))")
        }
    }

    /// The small offering: two lines need a person, and get one through the command line.
    private func mend(_ directory: String, _ house: DemoHouse) async throws -> FourBooksReport {
        let offering = try await DemoOffering.read(directory)
        let admin = try SandboxAdmin(address: house.sandboxAddress)
        let id = offering.offering.id.rawValue
        try await stage.title("2. \(offering.offering.name): a callback with a wrong amount, and a refused line")
        try await admin.quiet()
        let misquoted = Line(offering: id, investor: SmallOffering.misquoted)
        let refused = Line(offering: id, investor: SmallOffering.refused)
        try await admin.add(.noticeWrongAmount, at: "notice", reference: misquoted.transfer)
        try await admin.add(.refusedLater, at: "outcome", reference: refused.transfer)
        _ = try await stage.run(offering.settling, in: house)
        let progress = DemoProgress(house: house, stage: stage, limit: Self.smallLimit)
        let halted = try await progress.watch(id, untilStuck: 2)
        guard SagaStatus(rawValue: halted.text("status"))?.isTerminal != true else {
            throw CommandFailure(.failed, "\(id) ended without the two lines getting stuck")
        }
        _ = try await stage.run(["list", "--status", "stuck"], in: house)
        try await resolve(misquoted, admin, house)
        try await exclude(refused, house)
        try expectCompleted(try await progress.watch(id), id)
        _ = try await stage.run(["audit", "verify"], in: house)
        let report = try await FourBooksReport.read(offering, from: house)
        try await stage.title("The four books of \(id), one line excluded")
        try await stage.tell(FourBooksTable(report: report, ink: stage.ink).text)
        return report
    }

    private func resolve(_ line: Line, _ admin: SandboxAdmin, _ house: DemoHouse) async throws {
        try await stage.tell("\nthe line whose callback states a wrong amount:")
        _ = try await stage.run(["show", line.saga], in: house)
        let statement = try await admin.statement(about: line.transfer)
        let evidence = try house.folder.write(statement, as: "statement.json")
        try await stage.tell("the custodian's own statement has the right amount; it is the evidence:")
        _ = try await stage.run(
            [
                "resolve", line.saga, "--stage", "transferred", "--outcome", "settled", "--evidence", evidence,
                "--reason", "the custodian's statement shows the right amount",
            ], in: house)
    }

    private func exclude(_ line: Line, _ house: DemoHouse) async throws {
        try await stage.tell("\nthe line whose transfer the custodian has refused:")
        _ = try await stage.run(["show", line.saga], in: house)
        _ = try await stage.run(
            ["exclude", line.saga, "--reason", "the custodian does not carry out this investor's transfer"], in: house)
    }

    /// One investor's line in the small offering.
    private struct Line {
        let offering: String
        let investor: String

        var saga: String { "\(offering)/fund/\(investor)" }
        /// The transfer's reference at the custodian.
        var transfer: String { "\(offering):fund:\(investor):transfer~0" }
    }
}
