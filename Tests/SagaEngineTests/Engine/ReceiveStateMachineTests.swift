import Testing

@testable import SagaEngine

@Suite struct ReceiveStateMachineTests {
    private typealias Action = ReceiveStateMachine.Action
    private let now = Sample.now
    private let patience = Span.minutes(1)
    private let policy = NoticePolicy(
        patience: .minutes(1), asking: RetryPolicy(initial: .seconds(4), cap: .seconds(16), attempts: 1))

    private func machine(
        _ stage: StageState = StageState(), settlesByFind: Bool = false, within: Span = .hours(1),
        hastenedAt: Timestamp? = nil
    ) -> ReceiveStateMachine {
        ReceiveStateMachine(
            stage: stage, expected: AwaitedClaim(operation: "pay", receiptID: "T-1", facts: ["amount": "5"]),
            policy: policy, settlesByFind: settlesByFind, acceptedAt: now, within: within, hastenedAt: hastenedAt)
    }

    private func stage(asked next: Timestamp) -> StageState {
        let stage = StageState()
        stage.lastAttempt = Dated(value: Sample.attempt(.promised, verb: .requestNotice, next: next), at: now)
        return stage
    }

    // MARK: Notices

    @Test func `a notice that fits is taken, whatever the time`() {
        let stored = Sample.notice(1)
        for moment in [now, now + patience, now + .hours(1), now + .hours(1_000)] {
            #expect(machine().consider([stored], now: moment) == .take(stored))
        }
    }

    @Test func `a notice may say more than was asked for, and nothing else or less`() {
        let more = Sample.notice(1, facts: ["fee": "0.10", "amount": "5"])
        #expect(machine().consider([more], now: now) == .take(more))
        let other = Sample.notice(1, facts: ["amount": "6"])
        let differs = FactMismatch(name: "amount", expected: "5", actual: "6")
        #expect(machine().consider([other], now: now) == .contradict(other, [differs]))
        let less = Sample.notice(1, facts: ["asset": "SGD"])
        let missing = FactMismatch(name: "amount", expected: "5", actual: nil)
        #expect(machine().consider([less], now: now) == .contradict(less, [missing]))
    }

    @Test(arguments: [Notice.Verdict.settled, .refused(Sample.reason)])
    func `a notice about another operation or another order of the counterparty's decides nothing`(
        _ verdict: Notice.Verdict
    ) {
        let other = Sample.notice(1, verdict, operation: "mint", receiptID: "T-1")
        let operation = FactMismatch(name: "operation", expected: "pay", actual: "mint")
        #expect(machine().consider([other], now: now) == .contradict(other, [operation]))
        let foreign = Sample.notice(1, verdict, facts: ["amount": "6"], operation: "pay", receiptID: "T-2")
        let differing = [
            FactMismatch(name: "id", expected: "T-1", actual: "T-2"),
            FactMismatch(name: "amount", expected: "5", actual: "6"),
        ]
        #expect(machine().consider([foreign], now: now) == .contradict(foreign, differing))
    }

    @Test func `a notice that names the operation and the order is taken`() {
        let named = Sample.notice(1, operation: "pay", receiptID: "T-1")
        #expect(machine().consider([named], now: now) == .take(named))
    }

    @Test func `a refusal need not repeat what it refuses`() {
        let terse = Sample.notice(1, .refused(Sample.reason), facts: [:])
        #expect(machine().consider([terse], now: now) == .refuse(Sample.reason, notice: 1))
    }

    @Test func `a notice of progress decides nothing`() {
        let progress = Sample.notice(1, .progress("checking"))
        #expect(machine().consider([progress], now: now) == .wait(until: now + patience, overdue: false))
        let settled = Sample.notice(2)
        #expect(machine().consider([progress, settled], now: now) == .take(settled))
    }

    @Test func `the first notice that is final decides`() {
        let refused = Sample.notice(1, .refused(Sample.reason))
        let settled = Sample.notice(2)
        #expect(machine().consider([refused, settled], now: now) == .refuse(Sample.reason, notice: 1))
        #expect(machine().consider([settled, refused], now: now) == .take(settled))
    }

    @Test func `what a person has set aside is looked at no more`() {
        let stage = StageState()
        stage.dismiss(1)
        let wrong = Sample.notice(1, facts: ["amount": "6"])
        let right = Sample.notice(2)
        #expect(machine(stage).consider([wrong, right], now: now) == .take(right))
        #expect(machine(stage).consider([wrong], now: now) == .wait(until: now + patience, overdue: false))
    }

    // MARK: Asking

    @Test(arguments: [true, false])
    func `nothing is asked before patience has run out`(_ settlesByFind: Bool) {
        let machine = machine(settlesByFind: settlesByFind)
        let early = machine.consider([], now: now + patience + .milliseconds(-1))
        #expect(early == .wait(until: now + patience, overdue: false))
        #expect(machine.consider([], now: now + patience) == (settlesByFind ? .ask : .requestNotice))
    }

