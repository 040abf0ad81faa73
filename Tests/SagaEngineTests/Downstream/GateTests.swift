import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct GateTests {
    private let clock = SimulatedClock()

    private func call(_ lane: String? = nil, _ counterparty: CounterpartyName = "toy") -> GateCall {
        GateCall(counterparty: counterparty, verb: .deliver, lane: lane, exposure: nil)
    }

    private func gate(_ limits: GateLimits, money: [ByteText: Int128] = [:]) -> Gate {
        Gate(limits: ["toy": limits], money: money, clock: clock)
    }

    /// Returns once so many calls wait at the gate.
    private func untilWaiting(_ count: Int, at gate: Gate) async {
        while gate.standing.first?.waiting != count { await Task.yield() }
    }

    @Test func `those who wait are let in in the order they came`() async {
        let gate = gate(GateLimits(concurrency: 1))
        #expect(await gate.enter(call()) == .granted)
        let order = Locked<[Int]>([])
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    #expect(await gate.enter(self.call()) == .granted)
                    order.withLock { $0.append(number) }
                    await gate.leave(self.call(), outcome: .answered)
                }
                await untilWaiting(number + 1, at: gate)
            }
            await gate.leave(call(), outcome: .answered)
        }
        #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(gate.standing.first?.underWay == 0)
    }

    @Test func `whoever waits for a lane holds up nobody in another`() async {
        let gate = gate(GateLimits(concurrency: 2))
        #expect(await gate.enter(call("a")) == .granted)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                #expect(await gate.enter(self.call("a")) == .granted)
                await gate.leave(self.call("a"), outcome: .answered)
            }
            await untilWaiting(1, at: gate)
            #expect(await gate.enter(call("b")) == .granted)
            await gate.leave(call("b"), outcome: .answered)
            #expect(gate.standing.first?.waiting == 1)
            await gate.leave(call("a"), outcome: .answered)
        }
    }

    @Test func `the rate is waited out in memory, by the store's clock`() async {
        let gate = gate(GateLimits(rate: 10, burst: 1))
        #expect(await gate.enter(call()) == .granted)
        await withTaskGroup(of: Admission.self) { group in
            group.addTask { await gate.enter(self.call()) }
            await clock.untilAsleep(1)
            #expect(gate.standing.first?.underWay == 1)
            clock.advance(by: .milliseconds(100))
            #expect(await group.next() == .granted)
        }
        #expect(gate.standing.first?.underWay == 2)
    }

    @Test func `a task that is cancelled waits for the rate no longer`() async {
        let gate = gate(GateLimits(rate: 1, burst: 1))
        #expect(await gate.enter(call()) == .granted)
        await withTaskGroup(of: Admission.self) { group in
            group.addTask { await gate.enter(self.call()) }
            await clock.untilAsleep(1)
            group.cancelAll()
            guard case .later? = await group.next() else {
                Issue.record("it went on although it was cancelled")
                return
            }
        }
    }

    @Test func `whoever waits is told to come back when the counterparty is switched off`() async {
        let gate = gate(GateLimits(concurrency: 1))
        #expect(await gate.enter(call()) == .granted)
        await withTaskGroup(of: Admission.self) { group in
            group.addTask { await gate.enter(self.call()) }
            await untilWaiting(1, at: gate)
            gate.setSwitch("toy", off: true, why: "ada: doubles seen")
            await gate.leave(call(), outcome: .answered)
            guard case .later? = await group.next() else {
                Issue.record("a call began although its counterparty is switched off")
                return
            }
        }
        #expect(
            gate.standing == [
                GateStanding(
                    counterparty: "toy", switchedOffWhy: "ada: doubles seen", isBreakerOpen: false, underWay: 0,
                    waiting: 0, failures: 0, failingSince: nil, lastCode: nil, closedUntil: nil)
            ])
        #expect(await gate.enter(call(nil, "other")) == .granted, "another counterparty is called as before")
    }

    @Test func `whoever waits is told to come back when the breaker opens`() async {
        let gate = gate(GateLimits(concurrency: 1, breakerFailures: 1, breakerPause: .seconds(9)))
        #expect(await gate.enter(call()) == .granted)
        await withTaskGroup(of: Admission.self) { group in
            group.addTask { await gate.enter(self.call()) }
            await untilWaiting(1, at: gate)
            await gate.leave(call(), outcome: .failed(CallFailure(code: "timeout")))
            #expect(await group.next() == .later(at: clock.now() + .seconds(9), reason: "circuit breaker open"))
        }
        #expect(gate.standing.first?.isBreakerOpen == true)
    }

    @Test func `exactly as many wait as the limit allows`() async {
        let gate = gate(GateLimits(concurrency: 1, waiting: 1))
        #expect(await gate.enter(call()) == .granted)
        await withTaskGroup(of: Admission.self) { group in
            group.addTask { await gate.enter(self.call()) }
            await untilWaiting(1, at: gate)
            guard case .later = await gate.enter(call()) else {
                Issue.record("one more waits than may")
                return
            }
            await gate.leave(call(), outcome: .answered)
            #expect(await group.next() == .granted)
        }
    }

    @Test func `an outage is told in one line a turn, with the code, since when and until when`() async {
        let (clock, heard) = (clock, TurnRecorder())
        let begun = clock.now()
        let gate = Gate(
            limits: ["toy": GateLimits(breakerFailures: 2, breakerPause: .seconds(9))], clock: clock, events: heard)
        let failure = CallOutcome.failed(CallFailure(code: "timeout"))
        for _ in 0..<2 {
            #expect(await gate.enter(call()) == .granted)
            await gate.leave(call(), outcome: failure)
            clock.advance(by: .seconds(1))
        }
        for _ in 0..<50 { _ = await gate.enter(call()) }
        let until = begun + .seconds(10)
        #expect(
            heard.all == [GateTurn(.breakerOpened, code: "timeout", failures: 2, since: begun, until: until)],
            "the fifty that were held back are no line each")
        #expect(gate.standing.first?.closedUntil == until)
        #expect(gate.standing.first?.failingSince == begun)
        clock.advance(to: until)
        #expect(await gate.enter(call()) == .granted)
        await gate.leave(call(), outcome: .answered)
        #expect(heard.all.map(\.kind) == [.breakerOpened, .breakerTrying, .breakerClosed])
        #expect(gate.standing.first?.failures == 0)
    }

    // MARK: Money in flight

    private func stake(_ amount: Int128, _ asset: String = "SGD") -> Exposure {
        Exposure(asset: asset, amount: amount, decimals: 2)
    }

    @Test func `no more is at stake than the limit allows`() {
        let gate = gate(GateLimits(), money: ["SGD": 100])
        #expect(gate.reserve(stake(60)) == .granted)
        #expect(gate.reserve(stake(40)) == .granted, "the limit itself may be at stake")
        let full = Admission.later(at: clock.now() + .seconds(5), reason: "limit on SGD in flight")
        #expect(gate.reserve(stake(1)) == full)
        gate.adjust("SGD", by: -60)
        #expect(gate.reserve(stake(61)) == full, "what was held back took nothing")
        #expect(gate.reserve(stake(60)) == .granted)
    }

    @Test func `an order that no room would ever be enough for is not kept waiting`() {
        let gate = gate(GateLimits(), money: ["SGD": 100])
        let reason =
            "this order alone puts 1.01 SGD at stake, and the limit on money in flight is 1.00 SGD: raise "
            + "money_in_flight.SGD, start again, then resume"
        #expect(gate.reserve(stake(101)) == .never(reason: reason))
        #expect(gate.reserve(stake(100)) == .granted, "what is refused took nothing")
    }

    @Test func `each asset has a limit of its own, or none`() {
        let gate = gate(GateLimits(), money: ["SGD": 100])
        #expect(gate.reserve(stake(Int128(Int64.max), "DABS")) == .granted)
        #expect(gate.reserve(stake(100)) == .granted)
    }

    @Test func `what was at stake before a start is taken without asking`() {
        let gate = gate(GateLimits(), money: ["SGD": 100])
        gate.adjust("SGD", by: 150)
        guard case .later = gate.reserve(stake(1)) else {
            Issue.record("it grants more although the limit is passed")
            return
        }
        gate.adjust("SGD", by: -60)
        #expect(gate.reserve(stake(10)) == .granted)
    }
}

/// Keeps what a gate tells.
private final class TurnRecorder: EventSink {
    private let turns = Locked<[GateTurn]>([])

    var all: [GateTurn] { turns.withLock { $0 } }

    func record(_ event: EngineEvent) {
        guard case .turned("toy", let turn) = event else { return }
        turns.withLock { $0.append(turn) }
    }
}
