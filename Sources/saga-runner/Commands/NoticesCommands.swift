internal import Adapters
internal import SagaEngine

/// `saga-runner notices …`: the inbox of callbacks.
enum NoticesCommands {
    /// The largest original of a notice, in bytes.
    private static let originalLimit = 2 << 20

    static let commands = [list, show, bind, verify, importing]

    private static let list = Command.declared(
        "notices list", .notices, "Lists callbacks, newest first",
        options: [
            .value(
                "--standing", "STANDING", "only notices of this standing", of: NoticeStanding.allCases.map(\.rawValue)),
            .value("--saga", "ID", "only notices for this saga"),
            .value("--limit", "N", "how many, at most 500 (50)"), .value("--offset", "N", "how many to skip (0)"),
            .config,
        ],
        details: "What a STANDING says:\n" + NoticeStanding.glossary,
        examples: ["saga-runner notices list --standing orphan"]
    ) { invocation in
        let limit = try invocation.integer("--limit", in: 1...500)
        let offset = try invocation.integer("--offset", in: 0...Int(Int32.max))
        let answer = try await Door.find(invocation).daemon().get(
            APIPath("notices").with("standing", invocation["--standing"]).with("saga", invocation["--saga"])
                .with("limit", limit.map(String.init)).with("offset", offset.map(String.init)))
        let report = NoticeReport(ink: invocation.console.ink, moments: Moments(now: WallClock.now))
        try await invocation.console.write(invocation.wantsJSON ? answer.document : report.list(answer.rows))
    }

    private static let show = Command.declared(
        "notices show", .notices, "Shows one callback and what it claims", operands: ["NUMBER"], options: [.config],
        examples: ["saga-runner notices show 118"]
    ) { invocation in
        let answer = try await Door.find(invocation).daemon().get(APIPath("notices", try number(invocation)))
        let report = NoticeReport(ink: invocation.console.ink, moments: Moments(now: WallClock.now))
        try await invocation.console.write(invocation.wantsJSON ? answer.document : report.detail(answer.data))
    }

    private static let bind = Command.declared(
        "notices bind", .notices, "Gives a callback that no stage has taken to a saga", operands: ["NUMBER"],
        options: [.value("--saga", "ID", "the saga; otherwise the one that expects its reference"), .reason, .config],
        details: """
            The notice must still say what the stage expects; binding settles nothing by itself. One that contradicts \
            how its order has ended is put aside: say in the reason what the counterparty's books have.
            """,
        examples: [#"saga-runner notices bind 118 --saga SG-TOWER-1/fund/INV-0000007 --reason "reference was cut off""#]
    ) { invocation in
        var body: [JSONValue.Member] = [.init("reason", .string(try invocation.required("--reason")))]
        if let saga = invocation["--saga"] { body.append(.init("saga", .string(saga))) }
        let answer = try await Door.find(invocation).daemon().post(
            APIPath("notices", try number(invocation), "bind"), .object(body))
        try await tell(answer, invocation)
    }

    private static let verify = Command.declared(
        "notices verify", .notices, "Looks at a quarantined callback again, with the keys there are now",
        operands: ["NUMBER"], options: [.reason, .config],
        details: """
            A callback that was too old, or signed under a key that was not held, is put aside with its signature. Mend
            the key and start the daemon again first. A signature that is right now lets it in: a time that has passed
            is no obstacle, because you vouch for it. A wrong one leaves it where it is.
            """,
        examples: [#"saga-runner notices verify 118 --reason "the key of March was missing here""#]
    ) { invocation in
        let answer = try await Door.find(invocation).daemon().post(
            APIPath("notices", try number(invocation), "verify"),
            ["reason": .string(try invocation.required("--reason"))])
        try await tell(answer, invocation)
    }

    private static let importing = Command.declared(
        "notices import", .notices, "Takes in a signed callback that was lost on the way", operands: ["FILE"],
        options: [.required("--source", "PARTY", "the counterparty that signed it"), .reason, .config],
        details: """
            FILE is the original as it was sent: its signed headers, one "name: value" a line, an empty line, and the
            raw body, byte for byte. The signature is verified; a time that has passed is no obstacle.
            """,
        examples: [
            #"saga-runner notices import --source custodian original.http --reason "lost in the outage of 18 March""#
        ]
    ) { invocation in
        let path = invocation.operands[0]
        let original = try NoticeOriginal(try await FileReader(path: path).all(limit: originalLimit), path: path)
        let answer = try await Door.find(invocation).daemon().post(
            APIPath("notices", "import"),
            [
                "source": .string(try invocation.required("--source")),
                "reason": .string(try invocation.required("--reason")),
                "headers": .array(original.headers.map { .array([.string($0.name), .string($0.value)]) }),
                "body_base64": .string(Base64.encode(original.body)),
            ])
        try await tell(answer, invocation)
    }

    private static func number(_ invocation: Invocation) throws(UsageError) -> String {
        guard let number = Int64(invocation.operands[0]), number > 0 else {
            throw UsageError("'\(invocation.operands[0])' is no notice's number")
        }
        return String(number)
    }

    private static func tell(_ answer: Answer, _ invocation: Invocation) async throws {
        var text = "notice \(answer.data.integer("number")) is \(answer.data.text("standing"))"
        if let saga = answer.data["saga"]?.shown { text += " for \(saga)" }
        if let standing = NoticeStanding(rawValue: answer.data.text("standing")) { text += ": \(standing.meaning)" }
        try await invocation.console.write(invocation.wantsJSON ? answer.document : text + "\n")
    }
}
