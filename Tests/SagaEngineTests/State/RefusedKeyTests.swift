import SagaTestKit
import Testing

@testable import SagaEngine

/// A further key stands on a refusal: what the store holds against that is looked at right before each sending.
@Suite struct RefusedKeyTests {
    private let ann = Operator(name: "ann", role: .operator)
    private static let unsent = Delivery.notDelivered(CallFailure(code: "connect_failed"), Sample.exchange)

    /// A party that refuses what it is told first, and after that does what the script says.
    private func refusing(
        then script: [Delivery] = [], keyRetention: CounterpartyTerms.KeyRetention = .none
    ) -> ToyParty {
        let party = ToyParty(quietTime: .seconds(2), keyRetention: keyRetention)
        party.state.withLock { $0.script = [.refused(Sample.reason, Sample.exchange)] + script }
        return party
    }

    private func paying(_ setup: Bench.Setup, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.stuck, cause: .refused)
            try await body(bench)
        }
    }

    private func snapshot(_ bench: Bench, of saga: SagaID? = nil) async throws -> SagaSnapshot {
        let inspection = Inspection(
            archive: bench.memory, registry: bench.runner.services.registry, digest: PlainSHA256(), singleHanded: true)
        return try #require(try await inspection.snapshot(of: saga ?? bench.id))
    }

    private func has(_ kind: EntryKind, refusals: Int, _ bench: Bench) async throws -> Bool {
        try await bench.journal().contains { $0.kind == kind && $0.refusals == refusals }
    }

    /// The saga is stuck over notice 1, nothing was sent and nothing offered that would send; then it is put aside.
    private func isHeldUp(_ bench: Bench, deliveries: Int = 1, of saga: SagaID? = nil) async throws {
        try await bench.until(.stuck, cause: .mismatch, of: saga)
        let predicament = try await bench.predicament(saga)
        #expect(predicament.notice == 1 && predicament.message.contains("bind notice 1"))
        #expect(bench.party.state.withLock { $0.deliveries } == deliveries)
        let snapshot = try await snapshot(bench, of: saga)
        #expect(snapshot.conflicts.map(\.number) == [1])
        #expect(Set(snapshot.actions).isDisjoint(with: ["retry", "resume", "exclude"]))
        for action in [OperatorAction.retry, .resume] {
            let refused = await #expect(throws: ActionRefused.self) { try await bench.act(action, on: saga) }
            #expect(refused?.message.contains("notices bind 1") == true)
        }
        let bound = try await bench.operations.bind(notice: 1, to: nil, by: ann, reason: "nothing stands there")
        #expect(bound == .late)
        try await bench.act(.resume, on: saga)
    }

    /// Pays, is told that it was refused although it was not, and is stuck on that.
    private func falselyRefused(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0", id: "n1", verdict: .refused(Sample.reason))
            try await bench.until(.stuck, cause: .refused)
            try await body(bench)
        }
    }

    @Test func `before a further key is used, the counterparty is asked whether it still refuses the one before`()
        async throws
    {
        try await falselyRefused { bench in
            try await bench.act(.resume)
            try await bench.until(.stuck, cause: .mismatch)
            #expect(try await bench.predicament().message.contains("PAY-1/pay#0, which it refused, as accepted now"))
            #expect(try await has(.intent, refusals: 1, bench) == false)
            #expect(bench.party.state.withLock { $0.deliveries } == 1)
            bench.party.state.withLock { $0.effects = [:] }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(bench.party.state.withLock { $0.deliveries } == 2)
        }
    }

    @Test func `a refusal that the counterparty cannot speak about yet is asked about until it can`() async throws {
        try await falselyRefused { bench in
            let silence = Finding.notYetKnown(CallFailure(code: "timeout"), Sample.exchange)
            bench.party.state.withLock { $0.answers = [silence, silence, .refused(Sample.reason, Sample.exchange)] }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingRetry)
            #expect(bench.party.state.withLock { $0.deliveries } == 1)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(bench.party.state.withLock { [$0.deliveries, $0.answers.count] } == [2, 0])
        }
    }

    @Test func `questions in vain use up no attempt of the sending that follows`() async throws {
        try await falselyRefused { bench in
            let silence = Finding.notYetKnown(CallFailure(code: "timeout"), Sample.exchange)
            bench.party.state.withLock {
                $0.answers = Array(repeating: silence, count: 12) + [.refused(Sample.reason, Sample.exchange)]
                $0.script = [Self.unsent]
            }
            try await bench.act(.resume)
            let isTried = try await bench.pass { bench.party.state.withLock { $0.deliveries } == 2 }
            #expect(isTried)
            try await bench.until(.waiting, cause: .awaitingRetry)
        }
    }

    /// A party that forgets keys is sent to again after a quiet time, one that remembers them at once.
    @Test(arguments: [CounterpartyTerms.KeyRetention.none, .forever])
    func `an intent that waits to be sent is not sent once what was refused before it is there`(
        keyRetention: CounterpartyTerms.KeyRetention
    ) async throws {
        let isOff = Locked(false)
        let party = refusing(keyRetention: keyRetention)
        var setup = Bench.Setup(party: party)
        setup.gate = { CallGate(isOff: isOff, clock: $0) }
        try await paying(setup) { bench in
            isOff.withLock { $0 = true }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .heldBack)
            #expect(try await has(.intent, refusals: 1, bench))
            party.state.withLock { $0.effects["PAY-1/pay#0"] = ["amount": "42"] }
            isOff.withLock { $0 = false }
            try await bench.until(.stuck, cause: .mismatch)
            #expect(party.state.withLock { $0.deliveries } == 1)
            party.state.withLock { $0.effects = [:] }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(party.state.withLock { $0.deliveries } == 2)
        }
    }

    @Test func `a settlement that comes while the counterparty is switched off stops the key that waits for it`()
        async throws
    {
        let isOff = Locked(false)
        var setup = Bench.Setup(party: refusing())
        setup.gate = { CallGate(isOff: isOff, clock: $0) }
        try await paying(setup) { bench in
            isOff.withLock { $0 = true }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .heldBack)
            #expect(try await has(.intent, refusals: 1, bench))
            try await bench.tell("pay#0", id: "n1")
            await #expect(throws: ActionRefused.self) { try await bench.act(.retry) }
            isOff.withLock { $0 = false }
            try await isHeldUp(bench)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(bench.party.state.withLock { $0.deliveries } == 2)
        }
    }

    @Test func `a settlement that comes after sendings in vain stops the next one`() async throws {
        try await paying(Bench.Setup(party: refusing(then: [Self.unsent]))) { bench in
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingRetry)
            try await bench.tell("pay#0", id: "n1")
            try await isHeldUp(bench, deliveries: 2)
            try await bench.until(.waiting, cause: .awaitingNotice)
        }
    }

    @Test func `a key whose attempts are used up is neither resumed nor tried while the refusal is in doubt`()
        async throws
    {
        var setup = Bench.Setup(party: refusing(then: [Self.unsent]))
        setup.policies = EnginePolicies(fallback: RetryPolicy(initial: .seconds(1), cap: .seconds(1), attempts: 1))
        try await paying(setup) { bench in
            try await bench.act(.resume)
            try await bench.until(.stuck, cause: .exhausted)
            try await bench.tell("pay#0", id: "n1")
            let snapshot = try await snapshot(bench)
            #expect(snapshot.conflicts.map(\.number) == [1])
            #expect(Set(snapshot.actions).isDisjoint(with: ["retry", "resume"]))
            for action in [OperatorAction.retry, .resume] {
                await #expect(throws: ActionRefused.self) { try await bench.act(action) }
            }
            #expect(bench.party.state.withLock { $0.deliveries } == 2)
        }
    }

    @Test func `a settlement that is stored between the last look and the intent stops the sending`() async throws {
        let party = refusing()
        var setup = Bench.Setup(party: party)
        setup.wrap = { base in
            HookedStore(
                base,
                beforeCommit: { batch throws(StoreError) in
                    guard Self.intends(batch, refusals: 1) else { return }
                    let notice = party.notice("PAY-1/pay#0", amount: "42", id: "n1")
                    _ = try await base.commit([.notice(NewNotice(notice: notice))], under: nil)
                })
        }
        try await paying(setup) { bench in
            try await bench.act(.resume)
            try await isHeldUp(bench)
            try await bench.until(.waiting, cause: .awaitingNotice)
        }
    }

    private static func intends(_ batch: [StoreOperation], refusals: Int) -> Bool {
        batch.contains { operation in
            guard case .append(let append) = operation else { return false }
            return append.entries.contains { $0.kind == .intent && $0.refusals == refusals }
        }
    }

    @Test func `a settlement that comes while the sending waits in its lane stops it`() async throws {
        let lane = Locked(Lane())
        var setup = Bench.Setup(party: refusing())
        setup.gate = { _ in LaneGate(lane: lane) }
        try await paying(setup) { bench in
            lane.withLock { $0.isTaken = true }
            try await bench.act(.resume)
            while lane.withLock({ !$0.hasWaiting }) { await Task.yield() }
            try await bench.tell("pay#0", id: "n1")
            lane.withLock { $0.isTaken = false }
            try await isHeldUp(bench)
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(lane.withLock { $0.inside } == 0, "a place in the lane was not given back")
        }
    }

    @Test func `a settlement that conflicts already is seen before the intent of the next key`() async throws {
        // Another body under a known id conflicts from the start, and wakes nobody.
        try await paying(Bench.Setup(party: refusing())) { bench in
            let (memory, party, id) = (bench.memory, bench.party, bench.id)
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#1", id: "n1", verdict: .refused(Sample.reason))
            try await bench.until(.stuck, cause: .refused)
            let other = party.notice("\(id)/pay#0", amount: "43", id: "n1")
            let result = try await memory.commit([.notice(NewNotice(notice: other))], under: nil)
            guard case .noticed(let number, standing: .conflicting, _)? = result.first else {
                Issue.record("it does not conflict: \(result)")
                return
            }
            let refused = await #expect(throws: ActionRefused.self) { try await bench.act(.resume) }
            #expect(refused?.message.contains("notices bind \(number)") == true)
        }
    }

    @Test func `what was refused is not paid back once a settlement of it has come`() async throws {
        let isOff = Locked(false)
        let party = refusing()
        var setup = Bench.Setup(party: party)
        setup.gate = { CallGate(isOff: isOff, clock: $0) }
        setup.register = {
            $0.register(Repayables())
            $0.register(Repayable())
        }
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Repayables.flow, input: Array("[41]".utf8))
            let line = SagaID(trusted: "PAY-1/pay/P-1000")
            try await bench.until(.stuck, cause: .refused, of: line)
            isOff.withLock { $0 = true }
            try await bench.act(.exclude, on: line)
            try await bench.until(.waiting, cause: .heldBack, of: line)
            try await bench.tell("pay#0", id: "n1", of: line)
            isOff.withLock { $0 = false }
            try await isHeldUp(bench, of: line)
            try await bench.until(.waiting, cause: .awaitingNotice, of: line)
            #expect(try await bench.predicament(line).stage == Sample.stage("returned"))
            try await bench.tell("back#0", amount: "41", id: "n2", of: line)
            try await bench.until(.completed, of: line)
        }
    }

    @Test func `the usual path asks the store nothing more`() async throws {
        let reads = Locked(0)
        var setup = Bench.Setup()
        setup.wrap = { HookedStore($0, beforeNotices: { reads.withLock { $0 += 1 } }) }
        try await Bench.use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await bench.tell("pay#0")
            try await bench.until(.completed)
            #expect(reads.withLock { $0 } == 0)
        }
    }

    @Test func `a key that was never taken relies on the refusal before it`() throws {
        let sent: [(String, EntryContent)] = [("", .pivot), ("pay", .intent(Sample.intent()))]
        let pay = Sample.stage("pay")
        #expect(try !SagaState.after(sent).reliesOnRefusal(of: pay))
        let refused = try SagaState.after(sent + [("pay", .refusedByParty)])
        #expect(refused.reliesOnRefusal(of: pay))
    }
}

