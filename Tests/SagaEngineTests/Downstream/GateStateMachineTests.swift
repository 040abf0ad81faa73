import Testing

@testable import SagaEngine

@Suite struct GateStateMachineTests {
    private let now = Sample.now
    private let failure = CallOutcome.failed(CallFailure(code: "timeout"))

    private func call(_ lane: String? = nil, _ verb: CallVerb = .deliver) -> GateCall {
        GateCall(counterparty: "toy", verb: verb, lane: lane, exposure: nil)
    }

    private func machine(
        concurrency: Int = 2, lane: Int = 1, rate: Int = 10, burst: Int = 100, failures: Int = 3, waiting: Int = 2
    ) -> GateStateMachine {
        GateStateMachine(
            limits: GateLimits(
                concurrency: concurrency, lane: lane, rate: rate, burst: burst, breakerFailures: failures,
                breakerPause: .seconds(5), waiting: waiting))
    }

    private func later(_ decision: GateStateMachine.Decision) -> Timestamp? {
        guard case .later(let moment, _) = decision else { return nil }
        return moment
    }

    @Test func `so many calls are under way as the limit allows`() {
        var machine = machine(concurrency: 2)
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
        #expect(machine.enter(call(), waiting: 0, now: now) == .queue)
        machine.leave(call(), outcome: .answered, now: now)
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
        #expect(machine.underWay == 2)
    }

    @Test func `at the limit of those who wait the next one comes back later`() {
        var machine = machine(concurrency: 1, waiting: 2)
        _ = machine.enter(call(), waiting: 0, now: now)
        #expect(machine.enter(call(), waiting: 1, now: now) == .queue)
        #expect(later(machine.enter(call(), waiting: 2, now: now)) == now + .seconds(1))
    }

    @Test func `instructions that fail in one call are one failure, and one alone ends the attempt to see`() {
        var machine = machine(concurrency: 9, failures: 3)
        let together = CallOutcome.failedTogether(CallFailure(code: "timeout"))
        for _ in 0..<9 { _ = machine.enter(call(), waiting: 0, now: now) }
        for _ in 0..<7 { machine.leave(call(), outcome: together, now: now) }
        machine.leave(call(), outcome: failure, now: now)
        machine.leave(call(), outcome: failure, now: now)
        #expect(machine.failuresInARow == 2 && machine.breaker == .closed)
        _ = machine.enter(call(), waiting: 0, now: now)
        machine.leave(call(), outcome: failure, now: now)
        let later = now + .seconds(5)
        #expect(machine.enter(call(), waiting: 0, now: later) == .begin && machine.breaker == .trying)
        machine.leave(call(), outcome: together, now: later)
        #expect(machine.breaker == .open(until: later + .seconds(5)))
    }

    @Test func `a pause that is asked for in one call holds for all of its instructions`() {
        var machine = machine()
        _ = machine.enter(call(), waiting: 0, now: now)
        let asked = CallFailure(code: "rate_limited", retryAfter: .seconds(9))
        machine.leave(call(), outcome: .failedTogether(asked), now: now)
        #expect(machine.failuresInARow == 0 && machine.closedUntil == now + .seconds(9))
    }

    @Test func `a lane carries one delivery at a time, and any number of questions`() {
        var machine = machine(concurrency: 9)
        #expect(machine.enter(call("vault-1"), waiting: 0, now: now) == .begin)
        #expect(machine.enter(call("vault-1"), waiting: 0, now: now) == .queue)
        #expect(machine.enter(call("vault-2"), waiting: 0, now: now) == .begin)
        #expect(machine.enter(call("vault-1", .find), waiting: 0, now: now) == .begin)
        #expect(machine.enter(call("vault-1", .requestNotice), waiting: 0, now: now) == .begin)
        machine.leave(call("vault-1", .find), outcome: .answered, now: now)
        #expect(machine.enter(call("vault-1"), waiting: 0, now: now) == .queue, "a question gives no lane back")
        machine.leave(call("vault-1"), outcome: .answered, now: now)
        #expect(machine.enter(call("vault-1"), waiting: 0, now: now) == .begin)
    }

    @Test func `a burst begins at once and the rest at the rate`() {
        var machine = machine(concurrency: 99, rate: 10, burst: 3)
        for _ in 0..<3 { #expect(machine.enter(call(), waiting: 0, now: now) == .begin) }
        #expect(machine.enter(call(), waiting: 0, now: now) == .pause(until: now + .milliseconds(100)))
        let almost = now + .milliseconds(99)
        #expect(
            machine.enter(call(), waiting: 0, now: almost, afterPause: true) == .pause(until: now + .milliseconds(100)))
        #expect(machine.enter(call(), waiting: 0, now: now + .milliseconds(100), afterPause: true) == .begin)
        #expect(later(machine.enter(call(), waiting: 2, now: now + .milliseconds(100))) == now + .milliseconds(200))
    }

