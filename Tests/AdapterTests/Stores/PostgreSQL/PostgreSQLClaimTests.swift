import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Where claims begin, what they pass over, and leases that are over.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLClaimTests {
    private struct Stage {
        let schema: ScratchSchema
        let clock: SimulatedClock
        let store: PostgresStore

        var hand: StoreHand { StoreHand(store: store, clock: clock) }

        func claim(_ limit: Int = 100, under lease: Lease) async throws -> [SagaNumber] {
            let request = ClaimRequest(limit: limit, flows: [StoreHand.flow])
            guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
                throw LawBroken("no claims")
            }
            return claims.map(\.number)
        }

        func connection() throws -> PostgresConnection {
            let connection = try PostgresConnection(url: try #require(ScratchSchema.url), application: "beside")
            try connection.execute("SET search_path = \(schema.name)")
            return connection
        }

        func number(_ sql: String) throws -> Int64? {
            try connection().run(PostgresStatement("asked", sql)).first?.optionalInt64(0)
        }
    }

    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await PostgresStore.open(try schema.configuration(clock: clock))
        do {
            try await body(Stage(schema: schema, clock: clock, store: store))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        try schema.drop()
    }

    @Test(
        arguments: ["ready = {then} << 20, wake = NULL", "ready = NULL, wake = {then}"], [Span.seconds(1), .hours(700)])
    func `what was left below the place where claims begin is found by a look`(change: String, ago: Span) async throws {
        try await withStage { stage in
            let lease = try await stage.hand.lease(for: .hours(2_000))
            _ = try await stage.hand.held(["S-1", "S-2"], under: lease)
            stage.clock.advance(by: .hours(1_000))
            #expect(try await stage.claim(under: lease).isEmpty)
            let moment = stage.clock.now() + Span(milliseconds: -ago.milliseconds)
            let place = change.replacing("{then}", with: "\(moment.milliseconds)::bigint")
            try stage.schema.run("UPDATE progress SET holder = NULL, sleep = 0, \(place) WHERE number = 1")
            #expect(try await stage.claim(under: lease).isEmpty, "claims do not begin where they might")
            #expect(try await stage.store.nextWake(for: [StoreHand.flow]) == lease.expires)
            var look = ClaimLook()
            let connection = try stage.connection()
            #expect(try look.look(on: connection, for: stage.store.link.floors, at: stage.clock.now()))
            #expect(try await stage.store.nextWake(for: [StoreHand.flow]) == stage.clock.now())
            #expect(try await stage.claim(under: lease) == [1])
            #expect(try !look.look(on: connection, for: stage.store.link.floors, at: stage.clock.now()))
        }
    }

    @Test func `a floor is believed only while somebody looks below it`() {
        let now = Timestamp(milliseconds: 1_000_000)
        let (floors, forgotten) = (ClaimFloors(), ClaimFloors(trustTime: 0))
        for floors in [floors, forgotten] {
            #expect(floors.begin([1], at: now) == [ClaimFloors.bottom])
            floors.claimed([1], from: [ClaimFloors.bottom], upTo: nil, at: now)
        }
        #expect(floors.begin([1, 2], at: now) == [ReadyPlace.first(at: Timestamp(milliseconds: 999_900)), .min])
        #expect(forgotten.begin([1, 2], at: now) == [.min, .min])
    }

    @Test func `a floor follows what was claimed, the clock and what is written`() {
        func place(_ milliseconds: Int64) -> Int64 { ReadyPlace.first(at: Timestamp(milliseconds: milliseconds)) }
        let now = Timestamp(milliseconds: 1_000_000)
        let floors = ClaimFloors()
        floors.claimed([1], from: [.min], upTo: place(500_000) + 7, at: now)
        #expect(floors.begin([1], at: now) == [place(499_900)], "where the last claim has stopped")
        floors.claimed([1], from: [place(499_900)], upTo: nil, at: now)
        #expect(floors.begin([1], at: Timestamp(milliseconds: 3_000)) == [place(2_900)], "the clock was set back")
        floors.lower([1: place(700)])
        floors.claimed([1], from: [place(2_900)], upTo: nil, at: now)
        #expect(floors.begin([1], at: now) == [place(700)], "what came while a claim was made")
        floors.claimed([1], from: [place(700)], upTo: nil, at: now)
        floors.lower(to: place(600))
        #expect(floors.begin([1], at: now) == [place(600)])
    }

    @Test func `what a lease holds is looked for from a fence on that was the last for long`() {
        var floors = HeldFloors()
        func look(_ leases: [(epoch: Int64, holds: Bool)], last: Int64, at moment: Int64) -> [Int64] {
            floors.note(leases, last: last, at: moment)
            return floors.fences
        }
        #expect(look([(1, false)], last: 50, at: 1_000) == [0], "nothing is old enough to be passed over")
        #expect(look([(1, false)], last: 90, at: 5_999) == [0])
        #expect(look([(1, false), (2, true)], last: 99, at: 6_000) == [50])
        #expect(floors.epochs == [1])
        #expect(look([(1, true)], last: 120, at: 11_000) == [50], "it holds something, perhaps an old one")
        #expect(look([(1, false)], last: 130, at: 11_500) == [99])
        #expect(look([], last: 130, at: 12_000).isEmpty, "what is gone is forgotten")
    }

    @Test func `who takes over passes over a saga that somebody is writing, and takes it later`() async throws {
        try await withStage { stage in
            let lease = try await stage.hand.lease("r1", for: .seconds(10))
            let held = try await stage.hand.held(["S-1", "S-2", "S-3"], under: lease).map(\.number)
            stage.clock.advance(by: .seconds(11))
            let second = try await stage.hand.lease("r2")
            let writer = try stage.connection()
            try writer.execute("BEGIN; SELECT 1 FROM progress WHERE number = \(held[1]) FOR NO KEY UPDATE")
            #expect(try await stage.claim(under: second) == [held[0], held[2]], "waits, or takes what is locked")
            // The one whose lease it was comes back meanwhile, under its old name.
            let third = try await stage.hand.lease("r1")
            #expect(third.epoch > second.epoch)
            try writer.execute("ROLLBACK")
            #expect(try await stage.claim(under: third) == [held[1]])
            #expect(try stage.number("SELECT count(*) FROM lease") == 2)
        }
    }

    @Test func `a lease that is over and holds nothing is dealt with once, and counts again when it is renewed`()
        async throws
    {
        try await withStage { stage in
            let lease = try await stage.hand.lease("r1", for: .seconds(10))
            stage.clock.advance(by: .seconds(11))
            let second = try await stage.hand.lease("r2")
            let now = stage.clock.now().milliseconds
            let expired = Claiming.hasExpired.sql.replacing("$1", with: "\(now)")
            #expect(try stage.number(expired) == 1)
            #expect(try await stage.claim(under: second).isEmpty)
            #expect(try stage.number(expired) == 0, "looked at again and again")
            // It was found empty: whatever its runner believes of the time, it claims nothing before it asks again.
            _ = try await stage.store.commit([.submit(try stage.hand.seed("S-1"))], under: nil)
            stage.clock.advance(to: stage.clock.now() + .seconds(-5))
            let request = ClaimRequest(limit: 1, flows: [StoreHand.flow])
            guard case .fenced = try await stage.store.commit([.claim(request)], under: lease).first else {
                Issue.record("claimed under a lease that nobody looks at")
                return
            }
            let renewed = try await stage.hand.lease("r1", for: .seconds(10))
            #expect(renewed.epoch == lease.epoch)
            let taken = try await stage.claim(under: renewed)
            #expect(taken.count == 1)
            #expect(try await stage.store.nextWake(for: [StoreHand.flow]) == renewed.expires)
            stage.clock.advance(by: .seconds(11))
            #expect(try await stage.claim(under: second) == taken)
        }
    }
}