/// Pays everybody, one child each; whoever is taken out gets it back.
private struct Repayables: Saga {
    typealias Input = [Int64]
    typealias Output = Int
    static let name = "repayables"
    enum Stage: String, SagaStage { case pay }

    func run(_ input: [Int64], in saga: SagaContext<Stage>) async throws -> Int {
        try await saga.pointOfNoReturn()
        return try await saga.forEach(.pay, in: Payroll.Amounts(amounts: input), run: Repayable.self).count
    }
}

private struct Repayable: Saga, Excludable {
    typealias Input = Payout.Input
    typealias Output = Payout.Output
    static let name = "repayable"
    enum Stage: String, SagaStage { case pay, paid, back, returned }
    static let excludedBy: [Stage] = [.pay]
    static let exclusion = "paid back"

    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output {
        let order = try await saga.send(.pay, Pay(amount: input.amount))
        return Output(amount: try await saga.receive(.paid, from: order, within: .hours(1)).instruction.amount)
    }

    func exclude(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output {
        let order = try await saga.send(.back, Pay(amount: input.amount))
        return Output(amount: try await saga.receive(.returned, from: order, within: .hours(1)).instruction.amount)
    }
}

/// Holds back every sending for as long as the counterparty is switched off.
private struct CallGate: Gatekeeper {
    let isOff: Locked<Bool>
    let clock: any SagaClock

