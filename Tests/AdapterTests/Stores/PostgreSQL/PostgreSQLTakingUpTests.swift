import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Sagas that are taken up again: what is read back, and what is remembered instead.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLTakingUpTests {
    private struct Stage {
        let schema: ScratchSchema
        let one: PostgresStore
        let other: PostgresStore
        let lease: Lease
        let otherLease: Lease

        let hand: StoreHand

        /// Has a saga's holder write entries and let go of it.
        func write(_ count: Int, _ claim: Claim, by store: PostgresStore, under lease: Lease) async throws {
            let append = try await hand.append(to: "S-1", claim, count: count, .release)
            _ = try await store.commit([.append(append)], under: lease)
        }

        func claim(by store: PostgresStore, under lease: Lease) async throws -> Claim {
            let request = ClaimRequest(limit: 1, flows: [StoreHand.flow])
            guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
                throw LawBroken("no claims")
            }
            return try #require(claims.first)
        }

        /// Claims the saga and reads it back.
        func load(by store: PostgresStore, under lease: Lease) async throws -> LoadedSaga {
            let claim = try await claim(by: store, under: lease)
            return try #require(try await store.load([claim]).first)
        }

        /// What the database holds, read by somebody who remembers nothing.
        func journal() async throws -> [JournalEntry] {
            try await other.journal(of: try hand.id("S-1"), after: 0, limit: .max)
        }

        /// Changes what only grows, as no program may.
        func forge(_ script: String) throws {
            try schema.run("ALTER TABLE journal DISABLE TRIGGER journal_only_grows; " + script)
        }
    }

    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        try await ScratchSchema.withRivals { one, other, clock, schema in
            let hand = StoreHand(store: one, clock: clock)
            try await body(
                Stage(
                    schema: schema, one: one, other: other, lease: try await hand.lease("r1"),
                    otherLease: try await hand.lease("r2"), hand: hand))
        }
    }

    @Test func `a journal that this process has read and written is not read back`() async throws {
        try await withStage { stage in
            let claim = try #require(try await stage.hand.held(["S-1"], under: stage.lease).first)
            #expect(try await stage.one.load([claim]).first?.journal == [])
            try await stage.write(3, claim, by: stage.one, under: stage.lease)
            let written = try await stage.journal()
            // If it were read, this would be seen.
            try stage.forge("UPDATE journal SET body = 'forged'")
            let loaded = try await stage.load(by: stage.one, under: stage.lease)
            #expect(loaded.journal == written)
            #expect(loaded.row.sequence == 3)
        }
    }

    @Test func `what another runner has added is read`() async throws {
        try await withStage { stage in
            let claim = try #require(try await stage.hand.held(["S-1"], under: stage.lease).first)
            _ = try await stage.one.load([claim])
            try await stage.write(2, claim, by: stage.one, under: stage.lease)
            let theirs = try await stage.load(by: stage.other, under: stage.otherLease)
            #expect(theirs.journal.count == 2)
            try await stage.write(1, theirs.claim, by: stage.other, under: stage.otherLease)
            let back = try await stage.load(by: stage.one, under: stage.lease)
            #expect(back.journal.count == 3)
            #expect(back.journal == (try await stage.journal()))
            try await stage.write(1, back.claim, by: stage.one, under: stage.lease)
            let again = try await stage.load(by: stage.other, under: stage.otherLease)
            #expect(again.journal == (try await stage.journal()))
        }
    }

    @Test func `another history of the same length is not taken for the one that is remembered`() async throws {
        try await withStage { stage in
            let claim = try #require(try await stage.hand.held(["S-1"], under: stage.lease).first)
            let genesis = try #require(try await stage.one.load([claim]).first?.row.head)
            try await stage.write(2, claim, by: stage.one, under: stage.lease)
            let first = try await stage.journal()
            // The database is as it was before, and goes on in another way.
            let head = Hex.encode(genesis.bytes)
            try stage.forge("DELETE FROM journal; UPDATE progress SET sequence = 0, head = '\\x\(head)'")
            stage.hand.clock.advance(by: .seconds(1))
            let theirs = try await stage.load(by: stage.other, under: stage.otherLease)
            #expect(theirs.journal.isEmpty)
            try await stage.write(2, theirs.claim, by: stage.other, under: stage.otherLease)
            let second = try await stage.journal()
            #expect(second.count == 2 && second != first)
            #expect(try await stage.load(by: stage.one, under: stage.lease).journal == second)
        }
    }

    @Test func `claims that are lost are left out beside one of the same saga that holds`() async throws {
        try await withStage { stage in
            let old = try #require(try await stage.hand.held(["S-1"], under: stage.lease).first)
            _ = try await stage.one.load([old])
            try await stage.write(1, old, by: stage.one, under: stage.lease)
            let new = try await stage.claim(by: stage.one, under: stage.lease)
            #expect(try await stage.one.load([old, new, old]).map(\.claim) == [new])
            #expect(try await stage.one.load([old]).isEmpty)
        }
    }
}
