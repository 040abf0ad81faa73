import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct ContradictionTests {
    private let ann = Operator(name: "ann", role: .operator)
    private static let refused = Notice.Verdict.refused(Sample.reason)
    private static let settled = Receipt(id: "T-PAY-1/pay#0", state: .settled, facts: ["amount": "42"])

    private func paying(_ party: ToyParty, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.use(Bench.Setup(party: party)) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await body(bench)
        }
    }

    /// A party that refuses what it is told first.
    private func refusing() -> ToyParty {
        let party = ToyParty()
        party.state.withLock { $0.script = [.refused(Sample.reason, Sample.exchange)] }
        return party
    }

    private func snapshot(_ bench: Bench) async throws -> SagaSnapshot {
        let inspection = Inspection(
            archive: bench.memory, registry: bench.runner.services.registry, digest: PlainSHA256(), singleHanded: true)
        return try #require(try await inspection.snapshot(of: bench.id))
    }

    private func conflicts(_ bench: Bench) async throws -> [String] {
        try await snapshot(bench).conflicts.map(\.notice.id)
    }

    private func standing(_ id: String, _ bench: Bench) async throws -> NoticeStanding? {
        try await bench.memory.notices(NoticeQuery()).first { $0.notice.id == id }?.standing
    }

    /// The message with which an action is refused.
    private func refusal(of action: OperatorAction, _ bench: Bench) async throws -> String {
        let refused = await #expect(throws: ActionRefused.self) { try await bench.act(action) }
        #expect(refused?.code == .state)
        return refused?.message ?? ""
    }

    /// Nothing stands in the counterparty's books; the notice is put aside.
    private func clearUp(_ bench: Bench) async throws {
        bench.party.state.withLock { $0.effects = [:] }
        let shown = try #require(try await snapshot(bench).conflicts.first)
        let isMarked = try await bench.pass { try await standing(shown.notice.id, bench) == .conflicting }
        try #require(isMarked)
        let bound = try await bench.operations.bind(
            notice: shown.number, to: nil, by: ann, reason: "nothing stands there")
        #expect(bound == .late)
        #expect(try await conflicts(bench) == [])
    }

    // MARK: Settled after a refusal

    @Test func `a settlement after a refusal at delivery is shown, and nothing is paid again before it is cleared up`()
        async throws
    {
        try await paying(refusing()) { bench in
            try await bench.until(.stuck, cause: .refused)
            try await bench.tell("pay#0", id: "n1")
            #expect(try await conflicts(bench) == ["n1"])
            let isMarked = try await bench.pass { try await standing("n1", bench) == .conflicting }
            #expect(isMarked)
            #expect(try await !snapshot(bench).actions.contains("resume"))
            let message = try await refusal(of: .resume, bench)
            for part in ["notice 1", "PAY-1/pay#0", "notices bind 1", "toy's books"] { #expect(message.contains(part)) }
            try await clearUp(bench)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#1", id: "n2")
            try await bench.until(.completed)
            #expect(try await standing("n1", bench) == .late)
            #expect(bench.party.state.withLock { $0.deliveries } == 2)
        }
    }

    @Test func `a settlement after a refusal that was found by asking is shown`() async throws {
        try await paying(ToyParty(settlement: .noticeOrFind)) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            bench.party.state.withLock { $0.answers = [.refused(Sample.reason, Sample.exchange)] }
            try await bench.act(.retry)
            try await bench.until(.stuck, cause: .refused)
            try await bench.tell("pay#0", id: "n1")
            #expect(try await conflicts(bench) == ["n1"])
            _ = try await refusal(of: .resume, bench)
            try await clearUp(bench)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
        }
    }

    @Test func `a settlement that comes while the refusal is on its way is shown all the same`() async throws {
        let party = refusing()
        try await Bench.use(Bench.Setup(party: party)) { bench in
            let notice = party.notice("PAY-1/pay#0", amount: "42", id: "n1")
            // It is there before the saga expects it, and is adopted with the intent.
            _ = try await bench.operations.accept(notice)
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.stuck, cause: .refused)
            let isMarked = try await bench.pass { try await standing("n1", bench) == .conflicting }
            #expect(isMarked)
            _ = try await refusal(of: .resume, bench)
        }
    }

    @Test func `a settlement of an earlier key is shown while the next one is under way, and at the end`() async throws
    {
        try await paying(refusing()) { bench in
            try await bench.until(.stuck, cause: .refused)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0", id: "n1")
            let isMarked = try await bench.pass { try await standing("n1", bench) == .conflicting }
            #expect(isMarked)
            // Going on waiting pays nothing twice, so it is not held up.
            try await bench.act(.retry)
            try await bench.tell("pay#1", id: "n2")
            try await bench.until(.completed)
            #expect(try await conflicts(bench) == ["n1"])
            try await bench.tell("pay#0", id: "n3")
            #expect(try await standing("n3", bench) == .conflicting)
            try await bench.tell("pay#1", id: "n4")
            #expect(try await standing("n4", bench) == .late)
        }
    }

    @Test func `a second refusal does not make the settlement of the first key forgotten`() async throws {
        try await paying(refusing()) { bench in
            try await bench.until(.stuck, cause: .refused)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0", id: "n1")
            try await bench.tell("pay#1", id: "n2", verdict: Self.refused)
            try await bench.until(.stuck, cause: .refused)
            #expect(try await refusal(of: .resume, bench).contains("PAY-1/pay#0"))
            try await clearUp(bench)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(try await bench.journal().contains { $0.kind == .intent && $0.refusals == 2 })
        }
    }

    @Test func `a settlement that comes after the resume and before the next sending stops that`() async throws {
        let party = refusing()
        let gate = Locked(false)
        var setup = Bench.Setup(party: party)
        setup.gate = { HoldingGate(isHolding: gate, clock: $0) }
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.stuck, cause: .refused)
            gate.withLock { $0 = true }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .heldBack)
            try await bench.tell("pay#0", id: "n1")
            gate.withLock { $0 = false }
            try await bench.until(.stuck, cause: .mismatch)
            #expect(try await bench.predicament().message.contains("bind notice 1"))
            #expect(try await conflicts(bench) == ["n1"])
            for action in [OperatorAction.retry, .resume] { _ = try await refusal(of: action, bench) }
            #expect(party.state.withLock { $0.deliveries } == 1)
            try await clearUp(bench)
            let resolve = OperatorAction.resolve(stage: Sample.stage("pay"), outcome: .settled, evidence: "letter")
            _ = try await refusal(of: resolve, bench)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(party.state.withLock { $0.deliveries } == 2)
        }
    }

    private func remitting(_ party: ToyParty, _ body: (Bench, SagaID) async throws -> Void) async throws {
        var setup = Bench.Setup(party: party)
        setup.register = {
            $0.register(Remittances())
            $0.register(Remittance())
        }
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Remittances.flow, input: Array("[41]".utf8))
            try await body(bench, SagaID(trusted: "PAY-1/pay/P-1000"))
        }
    }

    @Test func `a line is not taken out while a settlement of what was refused stands`() async throws {
        try await remitting(refusing()) { bench, line in
            try await bench.until(.stuck, cause: .refused, of: line)
            try await bench.tell("pay#0", of: line)
            let isMarked = try await bench.pass { try await standing("n1", bench) == .conflicting }
            #expect(isMarked)
            let refused = await #expect(throws: ActionRefused.self) { try await bench.act(.exclude, on: line) }
            #expect(refused?.message.contains("notices bind 1") == true)
            _ = try await bench.operations.bind(notice: 1, to: nil, by: ann, reason: "it was taken back")
            try await bench.act(.exclude, on: line)
            try await bench.until(.completed, of: line)
        }
    }

    @Test func `a line that is being taken out stops at a settlement of what the counterparty says it refused`()
        async throws
    {
        let party = ToyParty()
        party.state.withLock {
            $0.script = [.unknown(CallFailure(code: "timeout", retryAfter: .hours(1)), Sample.exchange)]
            $0.answers = [.refused(Sample.reason, Sample.exchange)]
        }
        try await remitting(party) { bench, line in
            // It waits for the moment to ask, so that the notice does not wake it.
            try await bench.until(.waiting, cause: .awaitingRetry, of: line)
            try await bench.tell("pay#0", of: line)
            try await bench.act(.exclude, on: line)
            try await bench.until(.stuck, cause: .mismatch, of: line)
            #expect(try await bench.predicament(line).message.contains("notice 1"))
            #expect(try await standing("n1", bench) == .conflicting)
            await #expect(throws: ActionRefused.self) { try await bench.act(.resume, on: line) }
            _ = try await bench.operations.bind(notice: 1, to: nil, by: ann, reason: "it was taken back")
            try await bench.act(.resume, on: line)
            try await bench.until(.completed, of: line)
        }
    }

    // MARK: Refused after a settlement

    @Test func `a refusal after a settlement that was found by asking is shown even when the saga has ended`()
        async throws
    {
        try await paying(ToyParty(settlement: .noticeOrFind)) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            bench.party.state.withLock { $0.answers = [.found(Self.settled, Sample.exchange)] }
            try await bench.act(.retry)
            try await bench.until(.completed)
            try await bench.tell("pay#0", id: "n1", verdict: Self.refused)
            #expect(try await conflicts(bench) == ["n1"])
            try await clearUp(bench)
        }
    }

    @Test func `a refusal after a settlement that persons resolved is shown even when the saga has ended`() async throws
    {
        try await paying(ToyParty()) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.act(.resolve(stage: Sample.stage("paid"), outcome: .settled, evidence: "letter"))
            try await bench.until(.completed)
            try await bench.tell("pay#0", id: "n1", verdict: Self.refused)
            #expect(try await standing("n1", bench) == .conflicting)
            try await bench.tell("pay#0", id: "n2")
            #expect(try await standing("n2", bench) == .late)
        }
    }

    // MARK: Settled with other facts than those that were taken

    @Test func `a settlement of another amount is shown when a notice settled the order, and holds nothing up`()
        async throws
    {
        try await paying(ToyParty()) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0", id: "n1")
            try await bench.until(.completed)
            try await bench.tell("pay#0", amount: "1", id: "n2")
            try await bench.tell("pay#0", id: "n3")
            #expect(try await conflicts(bench) == ["n2"])
            #expect(try await standing("n3", bench) == .late)
            try await clearUp(bench)
        }
    }

    @Test func `a settlement of another amount is shown when asking or a person settled the order`() async throws {
        try await paying(ToyParty(settlement: .noticeOrFind)) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            bench.party.state.withLock { $0.answers = [.found(Self.settled, Sample.exchange)] }
            try await bench.act(.retry)
            try await bench.until(.completed)
            try await bench.tell("pay#0", amount: "1", id: "n1")
            #expect(try await conflicts(bench) == ["n1"])
        }
        try await paying(ToyParty()) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.act(.resolve(stage: Sample.stage("paid"), outcome: .settled, evidence: "letter"))
            try await bench.until(.completed)
            try await bench.tell("pay#0", amount: "1", id: "n1")
            #expect(try await conflicts(bench) == ["n1"])
        }
    }

    /// Sends, is told that it is settled, and goes on to wait for a second order.
    private func payingTwice(_ party: ToyParty, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.run(
            Bench.Setup(party: party),
            { amount, saga in
                try await saga.pointOfNoReturn()
                let first = try await saga.send(.one, Pay(amount: amount + 1))
                _ = try await saga.receive(.two, from: first, within: .hours(1))
                let second = try await saga.send(.three, Pay(amount: amount + 1))
                return try await saga.receive(.four, from: second, within: .hours(1)).instruction.amount
            }, then: body)
    }

    @Test func `a settlement of another amount is shown while the saga goes on, whatever settled the order`()
        async throws
    {
        try await payingTwice(ToyParty(settlement: .noticeOrFind)) { bench in
            try await bench.until(.waiting, cause: .awaitingNotice)
            bench.party.state.withLock {
                let receipt = Receipt(id: "T-PAY-1/one#0", state: .settled, facts: ["amount": "42"])
                $0.answers = [.found(receipt, Sample.exchange)]
            }
            try await bench.act(.retry)
            let isOn = try await bench.pass {
                try await bench.row().standing.readPredicament()?.stage == Sample.stage("four")
            }
            try #require(isOn)
            try await bench.tell("one#0", amount: "1", id: "n1")
            let isMarked = try await bench.pass { try await standing("n1", bench) == .conflicting }
            #expect(isMarked)
            try await bench.tell("one#0", id: "n2")
            let isLate = try await bench.pass { try await standing("n2", bench) == .late }
            #expect(isLate)
            #expect(try await conflicts(bench) == ["n1"])
            #expect(try await snapshot(bench).actions.contains("retry"))
            try await bench.tell("three#0", id: "n3")
            try await bench.until(.completed)
        }
    }

    @Test func `of two notices that come at once and state different amounts the second is a conflict`() async throws {
        let party = ToyParty()
        try await Bench.use(Bench.Setup(party: party)) { bench in
            // Both are there before the saga expects them, and are adopted with the intent.
            for (amount, id) in [("42", "n1"), ("1", "n2"), ("42", "n3")] {
                _ = try await bench.operations.accept(party.notice("PAY-1/pay#0", amount: amount, id: id))
            }
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.completed)
            #expect(try await conflicts(bench) == ["n2"])
            #expect(try await standing("n3", bench) == .late)
        }
    }

    // MARK: The pure part

    @Test func `what is contradicted is the reference and its counterparty, and the opposite verdict`() throws {
        let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent()))]
        let refused = try SagaState.after(sent + [("pay", .refusedByParty)])
        #expect(try refused.contradictions(among: [Sample.notice(1)]).map(\.order.rawValue) == ["pay"])
        #expect(try refused.contradictions(among: [Sample.notice(1, Self.refused)]).isEmpty)
        #expect(try refused.contradictions(among: [Sample.notice(1, .progress("soon"))]).isEmpty)
        let other = Notice.Claim(reference: "S-1/pay#1", verdict: .settled, facts: [:])
        for notice in [
            Notice(source: "toy", id: "n1", claim: other, body: [], headers: ""),
            Notice(source: "bank", id: "n1", claim: Sample.notice(1).notice.claim, body: [], headers: ""),
        ] {
            let stored = StoredNotice(number: 1, notice: notice, receivedAt: Sample.now, standing: .fresh)
            #expect(try refused.contradictions(among: [stored]).isEmpty)
        }
        let open = try SagaState.after(sent + [("pay", .accepted())])
        #expect(try open.contradictions(among: [Sample.notice(1), Sample.notice(2, Self.refused)]).isEmpty)
        let settled = try SagaState.after(sent + [("pay", .accepted()), ("paid", .told("pay"))])
        #expect(
            try settled.contradictions(among: [Sample.notice(1), Sample.notice(2, Self.refused)]).map(\.notice.number)
                == [2])
    }
}

