import SagaTestKit
import Testing

@testable import SagaEngine

/// Two gates over one board, in simulated time.
@Suite struct SharedGateTests {
    private let clock = SimulatedClock()
    private let board = MemoryGateBoard()
    private let toy: CounterpartyName = "toy"

    private func gate(_ runner: String, _ limits: GateLimits = GateLimits(), heard: any EventSink = SilentSink())
        -> Gate
    {
        Gate(limits: ["toy": limits], clock: clock, events: heard, board: board, runner: runner)
    }

    private var call: GateCall { GateCall(counterparty: toy, verb: .deliver, lane: nil, exposure: nil) }

    /// Enters a gate that may have to visit the board first.
    private func enter(_ gate: Gate) async -> Admission {
        await GateVisits.made(by: gate) { await gate.enter(self.call) }
    }

    private func isHeldBack(_ gate: Gate) async -> Bool {
        if case .later = await enter(gate) { true } else { false }
    }

    private func isHeldAtOnce(_ gate: Gate) async -> Bool {
        if case .later = await gate.enter(call) { true } else { false }
    }

    private func standing(_ gate: Gate) throws -> GateStanding { try #require(gate.standing.first) }

    // MARK: Rate

    @Test(arguments: 0..<40)
    func `all runners together begin no more calls in any second than rate and burst allow`(seed: UInt64) async {
        var random = SeededNumbers(state: seed)
        let limits = GateLimits(
            concurrency: 100_000, rate: [1, 7, 50, 300, 1_000].randomElement(using: &random) ?? 1,
            burst: [1, 5, 100, 700].randomElement(using: &random) ?? 1)
        var machines = (0..<3).map { _ in GateStateMachine(limits: limits, isShared: true) }
        var page = PartyPage()
        var begun: [Int64] = []
        var now = clock.now()
        var alive = [true, true, true]
        // Each runner's callers: how many want to begin, and until when those that were told to wait do.
        var pausing: [[Timestamp]] = [[], [], []]
        for _ in 0..<1_500 {
            now = now + .milliseconds(Int64.random(in: 0...20, using: &random))
            let index = Int.random(in: 0..<3, using: &random)
            if Int.random(in: 0..<500, using: &random) == 0 {
                // It dies, with what it was granted, and starts again knowing nothing.
                machines[index] = GateStateMachine(limits: limits, isShared: true)
                pausing[index] = []
                alive[index].toggle()
            }
            guard alive[index] else {
                alive[index] = Int.random(in: 0..<20, using: &random) == 0
                continue
            }
            var visitors = 0
            func handle(_ decision: GateStateMachine.Decision) {
                switch decision {
                case .begin: begun.append(now.milliseconds)
                case .pause(let until): pausing[index].append(until)
                case .visit: visitors += 1
                case .later, .queue: break
                }
            }
            let due = pausing[index].filter { $0 <= now }.count
            pausing[index].removeAll { $0 <= now }
            for _ in 0..<due { handle(machines[index].enter(call, waiting: 0, now: now, afterPause: true)) }
            for _ in 0..<Int.random(in: 0...20, using: &random) where pausing[index].count < 60 {
                handle(machines[index].enter(call, waiting: 0, now: now))
            }
            let trip = Span.milliseconds(Int64.random(in: 0...30, using: &random))
            guard let ask = machines[index].ask(toy, now: now, from: now + trip) else { continue }
            let news = page.receive(ask, of: "\(index)", at: now)
            // Now and then the answer is lost.
            guard Int.random(in: 0..<30, using: &random) > 0 else { continue }
            let asked = now
            now = now + trip
            machines[index].learn(news, at: asked)
            let waiting = visitors
            visitors = 0
            for _ in 0..<waiting { handle(machines[index].enter(call, waiting: 0, now: now, afterVisit: true)) }
        }
        var first = 0
        var most = 0
        for (last, moment) in begun.enumerated() {
            while moment - begun[first] >= 1_000 { first += 1 }
            most = max(most, last - first + 1)
        }
        #expect(most <= limits.rate + limits.burst, "rate \(limits.rate), burst \(limits.burst)")
        #expect(begun.count > 20, "calls were made at all")
    }

    @Test func `two runners that always want to call share the rate, and use it`() async {
        let limits = GateLimits(concurrency: 100_000, rate: 100, burst: 10)
        var machines = (0..<2).map { _ in GateStateMachine(limits: limits, isShared: true) }
        var page = PartyPage()
        var begun = [0, 0]
        var pausing: [[Timestamp]] = [[], []]
        for step in 0..<1_000 {
            let now = clock.now() + .milliseconds(Int64(10 * step))
            for index in 0..<2 {
                var visitors = 0
                func handle(_ decision: GateStateMachine.Decision) {
                    switch decision {
                    case .begin: begun[index] += 1
                    case .pause(let until): pausing[index].append(until)
                    case .visit: visitors += 1
                    case .later, .queue: break
                    }
                }
                let due = pausing[index].filter { $0 <= now }.count
                pausing[index].removeAll { $0 <= now }
                for _ in 0..<due { handle(machines[index].enter(call, waiting: 0, now: now, afterPause: true)) }
                while pausing[index].count + visitors < 30 {
                    let before = begun[index]
                    handle(machines[index].enter(call, waiting: 0, now: now))
                    if begun[index] == before, visitors == 0, pausing[index].isEmpty { break }
                }
                guard machines[index].shared?.isUrgent == true else { continue }
                guard let ask = machines[index].ask(toy, now: now, from: now) else { continue }
                machines[index].learn(page.receive(ask, of: "\(index)", at: now), at: now)
                let waiting = visitors
                for _ in 0..<waiting { handle(machines[index].enter(call, waiting: 0, now: now, afterVisit: true)) }
            }
        }
        #expect((950...1_010).contains(begun[0] + begun[1]), "\(begun)")
        #expect(min(begun[0], begun[1]) > 250, "\(begun)")
    }

    @Test func `a runner that cannot reach the board begins no call`() async {
        let gate = gate("a")
        #expect(await enter(gate) == .granted)
        board.isAway = true
        clock.advance(by: SharedCare.freshness)
        #expect(
            await enter(gate)
                == .later(at: clock.now() + .seconds(1), reason: "what all runners share cannot be reached"))
        board.isAway = false
        #expect(await enter(gate) == .granted)
    }

