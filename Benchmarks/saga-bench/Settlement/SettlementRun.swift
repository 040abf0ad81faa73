import Foundation
import RunnerTheatre
import SagaEngine

/// Settles one offering with the real daemon in one process and the counterparties in another, over loopback.
struct SettlementRun {
    /// How long a stretch may pass without anything's moving.
    private static let patience = Duration.seconds(60)
    private static let interval = Duration.milliseconds(500)
    private static let looksToALine = 10

    let investors: Int
    let program: String
    let directory: String
    let limits: CounterpartyLimits
    /// How long the custodian takes over an order, in milliseconds; an account's orders go one after the other.
    let completion: Int

    func run() async throws -> SettlementFigures {
        var options = Theatre.Options(program: program, seed: 20_260_318)
        options.faults = false
        options.parent = directory
        options.completion = completion
        let limits = limits
        options.configuration = { sandbox, database, _ in
            limits.configuration(sandbox: sandbox, database: database)
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
        try await theatre.startDaemon()
        guard let daemon = theatre.daemon, let sandbox = theatre.sandbox else { throw BenchFailure("nothing runs") }
        let (daemonBefore, sandboxBefore) = (
            try ProcessUsage(of: daemon.identifier), try ProcessUsage(of: sandbox.identifier)
        )
        Console.say("\(investors) investors: loading; daemon \(daemon.identifier), sandbox \(sandbox.identifier)")
        let began = ContinuousClock.now
        guard try await theatre.api.settle(offering) == 201 else { throw BenchFailure("the offering existed before") }
        let loading = ContinuousClock.now - began
        let end = try await watch(offering, in: theatre)
        let (daemonAfter, sandboxAfter) = (
            try ProcessUsage(of: daemon.identifier), try ProcessUsage(of: sandbox.identifier)
        )
        var faults = Self.faults(of: end, offering, try theatre.tail.read())
        let status = try await theatre.drainDaemon()
        if status != 0 { faults.append("SIGTERM ended the daemon with \(status): \(try daemon.said())") }
        try await theatre.stopSandbox()
        return SettlementFigures(
            investors: investors, stages: try Self.stages(in: theatre.database), seconds: try Self.seconds(of: end),
            loadingSeconds: loading / .seconds(1), peakMemory: daemonAfter.peakMemory,
            sandboxPeakMemory: sandboxAfter.peakMemory, processor: daemonAfter.processor - daemonBefore.processor,
            sandboxProcessor: sandboxAfter.processor - sandboxBefore.processor,
            databaseBytes: try await BenchStore.size(at: .sqlite(path: theatre.database)), faults: faults)
    }

    /// Waits for the end, and says now and then how far it is.
    private func watch(_ offering: MadeUpOffering, in theatre: Theatre) async throws -> JSONValue {
        var (looks, last, moved) = (0, "", ContinuousClock.now)
        while true {
            try Interruption.check()
            guard theatre.daemon?.isRunning == true, theatre.sandbox?.isRunning == true else {
                throw BenchFailure("the daemon or the sandbox has ended by itself: \(try theatre.daemon?.said() ?? "")")
            }
            guard let seen = try await theatre.api.detail(of: offering.id) else { throw BenchFailure("no answer") }
            let counts = (seen["census"]?["counts"] ?? .null).text()
            let status = seen["status"]?.stringValue ?? "?"
            if SagaStatus(rawValue: status)?.isTerminal == true { return seen }
            if counts != last { (last, moved) = (counts, .now) }
            if looks % Self.looksToALine == 0 { Console.say("  \(offering.id) is \(status): \(counts)") }
            guard ContinuousClock.now - moved < Self.patience else {
                throw BenchFailure(
                    "nothing has moved for \(Self.patience): \(counts) "
                        + "\((seen["stuck_children"] ?? .null).text().prefix(2_000))")
            }
            looks += 1
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Holds the end against the allotment, as the stand-alone command made it, and the counterparties' journals.
    private static func faults(
        of end: JSONValue, _ offering: MadeUpOffering, _ done: CounterpartyTail.Count
    ) -> [String] {
        var faults: [String] = []
        func expect(_ what: String, _ actual: Int?, _ expected: Int) {
            if actual != expected { faults.append("\(what): \(actual.map(String.init) ?? "nothing"), not \(expected)") }
        }
        let output = end["output"]
        if end["status"]?.stringValue != "completed" { faults.append("it is \(end["status"]?.stringValue ?? "?")") }
        if output?["outcome"]?.stringValue != "settled" {
            faults.append("its outcome is \(output?["outcome"]?.stringValue ?? "unknown")")
        }
        expect("lines", output?["lines"]?.integerValue.map { Int($0) }, offering.lines.count)
        expect("transfers at the custodian", done.transfers, offering.lines.count { $0.payable > 0 })
        expect("deliveries at the custodian", done.deliveries, offering.lines.count { $0.units > 0 })
        expect("mints", done.mints, 1)
        let figures = output?["figures"]?.arrayValue ?? []
        if figures.isEmpty { faults.append("no book was compared") }
        for figure in figures where figure["expected"]?.text() != figure["actual"]?.text() {
            faults.append("a book differs: \(figure.text())")
        }
        return faults
    }

    private static func seconds(of end: JSONValue) throws -> Double {
        guard let began = end["created_at"]?.stringValue.flatMap({ Timestamp(rfc3339: $0) }),
            let ended = end["updated_at"]?.stringValue.flatMap({ Timestamp(rfc3339: $0) })
        else { throw BenchFailure("the saga tells no times") }
        return Double((ended - began).milliseconds) / 1_000
    }

    /// Receipts, notices and postings, as the other benchmarks count them.
    private static func stages(in database: String) throws -> Int {
        let kinds = [EntryKind.receipt, .notice, .posted].map { "\($0.rawValue)" }.joined(separator: ", ")
        let rows = try RawDatabase(path: database).rows("SELECT count(*) FROM journal WHERE kind IN (\(kinds))")
        guard let count = rows.first?.first.flatMap({ Int($0) }), count > 0 else {
            throw BenchFailure("no stage is durable")
        }
        return count
    }
}