    @Test func `the last answer says when to ask again`() {
        let next = now + .minutes(9)
        let machine = machine(stage(asked: next), settlesByFind: true)
        #expect(machine.consider([], now: now + .minutes(8)) == .wait(until: next, overdue: false))
        #expect(machine.consider([], now: next) == .ask)
    }

    @Test func `a person hastens the question once`() {
        let hastened = now + .seconds(2)
        #expect(machine(hastenedAt: hastened).consider([], now: hastened) == .requestNotice)
        let asked = machine(stage(asked: now + .minutes(9)), hastenedAt: hastened)
        #expect(asked.consider([], now: hastened) == .wait(until: now + .minutes(9), overdue: false))
        let older = machine(hastenedAt: now + .milliseconds(-1))
        #expect(older.consider([], now: now) == .wait(until: now + patience, overdue: false))
    }

    @Test func `a settlement found settles, if it is what was asked for`() {
        var machine = machine(settlesByFind: true)
        let settled = Receipt(id: "T-1", state: .settled, facts: ["amount": "5"])
        let (action, attempt) = machine.handle(
            .found(settled, Sample.exchange), now: now, entropy: StillEntropy())
        #expect(action == .settle(settled, Sample.exchange))
        #expect(attempt == nil)
        let other = Receipt(id: "T-1", state: .settled, facts: ["amount": "6"])
        let (contradiction, none) = machine.handle(.found(other, Sample.exchange), now: now, entropy: StillEntropy())
        #expect(contradiction == .contradictFound([FactMismatch(name: "amount", expected: "5", actual: "6")]))
        #expect(none == nil)
    }

    @Test func `a refusal found is a refusal`() {
        var machine = machine(settlesByFind: true)
        let (action, attempt) = machine.handle(
            .refused(Sample.reason, Sample.exchange), now: now, entropy: StillEntropy())
        #expect(action == .refuseFound(Sample.reason, Sample.exchange))
        #expect(attempt == nil)
    }

    @Test(arguments: [
        (Finding.found(Sample.receipt, Sample.exchange), "pending"),
        (.absent(Sample.exchange), "absent_after_receipt"),
        (.notYetKnown(Sample.failure, Sample.exchange), "timeout"),
    ])
    func `an answer that settles nothing is kept and asked for again`(_ finding: Finding, _ code: String) {
        var machine = machine(settlesByFind: true)
        let moment = now + patience
        let (action, attempt) = machine.handle(finding, now: moment, entropy: StillEntropy(bits: 999))
        let next = moment + .seconds(1)
        #expect(action == .wait(until: next, overdue: false))
        #expect(attempt == Sample.attempt(.notYetKnown, code: code, next: next))
    }

    @Test func `a promise is no failure, and a failed request is one`() {
        var machine = machine()
        let next = now + .milliseconds(1)
        let (_, promised) = machine.handle(.promised(Sample.exchange), now: now, entropy: StillEntropy())
        #expect(promised == Sample.attempt(.promised, verb: .requestNotice, code: "promised", next: next))
        #expect(promised?.isFailure == false)
        let (_, failed) = machine.handle(
            .failed(CallFailure(code: "http_503", retryAfter: .minutes(2)), Sample.exchange), now: now,
            entropy: StillEntropy())
        let later = now + .minutes(2)
        #expect(failed == Sample.attempt(.failed, verb: .requestNotice, code: "http_503", next: later))
        #expect(failed?.isFailure == true)
    }

    @Test func `asking never ends, and grows rarer up to the cap`() {
        var machine = machine(within: .hours(100_000))
        var longest: [Int64] = []
        for _ in 0..<6 {
            let (_, attempt) = machine.handle(
                .promised(Sample.exchange), now: now, entropy: StillEntropy(bits: 15_999))
            longest.append(((attempt?.next ?? now) - now).milliseconds)
        }
        #expect(longest == [4_000, 8_000, 16_000, 16_000, 16_000, 16_000])
    }

    // MARK: The deadline

    @Test func `a deadline only raises an alarm; the wait goes on`() {
        let machine = machine(stage(asked: now + .hours(3)), within: .hours(2))
        #expect(machine.deadline == now + .hours(2))
        let before = machine.consider([], now: machine.deadline + .milliseconds(-1))
        #expect(before == .wait(until: machine.deadline, overdue: false), "it wakes for the alarm")
        #expect(machine.consider([], now: machine.deadline) == .wait(until: now + .hours(3), overdue: true))
        #expect(machine.consider([], now: now + .hours(3)) == .requestNotice, "it is still asked for")
        let late = Sample.notice(1)
        #expect(machine.consider([late], now: now + .hours(3)) == .take(late), "a late notice still completes it")
    }
}
