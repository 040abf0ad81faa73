import SagaTestKit
import Testing

@testable import SagaEngine

/// The limit on money in flight, shared by gates over one board.
@Suite struct SharedRoomTests {
    private let clock = SimulatedClock()

    private func stake(_ amount: Int128, _ asset: String = "SGD") -> Exposure {
        Exposure(asset: asset, amount: amount, decimals: 2)
    }

    private func gate(_ board: any GateBoard, lease epoch: Int64, limit: Int128 = 100) -> Gate {
        let gate = Gate(limits: [:], money: ["SGD": limit], clock: clock, board: board, runner: "runner \(epoch)")
        gate.work(under: Lease(runner: RunnerID("\(epoch)"), epoch: epoch, expires: clock.now()))
        return gate
    }

    private func reserve(_ gate: Gate, _ exposure: Exposure) async -> Admission {
        await GateVisits.reserve(exposure, at: gate)
    }

    private var full: Admission { .later(at: clock.now() + .seconds(5), reason: "limit on SGD in flight") }

    @Test func `what one runner holds no other has, until the store knows and the money has settled`() async {
        let world = StakeWorld()
        let (one, other) = (gate(world.board, lease: 1), gate(world.board, lease: 2))
        #expect(await reserve(one, stake(60)) == .granted)
        #expect(await reserve(other, stake(41)) == full)
        #expect(await reserve(other, stake(40)) == .granted)
        world.change(by: 60)
        one.settle([stake(60)])
        await one.visit()
        await one.visit()
        #expect(await reserve(other, stake(1)) == full, "it is at stake now, and no room")
        // Another runner sees it settled: neither leaks nor misses it.
        world.change(by: -60)
        #expect(await reserve(other, stake(60)) == .granted)
        #expect(await reserve(one, stake(1)) == full)
    }

    @Test func `an order that no room would ever be enough for is not kept waiting`() async {
        let one = gate(StakeWorld().board, lease: 1)
        guard case .never = one.reserve(stake(101)) else {
            Issue.record("it waits for ever")
            return
        }
        #expect(await reserve(one, stake(100)) == .granted)
    }

    @Test func `an asset without a limit is never asked about`() async {
        let board = MemoryGateBoard()
        board.isAway = true
        let one = gate(board, lease: 1)
        #expect(one.reserve(stake(Int128(Int64.max), "DABS")) == .granted)
        #expect(await !one.makeRoom(for: stake(1, "DABS")))
        #expect(await reserve(one, stake(1)) == full, "what is not granted is not there")
    }

    @Test func `two runners that want more than half each do not wait for each other for ever`() async {
        let world = StakeWorld()
        let (one, other) = (gate(world.board, lease: 1), gate(world.board, lease: 2))
        #expect(await reserve(one, stake(50)) == .granted)
        #expect(await reserve(other, stake(50)) == .granted)
        // The store never had them, so both have room of their own again, and each wants more than that.
        one.settle([stake(50)])
        other.settle([stake(50)])
        #expect(await reserve(one, stake(80)) == full)
        await other.visit()
        await other.visit()
        #expect(await reserve(one, stake(80)) == .granted)
        #expect(await reserve(other, stake(80)) == full)
        one.settle([stake(80)])
        await one.visit()
        await one.visit()
        #expect(await reserve(other, stake(80)) == .granted)
    }

