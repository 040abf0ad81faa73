internal import Adapters

/// `saga-runner demo`: everything at once, on this machine alone.
enum DemoCommand {
    static let command = Command.declared(
        "demo", .start, "Settles the bundled offering against the sandbox, faults and all",
        options: [
            .flag("--once", "end by itself once the books agree; it does so in any case until there is a console"),
            .value("--faults", "KIND", "all (every kind that needs no person), none, or a file of faults (all)"),
            .value("--seed", "N", "the seed of all chance, instead of the file's"),
            .value("--store", "KIND", "sqlite, or postgres: a schema of its own, gone afterwards (sqlite)"),
            .value("--url-env", "NAME", "the variable that holds the URL of the database for --store postgres"),
            .value("--runners", "N", "how many daemons share the database, 1 to 8; of several one is killed (1)"),
            .value("--offering", "DIR", "another offering: offering.json, investors.csv, subscriptions.csv"),
        ],
        details: """
            Starts the counterparties and a daemon as processes of its own on ports of loopback, settles the offering
            over HTTP, reads the counterparties' books back and compares the four. Then two lines of a small
            offering go wrong in ways that need a person, and the public commands find, explain and end them. Nothing
            is left behind; if the books differ, or something fails, the folder with logs and store is kept and named.
            scripts/demo --store postgres starts a server of its own.
            """,
        examples: [
            "saga-runner demo --once", "saga-runner demo --once --faults none --seed 7",
            "saga-runner demo --once --store postgres --url-env SAGA_DEMO_URL --runners 3",
        ]
    ) { invocation in
        if let seed = invocation["--seed"], UInt64(seed) == nil {
            throw UsageError("--seed must be a whole number from 0")
        }
        let faults: String? =
            switch invocation["--faults"] {
            case nil, "all"?: try DemoFiles.find(DemoFiles.faults)
            case "none"?: nil
            case let file?: file
            }
        try await refuseAbsent(invocation)
        let store = try store(invocation)
        let runners = try invocation.integer("--runners", in: 1...8) ?? 1
        if case .sqlite = store, runners > 1 {
            throw UsageError("--runners \(runners): SQLite has one daemon; several share --store postgres")
        }
        let demo = Demo(
            stage: DemoStage(console: invocation.console, wantsJSON: invocation.wantsJSON),
            offering: try invocation["--offering"] ?? DemoFiles.find(DemoFiles.offering), faults: faults,
            seed: invocation["--seed"], store: store, runners: runners)
        guard try await ended(demo) else {
            throw CommandFailure(.failed, "the books do not agree")
        }
    }

    private static func store(_ invocation: Invocation) throws -> DemoStore {
        switch invocation["--store"] {
        case nil, "sqlite"?: return .sqlite
        case "postgres"?:
            guard let variable = invocation["--url-env"], let url = invocation.environment.variables[variable] else {
                throw UsageError("--store postgres needs --url-env NAME, a variable that holds postgresql://…")
            }
            return try .postgres(at: url)
        case let other?:
            let hint = Suggestion.hint(for: other, among: ["sqlite", "postgres"])
            throw UsageError("--store \(other): there are sqlite and postgres\(hint)")
        }
    }

    /// Whatever is named must be there before anything is started.
    private static func refuseAbsent(_ invocation: Invocation) async throws {
        if let faults = invocation["--faults"], !["all", "none"].contains(faults) {
            guard await canBeRead(faults) else {
                let hint = Suggestion.hint(for: faults, among: ["all", "none"])
                throw UsageError("--faults \(faults): it is neither all nor none, nor a file that can be read\(hint)")
            }
        }
        if let offering = invocation["--offering"] {
            guard await canBeRead(offering + "/offering.json") else {
                throw UsageError("--offering \(offering): there is no offering.json in that folder")
            }
        }
    }

    private static func canBeRead(_ path: String) async -> Bool {
        do {
            _ = try await FileReader(path: path).next()
            return true
        } catch {
            return false
        }
    }

    /// Runs the demo; a signal ends it early, and it ends its processes before itself.
    private static func ended(_ demo: Demo) async throws -> Bool {
        let stop = StopSignals.first()
        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask { try await demo.run() }
            group.addTask {
                for await _ in stop { return nil }
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            guard let first else {
                while try await group.next() != nil {}
                throw CommandFailure(.failed, "stopped by a signal")
            }
            return first
        }
    }
}
