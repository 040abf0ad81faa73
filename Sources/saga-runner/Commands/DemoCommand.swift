internal import Adapters

/// `saga-runner demo`: everything at once, on this machine alone.
enum DemoCommand {
    static let command = Command.declared(
        "demo", .start, "Settles the bundled offering against the sandbox, faults and all",
        options: [
            .flag("--once", "end by itself once the books agree; it does so in any case until there is a console"),
            .value("--faults", "KIND", "all (every kind that needs no person), none, or a file of faults (all)"),
            .value("--seed", "N", "the seed of all chance, instead of the file's"),
            .value("--offering", "DIR", "another offering: offering.json, investors.csv, subscriptions.csv"),
        ],
        details: """
            Starts the counterparties and a daemon as processes of its own on ports of loopback, settles the offering
            over HTTP on SQLite, reads the counterparties' books back and compares the four. Then two lines of a small
            offering go wrong in ways that need a person, and the public commands find, explain and end them. Nothing
            is left behind; if the books differ, or something fails, the folder with logs and store is kept and named.
            """,
        examples: ["saga-runner demo --once", "saga-runner demo --once --faults none --seed 7"]
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
        let demo = Demo(
            stage: DemoStage(console: invocation.console, wantsJSON: invocation.wantsJSON),
            offering: try invocation["--offering"] ?? DemoFiles.find(DemoFiles.offering), faults: faults,
            seed: invocation["--seed"])
        guard try await ended(demo) else {
            throw CommandFailure(.failed, "the books do not agree")
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
