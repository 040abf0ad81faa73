import Adapters
import Foundation
import RunnerTheatre
import SagaEngine

/// What a claim takes in an empty store, in a full one, and in a full one while another session holds an old snapshot.
struct ClaimsCommand {
    static let options =
        ["finished", "waiting", "sagas", "batch", "rounds", "runs", "reuse"] + BenchPlace.options

    let finished: Int
    let waiting: Int
    let sagas: Int
    let batch: Int
    let rounds: Int
    let runs: Int
    let reuses: Bool
    let place: BenchPlace

    init(_ options: BenchOptions) throws {
        finished = try options.number("finished", default: 5_000_000, least: 0)
        waiting = try options.number("waiting", default: 1_000_000, least: 0)
        sagas = try options.number("sagas", default: 10_000)
        batch = try options.number("batch", default: 32)
        rounds = try options.number("rounds", default: 5_000)
        runs = try options.number("runs", default: 3)
        switch options.text("reuse", default: "no") {
        case "no": reuses = false
        case "yes": reuses = true
        default: throw BenchFailure("--reuse yes|no")
        }
        place = try BenchPlace(options)
    }

    func run() async throws {
        Report.line(
            "claims: \(runs) runs of \(rounds) claims of up to \(batch) among \(sagas) sagas that are claimed, sleep, "
                + "wake and are claimed again; load \(Machine.load())")
        switch place {
        case .postgres(let url): try await measurePostgres(url)
        case .sqlite(let path): try await measureSQLite(path)
        }
        Report.line("  load \(Machine.load())")
    }

    // MARK: - PostgreSQL

    private func measurePostgres(_ url: String) async throws {
        let small = try await openPostgres(url, schema: "saga_bench_empty", makesNew: true)
        let large = try await openPostgres(url, schema: "saga_bench_full", makesNew: !reuses)
        let (few, many) = (try await churn(in: small), try await churn(in: large))
        let load = try PostgresClaimLoad(url: url, schema: "saga_bench_full")
        let began = Machine.nanoseconds()
        try load.fill(finished: finished, waiting: waiting)
        let counts = try load.counts()
        Report.line(
            "  loaded in \(Text.decimal(Double(Machine.nanoseconds() - began) / 1e9, 0)) s: \(counts.finished) "
                + "finished and \(counts.waiting) waiting sagas, two journal entries each, a notice for each finished one"
        )
        var (empty, full, held) = (ClaimFigures(), ClaimFigures(), ClaimFigures())
        for _ in 0..<runs {
            empty.add(try await attended(small) { try await few.run(rounds: rounds) })
            try load.settle()
            full.add(try await attended(large) { try await many.run(rounds: rounds) })
            try load.settle()
            let snapshot = try RawServer(url: url)
            try snapshot.rows("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class")
            held.add(try await attended(large) { try await many.run(rounds: rounds) })
            // What the snapshot saw is needed no longer than this.
            try snapshot.rows("COMMIT")
            Report.line("  while a snapshot was held, \(try load.standing())")
        }
        await small.close()
        await large.close()
        empty.report("empty")
        full.report("full")
        held.report("full, with an old snapshot")
        judge(empty, [("full", full), ("full, with an old snapshot", held)])
    }

    private func openPostgres(_ url: String, schema: String, makesNew: Bool) async throws -> PostgresStore {
        let configuration = PostgresStoreConfiguration(
            url: url, schema: schema, digest: SHA256Digest(), application: "saga-bench")
        if makesNew { try await PostgresStore.drop(configuration) }
        return try await PostgresStore.open(configuration)
    }

    /// Runs a job while the store is attended to, as a daemon has it.
    private func attended<Value>(_ store: PostgresStore, _ job: () async throws -> Value) async throws -> Value {
        let attendant = Task { await store.attend {} }
        defer { attendant.cancel() }
        return try await job()
    }

    // MARK: - SQLite

    private func measureSQLite(_ path: String) async throws {
        let small = try await openSQLite(path + ".empty", makesNew: true)
        var empty = ClaimFigures()
        let few = try await churn(in: small)
        for _ in 0..<runs { empty.add(try await few.run(rounds: rounds)) }
        await small.close()
        let first = try await openSQLite(path, makesNew: !reuses)
        _ = try await churn(in: first)
        await first.close()
        if !reuses { try SQLiteClaimLoad(path: path).fill(finished: finished, waiting: waiting) }
        let opens = try await openings(of: path)
        Report.line(
            "  a store with \(finished) finished and \(waiting) waiting sagas opens in "
                + "\(opens.map { Text.decimal($0, 2) }.joined(separator: ", ")) s")
        let large = try await openSQLite(path, makesNew: false)
        let many = try await churn(in: large)
        var (full, held) = (ClaimFigures(), ClaimFigures())
        for _ in 0..<runs {
            full.add(try await many.run(rounds: rounds))
            let snapshot = try RawDatabase(path: path)
            try snapshot.execute("BEGIN")
            _ = try snapshot.rows("SELECT count(*) FROM flow")
            held.add(try await many.run(rounds: rounds))
            try snapshot.execute("COMMIT")
        }
        await large.close()
        empty.report("empty")
        full.report("full")
        held.report("full, with an old snapshot")
        judge(empty, [("full", full), ("full, with an old snapshot", held)])
    }

    private func openings(of path: String) async throws -> [Double] {
        var seconds: [Double] = []
        for _ in 0..<runs {
            let began = Machine.nanoseconds()
            let store = try await openSQLite(path, makesNew: false)
            seconds.append(Double(Machine.nanoseconds() - began) / 1e9)
            await store.close()
        }
        return seconds
    }

    private func openSQLite(_ path: String, makesNew: Bool) async throws -> SQLiteStore {
        if makesNew {
            for suffix in ["", "-wal", "-shm", ".lock"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
        }
        return try await SQLiteStore.open(
            SQLiteStoreConfiguration(path: path, clock: SystemClock(), digest: SHA256Digest()))
    }

    // MARK: - Both

    private func churn(in store: any ServiceStore) async throws -> ClaimChurn {
        try await ClaimChurn(in: store, sagas: sagas, batch: batch)
    }

    /// The target: at most the larger of 5 ms and three times what it takes in an empty store.
    private func judge(_ empty: ClaimFigures, _ cases: [(name: String, figures: ClaimFigures)]) {
        let limit = max(5, 3 * empty.claim(0.99))
        for (name, figures) in cases {
            let verdict = figures.claim(0.99) <= limit ? "reached" : "missed"
            Report.line("  \(name): the target of p99 \(Text.decimal(limit, 2)) ms is \(verdict)")
        }
    }
}
