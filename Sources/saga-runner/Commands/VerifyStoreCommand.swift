internal import SagaEngine
internal import SagaTestKit

/// `saga-runner verify-store`: the laws that every store keeps, on the disk where the operator's own store is, or in a
/// PostgreSQL database.
enum VerifyStoreCommand {
    static let command = Command.declared(
        "verify-store", .care, "Checks the laws of a store on the disk where yours is",
        options: [
            .value("--url-env", "NAME", "a PostgreSQL database instead: the variable that holds its URL"),
            .value("--law", "TEXT", "only laws whose sentence contains TEXT"), .config,
        ],
        details: """
            Makes databases of its own beside the configured one, checks every law that the engine relies on
            (durability, fencing, isolation of parts, the audit chain), and removes them. Your store is not touched,
            so a daemon may run.

            With --url-env the laws are checked in a PostgreSQL database, each in a schema of its own that is dropped
            again; the user must be allowed to make schemas. The URL stands in a variable, since it may hold a password.
            """,
        examples: [
            "saga-runner verify-store --config config/saga-runner.json",
            "saga-runner verify-store --url-env DATABASE_URL",
            "saga-runner verify-store --law seal",
        ]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let laws = try laws(invocation)
        let place = try await place(invocation)
        var outcomes: [JSONValue] = []
        var broken = 0
        for (index, law) in laws.enumerated() {
            await invocation.console.progress("\(index + 1) of \(laws.count): \(law.name)")
            let fault = await check(law, in: place)
            if fault != nil { broken += 1 }
            var outcome: [JSONValue.Member] = [.init("law", .string(law.name)), .init("kept", .bool(fault == nil))]
            if let fault { outcome.append(.init("seen", .string(fault))) }
            outcomes.append(.object(outcome))
        }
        await invocation.console.endProgress()
        let answer = Answer(data: ["laws": .array(outcomes), "broken": .number(JSONNumber(broken))])
        let ink = invocation.console.ink
        let lines = outcomes.map { outcome in
            let seen = outcome["seen"]?.shown.map { ": \($0)" } ?? ""
            return (seen.isEmpty ? ink.green("✔ ") : ink.red("✖ ")) + outcome.text("law") + seen + "\n"
        }
        let summary = "\(laws.count - broken) of \(laws.count) laws are kept in \(place.words)\n"
        try await invocation.console.write(invocation.wantsJSON ? answer.document : lines.joined() + summary)
        if broken > 0 { throw CommandStatus.failed }
    }

    private static func laws(_ invocation: Invocation) throws -> [StoreLaw] {
        guard let text = invocation["--law"] else { return StoreLaws.all }
        let laws = StoreLaws.all.filter { $0.name.contains(text) }
        guard !laws.isEmpty else {
            throw UsageError("--law \(text): no law says so; without --law all are checked and listed")
        }
        return laws
    }

    /// Where laws are checked.
    private enum Place {
        case folder(String)
        case database(url: String, variable: String)

        var words: String {
            switch self {
            case .folder(let path): path
            case .database(_, let variable): "the database of \(variable)"
            }
        }
    }

    private static func place(_ invocation: Invocation) async throws -> Place {
        if let variable = invocation["--url-env"] {
            guard let url = invocation.environment.variables[variable], !url.isEmpty else {
                throw UsageError("--url-env \(variable): the environment has no \(variable); set it to postgresql://…")
            }
            let schemas = try ScratchSchemas(at: url)
            do throws(StoreError) {
                // Nothing is dropped: it tells whether there is a server that lets us.
                try await schemas.remove()
            } catch {
                throw CommandFailure(.failed, "the database of \(variable): \(error.detail)")
            }
            return .database(url: url, variable: variable)
        }
        guard case .sqlite(let place) = try await Door.find(invocation).store().place else {
            throw UsageError("the store is PostgreSQL: give --url-env NAME of a database where the laws may be checked")
        }
        let path = place.path
        return .folder(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
    }

    private static func check(_ law: StoreLaw, in place: Place) async -> String? {
        do {
            switch place {
            case .folder(let path):
                let fixture = try ScratchStores(beside: path)
                defer { fixture.remove() }
                try await law.check(fixture)
            case .database(let url, _):
                let fixture = try ScratchSchemas(at: url)
                do {
                    try await law.check(fixture)
                } catch {
                    try await fixture.remove()
                    throw error
                }
                try await fixture.remove()
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
