import Foundation
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@testable import Adapters

/// Two processes at one offering, one of them in the middle of a transaction.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized, .timeLimit(.minutes(2)))
struct PostgreSQLOfferingRivalsTests {
    private static func draft(_ id: String = "SG-1") throws -> OfferingDraft {
        var draft = try OfferingDraft(id: id, offered: 5)
        try draft.log("S1", "A", at: 1, .apply, 3)
        try draft.log("S2", "B", at: 2, .apply, 4)
        return draft
    }

    private static func count(_ query: String, in tables: any TableExecutor) async throws -> Int64 {
        try await tables.read { connection in try connection.firstRow(query) { $0.int64(0) } ?? -1 }
    }

    @Test func `a seal beside another is refused as busy at once, and takes nothing away`() async throws {
        try await TableKind.postgreSQL.useTwice { one, other in
            let draft = try Self.draft()
            _ = try await OfferingTables(on: one).loadWhole(draft)
            let stop = ThreadStop()
            let halting = HaltingTables(one) { _ in stop.stand() }
            async let first = OfferingTables(on: halting).seal(draft.offering, investors: .optional)
            // Also when the test fails meanwhile.
            defer { stop.open() }
            await stop.reached()
            await #expect(throws: OfferingBookError.busy(draft.offering.id)) {
                try await OfferingTables(on: other).seal(draft.offering, investors: .optional)
            }
            stop.open()
            let input = try await first
            #expect(try await OfferingTables(on: other).seal(draft.offering, investors: .optional) == input)
            _ = try await OfferingTables(on: other).allot(draft.offering.id, input: input)
        }
    }

    @Test func `of two files of one part that are finished at once the later one counts alone`() async throws {
        try await TableKind.postgreSQL.useTwice { one, other in
            let draft = try Self.draft()
            _ = try await OfferingTables(on: one).loadWhole(draft)
            let stop = ThreadStop()
            // The third job of a load is its end.
            let halting = HaltingTables(one) { if $0 == 3 { stop.stand() } }
            async let first = OfferingTables(on: halting).loadWhole(draft)
            // Also when the test fails meanwhile.
            defer { stop.open() }
            await stop.reached()
            var later = draft
            try later.log("S3", "C", at: 3, .apply, 1)
            let last = later
            let backend = try await other.write(.bulk) { connection in
                try connection.firstRow("SELECT pg_backend_pid()::bigint") { $0.int64(0) }
            }
            async let second = OfferingTables(on: other).loadWhole(last)
            try await Self.waitForLock(of: try #require(backend))
            stop.open()
            _ = try await (first, second)
            #expect(try await Self.count("SELECT count(*) FROM offering_load WHERE state = 'current'", in: one) == 1)
            let input = try await OfferingTables(on: one).seal(draft.offering, investors: .optional)
            #expect(try await OfferingTables(on: one).allot(draft.offering.id, input: input).investors == 3)
        }
    }

    @Test func `two that tidy at once leave no row behind`() async throws {
        try await TableKind.postgreSQL.useTwice { one, other in
            // More rows than one job removes.
            _ = try await one.write(.bulk) { connection in
                try connection.execute(
                    """
                    INSERT INTO offering_load(offering_id, part, state) VALUES('SG-1', 'subscriptions', 'dropped');
                    INSERT INTO offering_event SELECT (1::bigint << 36) | line, 'S', 'A', 1, 0, 1
                        FROM generate_series(1, 10050) AS line;
                    """)
            }
            let stop = ThreadStop()
            // The first job gives loads up, the second removes a page.
            let halting = HaltingTables(one) { if $0 == 2 { stop.stand() } }
            async let first: Void = OfferingTables(on: halting).tidy()
            // Also when the test fails meanwhile.
            defer { stop.open() }
            await stop.reached()
            try await OfferingTables(on: other).tidy()
            #expect(try await Self.count("SELECT count(*) FROM offering_load", in: other) == 1)
            stop.open()
            try await first
            #expect(try await Self.count("SELECT count(*) FROM offering_event", in: other) == 0)
            #expect(try await Self.count("SELECT count(*) FROM offering_load", in: other) == 0)
        }
    }

    @Test func `a load whose page is being written is not given up, however long that takes`() async throws {
        try await TableKind.postgreSQL.useTwice { one, other in
            let clock = SimulatedClock()
            let stop = ThreadStop()
            let halting = HaltingTables(one) { if $0 == 2 { stop.stand() } }
            let draft = try Self.draft()
            async let loaded = OfferingTables(on: halting, clock: clock, owner: "one").loadWhole(draft)
            // Also when the test fails meanwhile.
            defer { stop.open() }
            await stop.reached()
            clock.advance(by: .hours(1))
            try await OfferingTables(on: other, clock: clock, owner: "other").tidy()
            stop.open()
            #expect(try await loaded.rows == 2)
        }
    }

    @Test func `of two that take a lease at once one has it`() async throws {
        try await TableKind.postgreSQL.useTwice { one, other in
            let clock = SimulatedClock()
            let stop = ThreadStop()
            let halting = HaltingTables(one) { _ in stop.stand() }
            let lease = { @Sendable (tables: any TableExecutor, holder: String) in
                ServiceLease("outbox", holder: holder, length: .seconds(30), in: tables, clock: clock)
            }
            async let mine = lease(halting, "one").take()
            // Also when the test fails meanwhile.
            defer { stop.open() }
            await stop.reached()
            let backend = try await other.write(.sagas) { connection in
                try connection.firstRow("SELECT pg_backend_pid()::bigint") { $0.int64(0) }
            }
            async let theirs = lease(other, "other").take()
            try await Self.waitForLock(of: try #require(backend))
            stop.open()
            #expect(try await mine?.number == 1)
            #expect(try await theirs == nil)
        }
    }

    /// Returns once a connection waits for what another transaction holds.
    private static func waitForLock(of backend: Int64) async throws {
        let connection = try PostgresConnection(
            url: try #require(ScratchSchema.url), application: "saga-runner tests")
        let statement = PostgresStatement(
            "waits", "SELECT count(*) FROM pg_stat_activity WHERE pid = $1::bigint AND wait_event_type = 'Lock'")
        while try connection.run(statement, .bigint(backend)).first?.int64(0) != 1 { await Task.yield() }
    }
}

/// A place where a thread stands still until a test lets it go on.
private final class ThreadStop: Sendable {
    private struct State {
        var isReached = false
        var watching: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())
    private let gate = DispatchSemaphore(value: 0)

    /// Stands still.
    func stand() {
        state.withLock { state in
            state.isReached = true
            state.watching?.resume()
            state.watching = nil
        }
        gate.wait()
        // Whoever comes after it was opened passes.
        gate.signal()
    }

    /// Returns once a thread stands here.
    func reached() async {
        await withCheckedContinuation { watcher in
            state.withLock { state in
                if state.isReached { watcher.resume() } else { state.watching = watcher }
            }
        }
    }

    /// Lets the thread go on.
    func open() { gate.signal() }
}

extension OfferingTables {
    /// Loads a draft's log as one page.
    fileprivate func loadWhole(_ draft: OfferingDraft) async throws -> LoadedPart {
        let load = try await beginLoad(of: draft.offering.id, part: .subscriptions)
        try await add(draft.events, to: load)
        return try await finish(load)
    }
}
