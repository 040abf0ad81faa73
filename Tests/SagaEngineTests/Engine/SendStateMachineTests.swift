import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct SendStateMachineTests {
    private let now = Sample.now
    private let policy = RetryPolicy(initial: .seconds(1), cap: .seconds(8), attempts: 3)

    @Test(arguments: SendCase.all) func `a request is delivered only after its intent is durable`(_ sample: SendCase) {
        var machine = sample.machine(policy)
        switch machine.handle(.begin, now: now, entropy: StillEntropy()) {
        case .persistIntent: #expect(!sample.isKnown)
        case .ask: #expect(sample.isKnown)
        case let other: Issue.record("\(sample): begins with \(other)")
        }
    }

    @Test(arguments: SendCase.all.filter(\.isKnown)) func `after a restart it is asked about first`(_ sample: SendCase)
    {
        var machine = sample.machine(policy)
        #expect(machine.handle(.begin, now: now, entropy: StillEntropy()) == .ask)
    }

    @Test(arguments: SendCase.all.filter { !$0.isKnown })
    func `a first send asks first after a restore, and only then`(_ sample: SendCase) {
        var machine = sample.machine(policy)
        let action = machine.handle(.intentDurable(at: now), now: now, entropy: StillEntropy())
        #expect(action == (sample.life == .original ? .deliver : .ask))
        #expect(machine.intendedAt == now)
    }

    @Test(arguments: SendCase.all) func `an absence leads to what the table says`(_ sample: SendCase) {
        var machine = sample.machine(policy)
        if !sample.isKnown { _ = machine.handle(.intentDurable(at: now), now: now, entropy: StillEntropy()) }
        let action = machine.handle(.found(.absent(Sample.exchange)), now: now, entropy: StillEntropy())
        #expect(action == sample.afterAbsence, "\(sample)")
    }

    @Test(arguments: SendCase.all.filter { !$0.recognises })
    func `a party that forgets keys is sent to again only after proved absence`(_ sample: SendCase) {
        var machine = sample.machine(policy)
        if !sample.isKnown { _ = machine.handle(.intentDurable(at: now), now: now, entropy: StillEntropy()) }
        switch machine.handle(.found(.absent(Sample.exchange)), now: now, entropy: StillEntropy()) {
        case .deliver: #expect(!sample.isKnown && sample.life != .restoredJustNow)
        case .persistResend: #expect(sample.last == .absentLongEnough)
        case .pause(let attempt, let until):
            #expect(attempt.result == .absent && attempt.next == until)
            #expect(!attempt.isFailure, "waiting for the quiet time uses up no attempt")
        case let other: Issue.record("\(sample): \(other)")
        }
    }

    @Test func `an absence proves nothing before the quiet time`() {
        let sample = SendCase(isKnown: true, life: .original, retention: .none, last: .absentJustNow)
        var machine = sample.machine(policy)
        let moment = sample.absenceProves
        let early = machine.handle(
            .found(.absent(Sample.exchange)), now: moment + .milliseconds(-1), entropy: StillEntropy())
        #expect(early == .pause(Sample.attempt(.absent, code: "quiet_time", next: moment), until: moment))
        let due = machine.handle(.found(.absent(Sample.exchange)), now: moment, entropy: StillEntropy())
        #expect(due == .persistResend(sample.resend))
        #expect(machine.handle(.resendDurable, now: moment, entropy: StillEntropy()) == .deliver)
    }

    @Test func `a proved absence is spent by the send it allows`() {
        var machine = SendCase(isKnown: true, life: .original, retention: .none, last: .absentLongEnough)
            .machine(policy)
        let absent = SendStateMachine.Event.found(.absent(Sample.exchange))
        _ = machine.handle(absent, now: now, entropy: StillEntropy())
        let again = machine.handle(absent, now: now, entropy: StillEntropy())
        let quiet = now + Sample.quiet
        #expect(again == .pause(Sample.attempt(.absent, code: "quiet_time", next: quiet), until: quiet))
    }

    @Test func `whoever takes over a second send waits for a quiet time of its own`() {
        let stage = StageState()
        stage.intend(Sample.intent(), at: now + .hours(-1))
        stage.lastAttempt = Dated(value: Sample.attempt(.resending, verb: .deliver), at: now)
        var machine = SendStateMachine(
            stage: stage, terms: Sample.terms(), policy: policy,
            incarnation: Incarnation(number: 0, since: Timestamp(milliseconds: 0)))
        #expect(machine.handle(.begin, now: now, entropy: StillEntropy()) == .ask)
        let action = machine.handle(.found(.absent(Sample.exchange)), now: now, entropy: StillEntropy())
        let quiet = now + Sample.quiet
        #expect(action == .pause(Sample.attempt(.absent, code: "quiet_time", next: quiet), until: quiet))
    }

    @Test(arguments: SendCase.all) func `every other answer means the same in every state`(_ sample: SendCase) {
        for (event, expected) in answers {
            var machine = sample.machine(policy)
            if !sample.isKnown { _ = machine.handle(.intentDurable(at: now), now: now, entropy: StillEntropy()) }
            #expect(machine.handle(event, now: now, entropy: StillEntropy()) == expected, "\(sample) \(event)")
        }
    }

    private var answers: [(SendStateMachine.Event, SendStateMachine.Action)] {
        let (exchange, failure) = (Sample.exchange, Sample.failure)
        let next = now + .milliseconds(1)
        func pause(_ result: AttemptBody.Result, _ verb: CallVerb) -> SendStateMachine.Action {
            .pause(Sample.attempt(result, verb: verb, next: next), until: next)
        }
        return [
            (.delivered(.receipt(Sample.receipt, exchange)), .accept(Sample.receipt, exchange, by: .deliver)),
            (.delivered(.refused(Sample.reason, exchange)), .refuse(Sample.reason, exchange, by: .deliver)),
            (.delivered(.notDelivered(failure, exchange)), pause(.notDelivered, .deliver)),
            (.delivered(.unknown(failure, exchange)), pause(.unknown, .deliver)),
            (.found(.found(Sample.receipt, exchange)), .accept(Sample.receipt, exchange, by: .find)),
            (.found(.refused(Sample.reason, exchange)), .refuse(Sample.reason, exchange, by: .find)),
            (.found(.notYetKnown(failure, exchange)), pause(.notYetKnown, .find)),
        ]
    }

    @Test func `exhaustion pauses for ever`() {
        for event in [
            SendStateMachine.Event.delivered(.notDelivered(Sample.failure, Sample.exchange)),
            .delivered(.unknown(Sample.failure, Sample.exchange)),
            .found(.notYetKnown(Sample.failure, Sample.exchange)),
        ] {
            let stage = StageState()
            stage.intend(Sample.intent(), at: now)
            stage.failures = policy.attempts - 1
            var machine = SendStateMachine(
                stage: stage, terms: Sample.terms(), policy: policy,
                incarnation: Incarnation(number: 0, since: Timestamp(milliseconds: 0)))
            guard case .pause(let attempt, until: nil) = machine.handle(event, now: now, entropy: StillEntropy()) else {
                Issue.record("\(event) does not exhaust the policy")
                continue
            }
            #expect(attempt.next == nil)
            #expect(machine.failures == policy.attempts)
        }
    }

    @Test func `a counterparty that asks us to come back later is not asked sooner`() {
        var machine = SendCase(isKnown: true, life: .original, retention: .forever, last: .none).machine(policy)
        let failure = CallFailure(code: "rate_limited", retryAfter: .minutes(7))
        let action = machine.handle(
            .found(.notYetKnown(failure, Sample.exchange)), now: now, entropy: StillEntropy())
        guard case .pause(_, let until) = action else {
            Issue.record("it does not pause: \(action)")
            return
        }
        #expect(until == now + .minutes(7))
    }
}