    func enter(_ call: GateCall) async -> Admission {
        guard call.verb == .deliver, isOff.withLock({ $0 }) else { return .granted }
        return .later(at: clock.now() + .seconds(1), reason: "switched off")
    }
    func leave(_ call: GateCall, outcome: CallOutcome) async {}
    func reserve(_ exposure: Exposure) -> Admission { .granted }
    func adjust(_ asset: String, by amount: Int128) {}
    func recount(_ exposures: [Exposure]) {}
}

private struct Lane {
    var isTaken = false
    var hasWaiting = false
    var inside = 0
}

/// Lets calls wait for as long as the lane is taken.
private struct LaneGate: Gatekeeper {
    let lane: Locked<Lane>

    func enter(_ call: GateCall) async -> Admission {
        while lane.withLock({ lane in
            lane.hasWaiting = lane.isTaken
            return lane.isTaken
        }) { await Task.yield() }
        lane.withLock { $0.inside += 1 }
        return .granted
    }
    func leave(_ call: GateCall, outcome: CallOutcome) async { lane.withLock { $0.inside -= 1 } }
    func reserve(_ exposure: Exposure) -> Admission { .granted }
    func adjust(_ asset: String, by amount: Int128) {}
    func recount(_ exposures: [Exposure]) {}
}
