import Foundation
import RunnerTheatre
import SagaEngine

/// Settles one offering with real daemons and the counterparties as processes, over loopback.
struct SettlementRun {
    private static let interval = Duration.milliseconds(500)
    private static let looksToALine = 20
    /// How long loading, sealing or showing an offering may take.
    private static let requestLimit = Duration.seconds(600)

    let investors: Int
    let plan: SettlementPlan

    /// How long a stretch may pass without anything's moving; reading all books back at the close is one.
    private var patience: Duration { .seconds(60 + investors / 500) }

    func run() async throws -> SettlementFigures {
        var options = Theatre.Options(program: plan.program, seed: 20_260_318)
        options.faults = false
        options.parent = plan.directory
        options.completion = plan.completion
        let (limits, inFlight) = (plan.limits, plan.inFlight)
        options.configuration = { sandbox, database, _ in
            let store = #"{"path": "\#(database)", "anchor": "anchor"}"#
            return limits.configuration(
                of: CounterpartyLimits.Daemon(sandbox: sandbox, store: store, inFlight: inFlight))
        }
        let theatre = try Theatre(options)
        do {
            let figures = try await settle(in: theatre)
            try await theatre.strike(keeping: false)
            return figures
        } catch {
            try await theatre.strike(keeping: !Interruption.hasCome)
            throw error
        }
    }

    private func settle(in theatre: Theatre) async throws -> SettlementFigures {
        let offering = try await theatre.offerings(0...0, investors: investors)[0]
        try await theatre.startSandbox([offering], faults: #"{"seed":1,"rules":[]}"#)
        let group: any RunnerGroup
        switch plan.place {
        case .sqlite: group = SQLiteRunner(theatre)
        case .postgres(let url):
            group = try await PostgresRunners(
                theatre, url: url, count: plan.runners, limits: plan.limits, inFlight: plan.inFlight)
        }
        do {
            let figures = try await settle(offering, by: group, in: theatre)
            try await group.strike()
            return figures
        } catch {
            try await group.strike()
            throw error
        }
    }

    private func settle(
        _ offering: MadeUpOffering, by group: any RunnerGroup, in theatre: Theatre
    ) async throws -> SettlementFigures {
        let api = try await group.start()
        guard let sandbox = theatre.sandbox else { throw BenchFailure("no counterparties run") }
        let before = (try group.processes.map(Self.usage), try Self.usage(sandbox), try group.usage())
        Console.say(
            "\(investors) investors: loading; daemons \(group.processes.map(\.identifier)), "
                + "counterparties \(sandbox.identifier)")
        let began = ContinuousClock.now
        guard try await api.settle(offering, timeout: Self.requestLimit) == 201 else {
            throw BenchFailure("the offering existed before")
        }
        let loading = ContinuousClock.now - began
        try await watch(offering, group, sandbox)
        let after = (try group.processes.map(Self.usage), try Self.usage(sandbox), try group.usage())
        guard let end = try await api.detail(of: offering.id, timeout: Self.requestLimit) else {
            throw BenchFailure("no answer")
        }
        var faults = try SettlementEnd(end, offering, theatre.tail.read()).faults
        // What each connection has read is counted for good when it closes.
        faults += try await group.drain()
        var database = after.2.since(before.2)
        database.rowsRead = try group.usage().since(before.2).rowsRead
        try await theatre.stopSandbox()
        let stages = try await group.stages()
        guard stages > 0 else { throw BenchFailure("no stage is durable") }
        return SettlementFigures(
            investors: investors, stages: stages, seconds: try SettlementEnd.seconds(of: end),
            loadingSeconds: loading / .seconds(1), peakMemory: after.0.map(\.peakMemory),
            sandboxPeakMemory: after.1.peakMemory,
            processor: zip(after.0, before.0).reduce(0) { $0 + $1.0.processor - $1.1.processor },
            sandboxProcessor: after.1.processor - before.1.processor, database: database,
            databaseBytes: try await group.size(), faults: faults)
    }

    private static func usage(_ child: ChildProcess) throws -> ProcessUsage { try ProcessUsage(of: child.identifier) }

    /// Waits for the end, and says now and then how far it is.
    private func watch(
        _ offering: MadeUpOffering, _ group: any RunnerGroup, _ sandbox: ChildProcess
    ) async throws {
        var (looks, last, moved) = (0, "", ContinuousClock.now)
        while true {
            try Interruption.check()
            for process in group.processes + [sandbox] where !process.isRunning {
                throw BenchFailure("\(process.name) has ended by itself: \(try process.said())")
            }
            let look = try await group.look(at: offering)
            if look.hasEnded { return }
            if look.progress != last { (last, moved) = (look.progress, .now) }
            if looks % Self.looksToALine == 0 { Console.say("  \(offering.id): \(look.progress)") }
            guard ContinuousClock.now - moved < patience else {
                throw BenchFailure("nothing has moved for \(patience): \(look.progress)")
            }
            looks += 1
            try await Task.sleep(for: Self.interval)
        }
    }
}
