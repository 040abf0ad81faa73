import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// A PostgreSQL store whose connections end under it.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLOutageTests {
    private static let appends = ProcessInfo.processInfo.environment["SAGA_TEST_SIZE"] == "full" ? 400 : 120

    /// Ends every connection of the store's, as an administrator or a failing network does.
    @concurrent
    /// Ends the store's connections; `patience` is how many milliseconds it waits for each server process to be gone.
    private static func endConnections(of schema: ScratchSchema, patience: Int = 0) async throws {
        try schema.run(
            """
            SELECT pg_terminate_backend(pid, \(patience)) FROM pg_stat_activity
            WHERE application_name = '\(schema.name)' AND pid <> pg_backend_pid();
            """)
    }

    @Test func `what was answered is there and what was not is whole or not at all, whenever connections end`()
        async throws
    {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock)
        configuration.application = schema.name
        configuration.reconnectPause = .milliseconds(0)
        let store = try await PostgresStore.open(configuration)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["S-1"], under: lease).first)
        var sequence = 0
        var head = try #require(try await Self.row(store)).head
        var lost = 0
        for _ in 0..<Self.appends {
            let entries = StoreHand.entries(after: sequence, from: head, count: 2, at: clock.now())
            let append = Append(
                saga: claim.number, right: .claim(fence: claim.fence), entries: entries, disposition: .carryOn,
                standing: Standing(status: .running))
            // The moment at which the connections end differs from run to run, and none may matter.
            async let ending: Void = Self.endConnections(of: schema)
            do {
                let results = try await store.commit([.append(append)], under: lease)
                guard case .appended(true) = results.first else {
                    Issue.record("\(results)")
                    break
                }
                sequence += 2
                head = entries[1].link
            } catch {
                // Nobody knows: what is there decides, and it is all of the append or nothing of it.
                lost += 1
                let row = try #require(try await Self.row(store))
                #expect(row.sequence == sequence || row.sequence == sequence + 2)
                (sequence, head) = (row.sequence, row.head)
            }
            try await ending
        }
        let row = try #require(try await Self.row(store))
        #expect(row.sequence == sequence && row.head == head)
        let journal = try await Self.retrying {
            try await store.journal(of: try hand.id("S-1"), after: 0, limit: .max)
        }
        #expect(journal.count == sequence)
        #expect(sequence > 0, "nothing was written; \(lost) appends were lost")
        try await Self.sealAll(store)
        #expect(try await Self.retrying { try await store.verifyAudit().fault } == nil)
        await store.close()
        try schema.drop()
    }

    @Test func `connections that the server has ended while nobody used them cost no job its success`() async throws {
        let schema = ScratchSchema()
        var configuration = try schema.configuration()
        configuration.application = schema.name
        _ = try await PostgresStore.migrate(configuration)
        let tables = PostgresTableThreads(configuration)
        for round in 1...3 {
            for urgency in [StoreJobClass.webhooks, .sagas, .bulk] {
                try await tables.write(urgency) { connection in
                    _ = try connection.run("INSERT INTO meta VALUES (?, ?)", with: [.text("\(urgency) \(round)"), "1"])
                }
            }
            let count = try await tables.read { connection in
                try connection.firstRow("SELECT count(*) FROM meta WHERE value = ?", with: ["1"]) { $0.int64(0) }
            }
            #expect(count == Int64(3 * round))
            // A process leaves `pg_stat_activity` before it closes its connection, so it is waited for itself.
            try await Self.endConnections(of: schema, patience: 30_000)
        }
        await tables.close()
        try schema.drop()
    }

    @Test func `what the numbers of names meant on another server is forgotten`() async throws {
        // A standby that lagged gives a number to the next name, as its primary had given it to another one.
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        var configuration = try schema.configuration(clock: clock)
        configuration.application = schema.name
        configuration.reconnectPause = .milliseconds(0)
        let store = try await PostgresStore.open(configuration)
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let claim = try #require(try await hand.held(["S-1"], under: lease).first)
        _ = try await store.commit([.append(try await hand.append(to: "S-1", claim))], under: lease)
        let before = try await store.journal(of: try hand.id("S-1"), after: 0, limit: 1)
        let stage = try #require(before.first).stage
        try schema.run("UPDATE name SET text = 'another' WHERE text = '\(stage)'; UPDATE flow SET version = 7")
        try await Self.endConnections(of: schema)
        let after = try await Self.retrying {
            try await store.journal(of: try hand.id("S-1"), after: 0, limit: 1)
        }
        #expect(after.first?.stage == StageName(rawValue: "another"))
        #expect(try await Self.row(store)?.flow.version == 7)
        await store.close()
        try schema.drop()
    }

    @Test func `a commit is believed by what it wrote, since a number may be another transaction's by now`() throws {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        try schema.run("CREATE SCHEMA IF NOT EXISTS \(schema.name)")
        _ = try PostgresSchema.migrate(try PostgresSession.connect(configuration), in: schema.name)
        let link = PostgresLink(
            configuration, clock: PostgresClock(showing: Timestamp(milliseconds: 0)), entropy: SeededEntropy(seed: 1))
        let lost = try link.session()
        // Somebody else's, committed, under the number that ours had before the server died.
        let other = try PostgresSession.connect(configuration)
        let number = PostgresStatement("test_number", "SELECT pg_current_xact_id()::text::bigint")
        let transaction = try #require(try other.run(number).first).int64(0)
        let mark = TransactionMark(writer: lost.writer, turn: 7)
        #expect(try link.fate(of: transaction, mark, on: lost) == .aborted)
        #expect(try link.fate(of: transaction, nil, on: lost) == .unclear)
        let print = """
            INSERT INTO print(number, writer, turn, place, at, saga, print)
            VALUES (1, \(lost.writer), 7, 0, 0, NULL, '{}')
            """
        try schema.run(print)
        #expect(try link.fate(of: transaction, mark, on: lost) == .committed)
        link.close()
        try schema.drop()
    }

    @Test func `a server that vanished without a word is given up before long, or when the URL says`() throws {
        let url = try #require(ScratchSchema.url)
        func option(_ name: Int32, of url: String) throws -> Int32 {
            let connection = try PostgresConnection(url: url, application: "saga-runner tests")
            var (value, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            #expect(getsockopt(connection.socket, Int32(IPPROTO_TCP), name, &value, &length) == 0)
            return value
        }
        #expect(try option(TCP_KEEPIDLE, of: url) == 4)
        #expect(try option(TCP_KEEPINTVL, of: url) == 2)
        #expect(try option(TCP_KEEPCNT, of: url) == 3)
        #expect(try option(TCP_USER_TIMEOUT, of: url) == 10_000)
        let own = url + (url.contains("?") ? "&" : "?") + "keepalives_idle=7"
        #expect(try option(TCP_KEEPIDLE, of: own) == 7)
    }

    /// The store says that it is away for a moment when its connection has just ended.
    private static func retrying<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<100 {
            do {
                return try await body()
            } catch let error as StoreError where error.code == .unavailable {
                continue
            }
        }
        return try await body()
    }

    private static func row(_ store: PostgresStore) async throws -> SagaRow? {
        let id = try #require(SagaID(rawValue: "S-1"))
        return try await retrying { try await store.row(of: id) }
    }

    private static func sealAll(_ store: PostgresStore) async throws {
        while try await retrying({ try await store.seal() }) != nil {}
    }
}
