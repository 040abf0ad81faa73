internal import Adapters
internal import SagaEngine

/// The operators' actions: on one saga, or on all that match after a look at them.
struct ActionCommand: Sendable {
    /// The largest file of evidence, in bytes.
    static let evidenceLimit = 2 << 20

    let name: String
    let summary: String
    /// Options that only this action takes.
    var extra: [CommandOption] = []
    let details: String
    let examples: [String]

    var command: Command {
        .declared(
            name, .act, summary, operands: ["[ID]"],
            options: extra + [
                .value("--reason", "TEXT", "why; kept in the audit chain with your name; only --dry-run does without"),
                .value("--seen", "N", "the version you looked at; refused (4) if the saga has moved on since"),
                .value("--where", "TERMS", "instead of ID: every saga that matches"),
                .flag("--dry-run", "with --where: show exactly which sagas, and what is at stake; do nothing"),
                .value("--set", "SET", "with --where: do it to the very set that the dry run showed"), .config,
            ],
            details: details
                + """


                Without --seen the saga is looked at first, and the action is refused if it moves on in between. While a
                runner works on the saga, the same action is tried again for about two seconds.
                Over many: first --where TERMS --dry-run, which ends by naming the set, then the same with --set SET.
                \(WhereWords.details)
                """,
            examples: examples
        ) { try await run($0) }
    }

    private func run(_ invocation: Invocation) async throws {
        switch (invocation.operands.first, invocation["--where"]) {
        case (let id?, nil): try await actOn(id, invocation)
        case (nil, let terms?):
            try await BulkCommand(name: name, terms: terms, members: try await members(invocation))
                .run(invocation)
        case (nil, nil): throw UsageError("ID is missing; or give --where TERMS --dry-run")
        case (_?, _?): throw UsageError("give ID or --where, not both")
        }
    }

    private func actOn(_ id: String, _ invocation: Invocation) async throws {
        for option in ["--dry-run", "--set"] where invocation.has(option) {
            throw UsageError("\(option) goes with --where")
        }
        let reason = try invocation.required("--reason")
        var (saga, members) = try await place(id, invocation)
        let daemon = try await Door.find(invocation).daemon()
        if let seen = try invocation.integer("--seen", in: 0...Int(Int32.max)) {
            members.append(.init("version", .number(JSONNumber(seen))))
        } else if members["line"] == nil {
            let version = try await daemon.get(APIPath("sagas", saga)).data.integer("version")
            members.append(.init("version", .number(JSONNumber(version))))
        }
        members.append(.init("reason", .string(reason)))
        let answer = try await daemon.post(
            APIPath("sagas", saga, name), .object(members), whileBusy: BusyPatience(invocation.environment))
        if invocation.wantsJSON {
            try await invocation.console.write(answer.document)
        } else {
            let done = answer.data["id"]?.shown ?? saga
            let message = answer.data.text("message")
            let now = message.isEmpty ? ActionWords.sentence(name) : message
            try await invocation.console.write(
                "\(name): \(done) is at version \(answer.data.integer("version"))\n"
                    + "  \(now)\n  \(ActionWords.next(done))\n")
        }
    }

    /// The saga that is meant, and what the action needs to know: the stage's path may lead to a child.
    private func place(_ id: String, _ invocation: Invocation) async throws -> (String, [JSONValue.Member]) {
        var members = try await members(invocation)
        guard name == "resolve", let path = members["stage"]?.stringValue, let slash = path.lastIndex(of: "/") else {
            return (id, members)
        }
        members.removeAll { $0.name == "stage" }
        members.append(.init("stage", .string(String(path[path.index(after: slash)...]))))
        return (id + "/" + path[..<slash], members)
    }

    private func members(_ invocation: Invocation) async throws -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let line = invocation["--line"] { members.append(.init("line", .string(line))) }
        if let stage = invocation["--stage"] { members.append(.init("stage", .string(stage))) }
        if let outcome = invocation["--outcome"] { members.append(.init("outcome", .string(outcome))) }
        if let path = invocation["--evidence"] {
            let bytes = try await FileReader(path: path).all(limit: Self.evidenceLimit)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            members.append(.init("evidence_base64", .string(Base64.encode(bytes))))
            members.append(.init("evidence_name", .string(name)))
        }
        return members
    }
}

extension [JSONValue.Member] {
    fileprivate subscript(name: String) -> JSONValue? { first { $0.name == name }?.value }
}