    @Test func `turns in hand are good for nothing once the news are a second old`() {
        var machine = GateStateMachine(limits: GateLimits(rate: 10, burst: 1_000), isShared: true)
        let now = clock.now()
        let turns = CallTurns(first: CallSchedule.nanoseconds(now), count: 5)
        machine.learn(PartyNews(turns: turns), at: now)
        #expect(machine.enter(call, waiting: 0, now: now) == .begin)
        #expect(machine.enter(call, waiting: 0, now: now + .milliseconds(999)) == .begin)
        #expect(machine.enter(call, waiting: 0, now: now + .seconds(1)) == .visit)
        machine.learn(PartyNews(), at: now + .seconds(1))
        #expect(machine.enter(call, waiting: 0, now: now + .seconds(1), afterVisit: true) == .begin)
    }

    // MARK: Breaker

    @Test func `a breaker that one runner opens is open for all, and they say who opened it`() async throws {
        let heard = TurnKeeper()
        let limits = GateLimits(breakerFailures: 2, breakerPause: .seconds(5))
        let (one, other) = (gate("one", limits), gate("other", limits, heard: heard))
        #expect(await enter(other) == .granted)
        let begun = clock.now()
        for _ in 0..<2 {
            #expect(await enter(one) == .granted)
            await one.leave(call, outcome: .failed(CallFailure(code: "timeout")))
        }
        #expect(try standing(one).openedBy == "one", "it is open here at once")
        await one.visit()
        await other.visit()
        #expect(await enter(other) == .later(at: begun + .seconds(5), reason: "circuit breaker open"))
        let seen = try standing(other)
        #expect(seen.isBreakerOpen && seen.openedBy == "one" && seen.failures == 2 && seen.lastCode == "timeout")
        #expect(
            heard.all == [
                GateTurn(
                    .breakerOpened, code: "timeout", failures: 2, since: begun, until: begun + .seconds(5), by: "one")
            ])
        // A call that was under way when it opened closes nothing for all.
        await other.leave(call, outcome: .answered)
        await other.visit()
        #expect(try standing(other).isBreakerOpen && standing(one).isBreakerOpen)
    }

    @Test func `one call of one runner tries, and its answer closes the breaker for all`() async throws {
        let limits = GateLimits(breakerFailures: 1, breakerPause: .seconds(5))
        let (one, other) = (gate("one", limits), gate("other", limits))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .failed(CallFailure(code: "timeout")))
        await one.visit()
        await other.visit()
        clock.advance(by: .seconds(5))
        #expect(await enter(other) == .granted)
        #expect(await isHeldBack(one), "one tries at a time")
        #expect(await isHeldBack(other))
        // Longer than the place is kept without a visit, and it does visit.
        for _ in 0..<10 {
            clock.advance(by: .seconds(5))
            await other.visit()
            #expect(await isHeldBack(one))
        }
        await other.leave(call, outcome: .answered)
        await other.visit()
        await one.visit()
        #expect(await enter(one) == .granted)
        #expect(try !standing(one).isBreakerOpen && standing(one).failures == 0 && standing(one).openedBy == nil)
    }

    @Test func `when the one that tries fails all wait once more, and when it dies another tries`() async throws {
        let limits = GateLimits(breakerFailures: 1, breakerPause: .seconds(5))
        let (one, other) = (gate("one", limits), gate("other", limits))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .failed(CallFailure(code: "timeout")))
        await one.visit()
        clock.advance(by: .seconds(5))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .failed(CallFailure(code: "timeout")))
        await one.visit()
        await other.visit()
        #expect(await enter(other) == .later(at: clock.now() + .seconds(5), reason: "circuit breaker open"))
        clock.advance(by: .seconds(5))
        #expect(await enter(one) == .granted)
        clock.advance(by: .seconds(29))
        #expect(await isHeldBack(other), "it may be trying still")
        clock.advance(by: .seconds(1))
        #expect(await enter(other) == .granted, "it has not been heard of for longer than a call takes")
    }

    @Test func `the place of one whose call was not made is free at once`() async {
        let limits = GateLimits(breakerFailures: 1, breakerPause: .seconds(5))
        let (one, other) = (gate("one", limits), gate("other", limits))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .failed(CallFailure(code: "timeout")))
        await one.visit()
        clock.advance(by: .seconds(5))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .notMade)
        await one.visit()
        #expect(await enter(other) == .granted)
    }

    @Test func `a pause that a counterparty asks one runner for is kept by all`() async {
        let (one, other) = (gate("one"), gate("other"))
        #expect(await enter(one) == .granted)
        await one.leave(call, outcome: .failed(CallFailure(code: "rate_limited", retryAfter: .seconds(9))))
        let until = clock.now() + .seconds(9)
        await one.visit()
        #expect(await enter(other) == .later(at: until, reason: "asked us to come back later"))
    }

    // MARK: Switch

    @Test func `a switch that is thrown on one runner holds on the others within a second`() async throws {
        let (one, other) = (gate("one"), gate("other"))
        #expect(await enter(other) == .granted)
        try await one.turn(toy, off: true, why: "ada: doubles") { board.note(toy, offWhy: "ada: doubles") }
        #expect(await isHeldAtOnce(one), "at once where it was thrown")
        clock.advance(by: .seconds(1))
        // It has not looked at the board since, and so does before the next call.
        #expect(await isHeldBack(other))
        #expect(try standing(other).switchedOffWhy == "ada: doubles")
        try await other.turn(toy, off: false, why: "") { board.note(toy, offWhy: nil) }
        #expect(await enter(other) == .granted)
        clock.advance(by: .seconds(1))
        await one.visit()
        #expect(await enter(one) == .granted)
    }

    @Test func `news from before a switch was thrown do not throw it back`() async throws {
        let slow = SlowBoard(board)
        let gate = Gate(limits: ["toy": GateLimits()], clock: clock, board: slow, runner: "a")
        await gate.visit()
        slow.isHeld = true
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await gate.visit() }
            await slow.untilAsked(2)
            await #expect(throws: Never.self) {
                try await gate.turn(toy, off: true, why: "ada") { board.note(toy, offWhy: "ada") }
            }
            slow.isHeld = false
            await group.waitForAll()
        }
        #expect(try standing(gate).isSwitchedOff)
    }

    @Test func `what could not be noted down stays off where it was thrown`() async throws {
        let gate = gate("a")
        await #expect(throws: StoreError.self) {
            try await gate.turn(toy, off: true, why: "ada") { throw StoreError(.unavailable, "away") }
        }
        await gate.visit()
        #expect(try standing(gate).isSwitchedOff)
        try await gate.turn(toy, off: false, why: "") {}
        await gate.visit()
        #expect(try !standing(gate).isSwitchedOff)
    }

    // MARK: Staying in touch

    @Test func `a gate stays in touch by itself, and lets go of those who wait when it ends`() async {
        let gate = gate("a")
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await gate.keepInTouch() }
            #expect(await gate.enter(call) == .granted)
            board.note(toy, offWhy: "ada")
            for _ in 0..<20 {
                await clock.untilAsleep(1)
                clock.advance(by: .milliseconds(50))
                await Task.yield()
            }
            #expect(await isHeldAtOnce(gate))
            group.cancelAll()
        }
        board.note(toy, offWhy: nil)
        clock.advance(by: .seconds(2))
        gate.setSwitch(toy, off: false)
        #expect(await isHeldAtOnce(gate), "nobody visits any more")
    }
}

/// A board whose answers can be held back.
private final class SlowBoard: GateBoard {
    private let board: MemoryGateBoard
    private let held = Locked(false)
    private let waiting = Locked(0)

    init(_ board: MemoryGateBoard) { self.board = board }

    var isHeld: Bool {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    /// Returns once so many visits have been received.
    func untilAsked(_ count: Int) async {
        while waiting.withLock({ $0 }) < count { await Task.yield() }
    }

    func receive(_ visit: BoardVisit) async throws(StoreError) -> BoardNews {
        let news = try await board.receive(visit)
        waiting.withLock { $0 += 1 }
        while isHeld { await Task.yield() }
        return news
    }
}

/// Keeps what a gate tells.
private final class TurnKeeper: EventSink {
    private let turns = Locked<[GateTurn]>([])

    var all: [GateTurn] { turns.withLock { $0 } }

    func record(_ event: EngineEvent) {
        guard case .turned(_, let turn) = event else { return }
        turns.withLock { $0.append(turn) }
    }
}