    @Test func `room that is used again and again needs no visit each time, and room that is not goes back`() async {
        let world = StakeWorld()
        let one = gate(world.board, lease: 1, limit: 1_000)
        for _ in 0..<5 {
            for _ in 0..<10 {
                #expect(await reserve(one, stake(10)) == .granted)
                one.settle([stake(10)])
            }
            await one.visit()
        }
        let visits = world.visits
        for _ in 0..<10 { #expect(one.reserve(stake(10)) == .granted) }
        #expect(world.visits == visits)
        one.settle(Array(repeating: stake(10), count: 10))
        for _ in 0..<6 { await one.visit() }
        #expect(world.board.granted(of: "SGD") == 0)
    }

    @Test func `room of a runner that died comes back once its lease is over, and not before`() async {
        let world = StakeWorld()
        let (one, other) = (gate(world.board, lease: 1), gate(world.board, lease: 2))
        #expect(await reserve(one, stake(100)) == .granted)
        #expect(await reserve(other, stake(1)) == full)
        world.end(1)
        #expect(await reserve(other, stake(100)) == .granted)
        #expect(await reserve(one, stake(0)) == .granted)
        one.settle([stake(100)])
        #expect(await reserve(one, stake(1)) == full, "nothing is granted under a lease that is over")
        one.work(under: Lease(runner: RunnerID("1+1"), epoch: 3, expires: clock.now()))
        world.end(2)
        #expect(await reserve(one, stake(100)) == .granted)
    }

    @Test func `what the store did not answer about stays taken for as long as the lease lasts`() async {
        let world = StakeWorld()
        let (one, other) = (gate(world.board, lease: 1), gate(world.board, lease: 2))
        #expect(await reserve(one, stake(100)) == .granted)
        for _ in 0..<5 { await one.visit() }
        #expect(await reserve(other, stake(1)) == full)
        #expect(await reserve(one, stake(1)) == full)
    }

    // MARK: Interleavings

    /// Runners take, commit, settle, lose answers, die and are fenced, in any order; what is at stake by the store
    /// never passes the limit, and neither does it together with what was taken and is about to be committed.
    @Test(arguments: 0..<200)
    func `however runners come in between each other, no more is at stake than the limit`(seed: UInt64) async {
        var random = SeededNumbers(state: seed)
        let limit: Int128 = 1_000
        let world = StakeWorld()
        let slow = LateBoard(world.board)
        var epoch: Int64 = 0
        var runners: [Life] = []
        func begin() -> Life {
            epoch += 1
            return Life(gate: gate(slow, lease: epoch, limit: limit), epoch: epoch)
        }
        for _ in 0..<3 { runners.append(begin()) }
        var zombies: [Life] = []
        var granted = 0
        var most: Int128 = 0
        for _ in 0..<400 {
            let index = Int.random(in: 0..<3, using: &random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<35:
                let amount = Int128(Int.random(in: 1...400, using: &random))
                guard await reserve(runners[index].gate, stake(amount)) == .granted else { break }
                granted += 1
                runners[index].taken.append(amount)
            case 35..<60:
                guard let amount = runners[index].taken.popLast() else { break }
                world.change(by: amount)
                runners[index].durable.append(amount)
                if Bool.random(using: &random) {
                    runners[index].gate.settle([stake(amount)])
                } else {
                    runners[index].unsettled.append(amount)
                }
            case 60..<65:
                guard let amount = runners[index].taken.popLast() else { break }
                runners[index].gate.settle([stake(amount)])
            case 65..<72:
                guard let amount = runners[index].unsettled.popLast() else { break }
                runners[index].gate.settle([stake(amount)])
            case 72..<85:
                // Whoever it is that carries it on sees it settled.
                let owner = Int.random(in: 0..<3, using: &random)
                guard let amount = runners[owner].durable.popLast() else { break }
                world.change(by: -amount)
            case 85..<93:
                slow.loses = Int.random(in: 0..<4, using: &random) == 0
                await runners[index].gate.visit()
                slow.loses = false
            case 93..<95: await slow.release()
            case 95..<97:
                // It hangs; its lease is not over, and what it has taken can still be committed.
                zombies.append(runners[index])
                runners[index] = begin()
            default:
                guard !zombies.isEmpty else { break }
                let place = Int.random(in: 0..<zombies.count, using: &random)
                if Bool.random(using: &random), let amount = zombies[place].taken.popLast() {
                    world.change(by: amount)
                    zombies[place].durable.append(amount)
                } else {
                    let gone = zombies.remove(at: place)
                    world.end(gone.epoch)
                    for amount in gone.durable { world.change(by: -amount) }
                }
            }
            let about = (runners + zombies).reduce(Int128(0)) { $0 + $1.taken.reduce(0, +) }
            most = max(most, world.atStake + about)
        }
        #expect(most <= limit)
        #expect(granted > 5 && most > limit / 2, "\(granted) were granted, \(most) at most")
    }
}

/// A runner's life, and the amounts that its orders have taken.
private struct Life {
    let gate: Gate
    let epoch: Int64
    /// Granted, and not committed.
    var taken: [Int128] = []
    /// Committed.
    var durable: [Int128] = []
    /// Committed, and the gate has not been told.
    var unsettled: [Int128] = []
}

/// What a store would know: what is at stake, and which leases are over.
private final class StakeWorld: Sendable {
    private struct State {
        var atStake: Int128 = 0
        var over: Set<Int64> = []
        var visits = 0
    }

    private let state: Locked<State>
    let board: MemoryGateBoard

    init() {
        let state = Locked(State())
        self.state = state
        board = MemoryGateBoard(
            atStake: { _ in
                state.withLock { state in
                    state.visits += 1
                    return state.atStake
                }
            }, isOver: { epoch in state.withLock { $0.over.contains(epoch) } })
    }

    var atStake: Int128 { state.withLock { $0.atStake } }
    /// How often the board looked at what is at stake.
    var visits: Int { state.withLock { $0.visits } }

    func change(by amount: Int128) { state.withLock { $0.atStake += amount } }

    func end(_ epoch: Int64) { state.withLock { _ = $0.over.insert(epoch) } }
}

/// A board at which a visit can be lost and be received later, after others.
private final class LateBoard: GateBoard {
    private let board: any GateBoard
    private let state = Locked<(loses: Bool, lost: [BoardVisit])>((false, []))

    init(_ board: any GateBoard) { self.board = board }

    var loses: Bool {
        get { state.withLock { $0.loses } }
        set { state.withLock { $0.loses = newValue } }
    }

    /// Has everything received that was lost.
    func release() async {
        let lost = state.withLock { state in
            defer { state.lost = [] }
            return state.lost
        }
        for visit in lost {
            await #expect(throws: Never.self) { _ = try await board.receive(visit) }
        }
    }

    func receive(_ visit: BoardVisit) async throws(StoreError) -> BoardNews {
        let isLost = state.withLock { state in
            if state.loses { state.lost.append(visit) }
            return state.loses
        }
        guard !isLost else { throw StoreError(.unavailable, "lost on the way") }
        return try await board.receive(visit)
    }
}