/// Pays everybody, one child each, any of whom can be taken out.
private struct Remittances: Saga {
    typealias Input = [Int64]
    typealias Output = Int
    static let name = "remittances"
    enum Stage: String, SagaStage { case pay }

    func run(_ input: [Int64], in saga: SagaContext<Stage>) async throws -> Int {
        try await saga.pointOfNoReturn()
        return try await saga.forEach(.pay, in: Payroll.Amounts(amounts: input), run: Remittance.self).count
    }
}

private struct Remittance: Saga, Excludable {
    typealias Input = Payout.Input
    typealias Output = Payout.Output
    static let name = "remittance"
    enum Stage: String, SagaStage { case pay, paid }
    static let excludedBy: [Stage] = [.pay]
    static let exclusion = "paid by hand"

    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output {
        let order = try await saga.send(.pay, Pay(amount: input.amount))
        return Output(amount: try await saga.receive(.paid, from: order, within: .hours(1)).instruction.amount)
    }

    func exclude(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output { Output(amount: 0) }
}

/// Holds back what would put more at stake for as long as it is told to.
private struct HoldingGate: Gatekeeper {
    let isHolding: Locked<Bool>
    let clock: any SagaClock

    func enter(_ call: GateCall) async -> Admission { .granted }
    func leave(_ call: GateCall, outcome: CallOutcome) async {}
    func adjust(_ asset: String, by amount: Int128) {}
    func recount(_ exposures: [Exposure]) {}

    func reserve(_ exposure: Exposure) -> Admission {
        isHolding.withLock { $0 } ? .later(at: clock.now() + .seconds(1), reason: "held by the test") : .granted
    }
}
