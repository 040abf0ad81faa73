import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Alarms that stand too early, since a notice ended the wait that they were set for.
@Suite struct EarlyAlarmTests {
    private let folder: ScratchFolder
    private let clock = SimulatedClock()
    private static let count = 1_030

    init() throws {
        folder = try ScratchFolder()
    }

    private func claim(_ limit: Int, on store: SQLiteStore, under lease: Lease) async throws -> [Claim] {
        let request = ClaimRequest(limit: limit, flows: [StoreHand.flow])
        guard case .claimed(let claims) = try await store.commit([.claim(request)], under: lease).first else {
            throw LawBroken("no claims")
        }
        return claims
    }

    private func sleep(_ claims: [Claim], until moment: Timestamp, on store: SQLiteStore, under lease: Lease)
        async throws
    {
        let appends = claims.map { claim in
            StoreOperation.append(
                Append(
                    saga: claim.number, right: .claim(fence: claim.fence), entries: [],
                    disposition: .sleep(Wake(at: moment)), standing: Standing(status: .waiting)))
        }
        _ = try await store.commit(appends, under: lease)
    }

    /// How many rows stand among what is due before a moment.
    private func standing(before moment: Timestamp, in store: SQLiteStore) async throws -> Int64 {
        try await store.runOnWriter { connection in
            try connection.firstRow(
                "SELECT count(*) FROM progress WHERE due < ?", .integer(ReadyPlace.first(at: moment))
            ) { $0.int64(0) } ?? 0
        }
    }

    @Test func `a claim sets as many anew as the limit says, the next one the others, and none is lost`() async throws {
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let (first, second) = (clock.now() + .seconds(10), clock.now() + .seconds(100))
        let claims = try await hand.held((1...Self.count).map { "SG-\($0)" }, under: lease)
        try await sleep(claims, until: first, on: store, under: lease)
        // Woken before the first moment, they wait for the second; their alarms stay.
        try await store.runOnWriter { connection in
            _ = try connection.run("UPDATE progress SET wake = ?", .integer(second.milliseconds))
        }
        #expect(try await standing(before: second, in: store) == Int64(Self.count))
        #expect(try await store.nextWake(for: [StoreHand.flow]) == first, "too early, never too late")

        clock.advance(to: first + .seconds(1))
        #expect(try await claim(5_000, on: store, under: lease).isEmpty)
        #expect(try await standing(before: second, in: store) == Int64(Self.count - 1_024))
        #expect(try await claim(5_000, on: store, under: lease).isEmpty)
        #expect(try await standing(before: second, in: store) == 0)
        #expect(try await store.nextWake(for: [StoreHand.flow]) == second)

        clock.advance(to: second)
        #expect(try await claim(5_000, on: store, under: lease).count == Self.count)
        await store.close()
    }
}