    @Test func `each call that pauses has a moment of its own, which no newcomer takes`() {
        var machine = machine(concurrency: 99, rate: 10, burst: 1)
        _ = machine.enter(call(), waiting: 0, now: now)
        for number in 1...3 {
            let moment = now + .milliseconds(Int64(100 * number))
            #expect(machine.enter(call(), waiting: 0, now: now) == .pause(until: moment))
        }
        let first = now + .milliseconds(100)
        #expect(machine.enter(call(), waiting: 0, now: first) == .pause(until: now + .milliseconds(400)))
        #expect(machine.enter(call(), waiting: 0, now: first, afterPause: true) == .begin)
        machine.givePauseUp()
        #expect(machine.pausing == 2)
    }

    @Test func `quiet hours save up no more than the burst`() {
        var machine = machine(concurrency: 99, rate: 10, burst: 3)
        for _ in 0..<3 { _ = machine.enter(call(), waiting: 0, now: now) }
        let tomorrow = now + .hours(24)
        for _ in 0..<3 { #expect(machine.enter(call(), waiting: 0, now: tomorrow) == .begin) }
        #expect(machine.enter(call(), waiting: 0, now: tomorrow) == .pause(until: tomorrow + .milliseconds(100)))
    }

    @Test func `in the long run calls begin at the rate`() {
        var machine = machine(concurrency: 10_000, rate: 7, burst: 1)
        var begun = 0
        var hasPaused = false
        for step in 0..<10_000 {
            let now = now + .milliseconds(Int64(step))
            let decision = machine.enter(call(), waiting: 0, now: now, afterPause: hasPaused)
            hasPaused = decision != .begin
            if !hasPaused { begun += 1 }
        }
        #expect((70...71).contains(begun))
    }

    @Test func `a clock that goes back grants nothing`() {
        var machine = machine(concurrency: 99, rate: 10, burst: 1)
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
        let past = now + .hours(-1)
        #expect(machine.enter(call(), waiting: 0, now: past) == .pause(until: past + .milliseconds(100)))
    }

    @Test func `the breaker opens after so many failures in a row`() {
        var machine = machine(failures: 3)
        for outcome in [failure, failure, .answered, failure, failure] { pass(&machine, outcome) }
        #expect(machine.breaker == .closed, "an answer between them begins the count again")
        pass(&machine, failure)
        #expect(machine.breaker == .open(until: now + .seconds(5)))
        #expect(later(machine.enter(call(), waiting: 0, now: now + .milliseconds(4_999))) == now + .seconds(5))
    }

    @Test func `an open breaker lets one call through to see, and closes when it is answered`() {
        var machine = opened()
        let due = now + .seconds(5)
        #expect(machine.enter(call(), waiting: 0, now: due) == .begin)
        #expect(machine.breaker == .trying)
        #expect(later(machine.enter(call(), waiting: 0, now: due)) == due + .seconds(5))
        machine.leave(call(), outcome: .answered, now: due)
        #expect(machine.breaker == .closed)
        #expect(machine.enter(call(), waiting: 0, now: due) == .begin)
    }

    @Test func `one failure of the call that tries opens the breaker again`() {
        var machine = opened()
        let due = now + .seconds(5)
        _ = machine.enter(call(), waiting: 0, now: due)
        machine.leave(call(), outcome: failure, now: due)
        #expect(machine.breaker == .open(until: due + .seconds(5)))
    }

    @Test func `a call that was not made says nothing about the counterparty`() {
        var machine = opened()
        let due = now + .seconds(5)
        _ = machine.enter(call(), waiting: 0, now: due)
        machine.leave(call(), outcome: .notMade, now: due)
        #expect(machine.breaker == .open(until: due), "the next one tries")
        #expect(machine.underWay == 0)
        #expect(machine.enter(call(), waiting: 0, now: due) == .begin)

        var counting = self.machine(failures: 2)
        for outcome in [failure, .notMade, failure] { pass(&counting, outcome) }
        #expect(counting.breaker == .open(until: now + .seconds(5)))
    }

    @Test func `nobody is called before the moment the counterparty asked for`() {
        var machine = machine()
        pass(&machine, .failed(CallFailure(code: "rate_limited", retryAfter: .seconds(60))))
        #expect(later(machine.enter(call(), waiting: 0, now: now)) == now + .seconds(60))
        #expect(later(machine.enter(call(nil, .find), waiting: 0, now: now)) == now + .seconds(60))
        #expect(machine.enter(call(), waiting: 0, now: now + .seconds(60)) == .begin)
    }

    @Test func `the longer of two pauses holds`() {
        var machine = machine(concurrency: 2)
        _ = machine.enter(call(), waiting: 0, now: now)
        _ = machine.enter(call(), waiting: 0, now: now)
        machine.leave(call(), outcome: .failed(CallFailure(code: "rate_limited", retryAfter: .seconds(60))), now: now)
        machine.leave(call(), outcome: .failed(CallFailure(code: "rate_limited", retryAfter: .seconds(1))), now: now)
        #expect(later(machine.enter(call(), waiting: 0, now: now + .seconds(2))) == now + .seconds(60))
    }

    @Test func `a counterparty that is switched off is not called until it is switched on`() {
        var machine = machine()
        machine.setSwitch(off: true, now: now)
        #expect(later(machine.enter(call(), waiting: 0, now: now)) != nil)
        #expect(later(machine.enter(call(nil, .find), waiting: 0, now: now)) != nil, "not even asked")
        machine.setSwitch(off: false, now: now)
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
    }

    // MARK: What is told

    @Test func `a breaker tells when it opens, tries, opens again and closes, and not of the calls between`() {
        var machine = opened()
        let (due, again) = (now + .seconds(5), now + .seconds(10))
        _ = machine.enter(call(), waiting: 0, now: now + .seconds(1))
        #expect(
            machine.takeTurns() == [GateTurn(.breakerOpened, code: "timeout", failures: 3, since: now, until: due)])
        _ = machine.enter(call(), waiting: 0, now: due)
        machine.leave(call(), outcome: .failed(CallFailure(code: "http_503")), now: due)
        #expect(
            machine.takeTurns() == [
                GateTurn(.breakerTrying, code: "timeout", failures: 3, since: now),
                GateTurn(.breakerReopened, code: "http_503", failures: 4, since: now, until: again),
            ])
        _ = machine.enter(call(), waiting: 0, now: again)
        machine.leave(call(), outcome: .answered, now: again)
        #expect(
            machine.takeTurns() == [
                GateTurn(.breakerTrying, code: "http_503", failures: 4, since: now),
                GateTurn(.breakerClosed, code: "http_503", failures: 4, since: now),
            ])
        for _ in 0..<3 { pass(&machine, .answered) }
        #expect(machine.takeTurns() == [])
        #expect(machine.failingSince == nil)
    }

    @Test func `calls that were under way when the breaker opened tell nothing more`() {
        var machine = machine(concurrency: 9, failures: 2)
        for _ in 0..<5 { _ = machine.enter(call(), waiting: 0, now: now) }
        for _ in 0..<5 { machine.leave(call(), outcome: failure, now: now) }
        #expect(machine.takeTurns().map(\.kind) == [.breakerOpened])
    }

    @Test func `a pause that is asked for is told once, however many calls are told of it`() {
        var machine = machine(concurrency: 9, failures: 9)
        let busy = CallOutcome.failed(CallFailure(code: "rate_limited", retryAfter: .seconds(60)))
        for _ in 0..<3 { _ = machine.enter(call(), waiting: 0, now: now) }
        for _ in 0..<3 { machine.leave(call(), outcome: busy, now: now) }
        #expect(
            machine.takeTurns() == [
                GateTurn(.askedToWait, code: "rate_limited", failures: 1, since: now, until: now + .seconds(60))
            ])
        _ = machine.enter(call(), waiting: 0, now: now + .seconds(60))
        machine.leave(call(), outcome: busy, now: now + .seconds(60))
        #expect(machine.takeTurns().map(\.until) == [now + .seconds(120)])
    }

    @Test func `a switch tells when it turns, and not when it is turned to where it stands`() {
        var machine = machine()
        machine.setSwitch(off: false, now: now)
        for _ in 0..<2 { machine.setSwitch(off: true, why: "ada: doubles seen", now: now) }
        #expect(machine.takeTurns() == [GateTurn(.switchedOff, since: now)])
        #expect(machine.switchedOff?.why == "ada: doubles seen")
        for _ in 0..<2 { machine.setSwitch(off: false, now: now + .seconds(9)) }
        #expect(machine.takeTurns() == [GateTurn(.switchedOn, since: now)])
    }

    private func opened() -> GateStateMachine {
        var machine = machine(failures: 3)
        for _ in 0..<3 { pass(&machine, failure) }
        return machine
    }

    private func pass(_ machine: inout GateStateMachine, _ outcome: CallOutcome) {
        #expect(machine.enter(call(), waiting: 0, now: now) == .begin)
        machine.leave(call(), outcome: outcome, now: now)
    }
}
