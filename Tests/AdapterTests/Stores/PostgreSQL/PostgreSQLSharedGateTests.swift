import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Gates of several runners over one database, with real leases and commits.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped), .serialized)
struct PostgreSQLSharedGateTests {
    /// A runner: a store of its own, a gate, a lease, and sagas in hand.
    private struct Life {
        let store: PostgresStore
        let gate: SagaEngine.Gate
        let lease: Lease
        var claims: [Claim]
        /// Sagas whose intent is not committed, with what was reserved for it.
        var taken: [(claim: Claim, amount: Int128)] = []
        /// Sagas that have money at stake.
        var staked: [Claim] = []
    }

    private static let limit: Int128 = 1_000

    private func begin(_ name: String, on store: PostgresStore, _ clock: SimulatedClock) async throws -> Life {
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease(name, for: .seconds(30))
        let claims = try await hand.held((0..<60).map { "\(name)-\($0)" }, under: lease)
        let gate = SagaEngine.Gate(
            limits: [:], money: ["SGD": Self.limit], clock: clock,
            board: TableGateBoard(in: store, stakes: try #require(store.stakes)), runner: name)
        gate.work(under: lease)
        return Life(store: store, gate: gate, lease: lease, claims: claims.reversed())
    }

    private func stake(_ amount: Int128) -> Exposure { Exposure(asset: "SGD", amount: amount, decimals: 2) }

    /// Has a saga's row say what is at stake because of it; whether the store took it.
    private func commit(_ claim: Claim, _ exposures: [Exposure], of life: Life) async throws -> Bool {
        let append = Append(
            saga: claim.number, right: .claim(fence: claim.fence), entries: [], disposition: .carryOn,
            standing: Standing(status: .running, exposures: exposures))
        guard case .appended = try await life.store.commit([.append(append)], under: life.lease).first else {
            return false
        }
        return true
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `on PostgreSQL no more is at stake than the limit, whoever dies and whoever wakes up late`(
        seed: UInt64
    ) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let stores = [
            try await PostgresStore.open(try schema.configuration(clock: clock)),
            try await PostgresStore.open(try schema.configuration(clock: clock)),
        ]
        let random = SeededEntropy(seed: seed)
        var fleet = Fleet(lives: [])
        for store in stores { fleet.lives.append(try await begin(fleet.nextName(), on: store, clock)) }
        var most: Int128 = 0
        for _ in 0..<300 {
            try await step(&fleet, on: stores, clock) { Int(random.below(UInt64($0))) }
            let atStake = try await stores[0].census(under: nil).exposures.first?.amount ?? 0
            let about = fleet.lives.flatMap(\.taken).reduce(Int128(0)) { $0 + $1.amount }
            most = max(most, atStake + about)
            #expect(atStake + about <= Self.limit)
            let counted = try await stores[1].write(.sagas) { try PostgresStakes().atStake("SGD", on: $0) }
            #expect(counted == atStake, "what writers count is what all rows say together")
        }
        #expect(fleet.granted > 10 && most > Self.limit / 2, "\(fleet.granted) granted, \(most) at most")
        #expect(fleet.late + fleet.fenced > 0, "\(fleet.late) were late, \(fleet.fenced) fenced")
        for store in stores { await store.close() }
        try schema.drop()
    }

    /// Runners that live, those that hang, and what has happened.
    private struct Fleet {
        var lives: [Life]
        var zombies: [Life] = []
        var births = 0
        var granted = 0
        var late = 0
        var fenced = 0

        mutating func nextName() -> String {
            births += 1
            return "r\(births)"
        }
    }

    private func step(
        _ fleet: inout Fleet, on stores: [PostgresStore], _ clock: SimulatedClock, _ below: (Int) -> Int
    ) async throws {
        let index = below(2)
        switch below(100) {
        case 0..<40:
            if try await take(Int128(1 + below(400)), as: &fleet.lives[index]) { fleet.granted += 1 }
        case 40..<65:
            guard let next = fleet.lives[index].taken.popLast() else { break }
            #expect(try await commit(next.claim, [stake(next.amount)], of: fleet.lives[index]))
            fleet.lives[index].gate.settle([stake(next.amount)])
            fleet.lives[index].staked.append(next.claim)
        case 65..<80:
            guard let claim = fleet.lives[index].staked.popLast() else { break }
            #expect(try await commit(claim, [], of: fleet.lives[index]))
        case 80..<88: await fleet.lives[index].gate.visit()
        case 88..<92:
            // It hangs with what it has taken, and another process takes its place.
            _ = try await take(50, as: &fleet.lives[index])
            fleet.zombies.append(fleet.lives[index])
            fleet.lives[index] = try await begin(fleet.nextName(), on: stores[index], clock)
        case 92..<95:
            clock.advance(by: .seconds(15))
            for life in fleet.lives {
                let request = LeaseRequest(runner: life.lease.runner, length: .seconds(30))
                _ = try await life.store.commit([.lease(request)], under: nil)
            }
        default:
            // It wakes up and commits what it had taken; the store says whether it still may.
            guard !fleet.zombies.isEmpty else { break }
            let place = below(fleet.zombies.count)
            guard let next = fleet.zombies[place].taken.popLast() else { break }
            if try await commit(next.claim, [stake(next.amount)], of: fleet.zombies[place]) {
                fleet.late += 1
            } else {
                fleet.fenced += 1
            }
        }
    }

    /// Reserves room for one of a runner's sagas; whether there was any.
    private func take(_ amount: Int128, as life: inout Life) async throws -> Bool {
        guard let claim = life.claims.last, await GateVisits.reserve(stake(amount), at: life.gate) == .granted else {
            return false
        }
        life.claims.removeLast()
        life.taken.append((claim, amount))
        return true
    }

    @Test func `on PostgreSQL room of a runner that hangs is given away once it can commit nothing more`() async throws
    {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let (one, other) = (
            try await PostgresStore.open(try schema.configuration(clock: clock)),
            try await PostgresStore.open(try schema.configuration(clock: clock))
        )
        let hung = try await begin("hung", on: one, clock)
        let live = try await begin("live", on: other, clock)
        #expect(await GateVisits.reserve(stake(900), at: hung.gate) == .granted)
        clock.advance(by: .milliseconds(29_999))
        _ = try await other.commit(
            [.lease(LeaseRequest(runner: live.lease.runner, length: .seconds(30)))], under: nil)
        guard case .later = await GateVisits.reserve(stake(101), at: live.gate) else {
            Issue.record("room was given away under a lease that lasts")
            return
        }
        // A lease that is out and that nobody has taken over is good for commits still: so it has to be ended first.
        clock.advance(by: .milliseconds(1))
        #expect(await GateVisits.reserve(stake(101), at: live.gate) == .granted)
        #expect(try await !commit(try #require(hung.claims.last), [stake(900)], of: hung), "it may not commit any more")
        #expect(try await commit(try #require(live.claims.last), [stake(101)], of: live))
        let again = try await StoreHand(store: one, clock: clock).lease("hung", for: .seconds(30))
        #expect(again.epoch > hung.lease.epoch, "its name is free again")
        await one.close()
        await other.close()
        try schema.drop()
    }

    @Test func `on PostgreSQL the totals of sagas that were there before are taken over`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await PostgresStore.open(try schema.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        let lease = try await hand.lease()
        let huge = Int128(Int64.max) * 1_000
        let amounts: [[Exposure]] = [
            [stake(5), Exposure(asset: "A B", amount: 7, decimals: 0)], [stake(huge)], [], [stake(-2)],
        ]
        for (claim, exposures) in zip(try await hand.held(["a", "b", "c", "d"], under: lease), amounts) {
            let append = Append(
                saga: claim.number, right: .claim(fence: claim.fence), entries: [],
                disposition: claim.number == 1 ? .end(output: []) : .carryOn,
                standing: Standing(status: claim.number == 1 ? .completed : .running, exposures: exposures))
            _ = try await store.commit([.append(append)], under: lease)
        }
        try schema.run("DROP TABLE stake; " + PostgresSchema.stakes)
        let totals = try await store.write(.sagas) { connection in
            try ["SGD", "A B", "DABS"].map { try PostgresStakes().atStake($0, on: connection) }
        }
        #expect(totals == [huge + 3, 7, 0])
        await store.close()
        try schema.drop()
    }

    @Test func `on PostgreSQL a runner that cannot reach the database begins no call`() async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let store = try await PostgresStore.open(try schema.configuration(clock: clock))
        let gate = SagaEngine.Gate(
            limits: [:], clock: clock, board: TableGateBoard(in: store, stakes: try #require(store.stakes)),
            runner: "r1")
        let call = GateCall(counterparty: "bank", verb: .deliver, lane: nil, exposure: nil)
        #expect(await GateVisits.made(by: gate) { await gate.enter(call) } == .granted)
        await store.close()
        clock.advance(by: .seconds(1))
        guard case .later = await GateVisits.made(by: gate, { await gate.enter(call) }) else {
            Issue.record("it called although nobody knows how often others do")
            return
        }
        try schema.drop()
    }
}
