import SagaEngine
import SagaTestKit

/// Draws batches that mostly make sense, from what the memory store holds.
struct RandomScript {
    let memory: MemoryStore
    let clock: SimulatedClock
    let entropy: SeededEntropy
    /// Claims that were granted, current or not.
    private(set) var claims: [Claim] = []
    private var leases: [Lease] = []
    private var numbers: [SagaID: SagaNumber] = [:]
    private var ids: [SagaNumber: SagaID] = [:]
    private var batch: [StoreOperation] = []

    init(memory: MemoryStore, clock: SimulatedClock, entropy: SeededEntropy) {
        self.memory = memory
        self.clock = clock
        self.entropy = entropy
    }

    mutating func next(claimsLast: Bool = false) async throws -> ([StoreOperation], Lease?) {
        // Moments to wake at lie between the steps of the clock, so that no two kinds of queue ever tie.
        if chance(40) { clock.advance(by: .milliseconds(Int64(below(20)) * 10)) }
        batch = []
        for _ in 0...below(4) { batch.append(try await operation()) }
        if claimsLast { batch = batch.filter { !$0.isClaim } + batch.filter(\.isClaim) }
        return (batch, chance(90) ? pick(leases) : nil)
    }

    /// Takes note of what a batch has given.
    mutating func learn(from outcome: [StoreResult]) {
        for (operation, result) in zip(batch, outcome) {
            switch result {
            case .claimed(let granted): claims.append(contentsOf: granted)
            case .leased(let lease): leases.append(lease)
            case .submitted(let number), .exists(let number, _):
                if case .submit(let saga) = operation { (numbers[saga.id], ids[number]) = (number, saga.id) }
            case .appended, .fenced, .stale, .busy, .violated, .noticed, .duplicate, .full, .done, .missing: break
            }
        }
        if claims.count > 64 { claims.removeFirst(claims.count - 64) }
        if leases.count > 6 { leases.removeFirst(leases.count - 6) }
    }

    private mutating func operation() async throws -> StoreOperation {
        switch below(100) {
        case 0..<12: return .submit(try saga("S-\(below(150))"))
        case 12..<55: return try await append()
        case 55..<70: return .notice(notice())
        case 70..<75: return .assign(try await assignment())
        case 75..<87:
            return .claim(ClaimRequest(limit: below(6), flows: chance(90) ? [flow, otherFlow] : [otherFlow]))
        case 87..<94:
            let length = Span.milliseconds(Int64(below(150)) * 10 + 10)
            return .lease(LeaseRequest(runner: RunnerID("r\(below(3))"), length: length))
        case 94: return .release(RunnerID("r\(below(3))"))
        case 95..<99:
            return .print(print(on: chance(50) ? try id("S-1") : nil, version: chance(50) ? below(9) : nil))
        default: return .reincarnate(reason: "as drawn")
        }
    }

    private mutating func append() async throws -> StoreOperation {
        let claim = pick(claims.suffix(20)) ?? Claim(number: 1, fence: 1)
        let byVersion = chance(25)
        let number = byVersion && chance(80) ? SagaNumber(1 + below(120)) : claim.number
        let row = try await row(of: number)
        let sequence = row?.sequence ?? 0
        let right = byVersion ? Append.Right.version(chance(85) ? sequence : sequence + 1) : .claim(fence: claim.fence)
        // A journal that does not go on where it ended is impossible.
        let start = batch.isEmpty && chance(1) ? sequence + 1 : sequence
        var append = Append(
            saga: number, right: right,
            entries: StoreHand.entries(
                after: start, from: row?.head ?? StoreSeal.origin,
                count: row == nil || isTouched(number) ? 0 : below(4),
                at: clock.now(), body: "{\"n\":\(below(1_000))}"),
            disposition: disposition(), standing: standing())
        if case .end = append.disposition { append.standing.status = pick([.completed, .cancelled]) ?? .completed }
        if chance(25) { append.expectations = try (0...below(2)).map { _ in try expectation(by: row?.id) } }
        if let row, chance(30) {
            let notices = try await memory.notices(NoticeQuery(saga: row.id, limit: 5))
            append.notices = notices.map {
                NoticeUse(number: $0.number, standing: pick([.consumed, .late, .mismatched]) ?? .late)
            }
            append.noticesSeen = notices.map(\.number).max() ?? 0
        }
        if chance(20), let row {
            let cause = RecordCause(saga: row.id, stage: StageName(rawValue: "post"), at: clock.now())
            append.records = [
                CausedRecord(
                    record: Record(kind: chance(95) ? "tally" : "unknown", body: [UInt8(below(12))]), cause: cause)
            ]
        }
        if let row, row.sequence.isMultiple(of: 5) { append.print = print(on: row.id, version: sequence) }
        if chance(8), let row { append.spawn = try spawn(under: row) }
        return .append(append)
    }

    private func print(on saga: SagaID?, version: Int?) -> OperatorPrint {
        OperatorPrint(
            actor: "ops", role: "operator", action: "retry", saga: saga, reason: "line 1 \"quoted\"",
            version: version, outcome: "done", detail: "")
    }

    private func spawn(under row: SagaRow) throws -> Spawn {
        let stage = StageName(rawValue: chance(80) ? "fund" : "distribute")
        let children = try (0...below(3)).map { _ in
            let element = try element("E\(below(9))")
            let name = chance(97) ? row.id.child(of: stage, element: element).rawValue : "S-\(below(150))"
            return Spawn.Child(element: element, saga: try saga(name))
        }
        return Spawn(
            stage: stage, children: children.sorted { $0.element.rawValue < $1.element.rawValue },
            pivoted: chance(50))
    }

    private func disposition() -> Disposition {
        switch below(100) {
        case 0..<30: .carryOn
        case 30..<45: .release
        case 45..<90:
            .sleep(
                Wake(
                    at: chance(60) ? clock.now() + .milliseconds(Int64(below(60)) * 10 - 95) : nil,
                    onNotice: chance(60), onChildren: chance(40)))
        default: .end(output: Array("\"o\"".utf8))
        }
    }

    private func standing() -> Standing {
        let status = pick([SagaStatus.running, .waiting, .stuck, .compensating]) ?? .running
        let exposures = chance(40) ? [Exposure(asset: "USD", amount: Int128(below(9_999)), decimals: 2)] : []
        return Standing(
            status: status, predicament: chance(30) ? Array("{\"why\":1}".utf8) : [], exposures: exposures,
            pivoted: chance(50))
    }

    private func expectation(by saga: SagaID?) throws -> Expectation {
        let owner = try saga ?? id("S-1")
        let key = IdempotencyKey(
            saga: owner, stage: StageName(rawValue: "fund"), refusals: chance(90) ? 0 : 1)
        return Expectation(source: source(), reference: "ref-\(below(60))", key: key)
    }

    private func notice() -> NewNotice {
        let isSettled = chance(60)
        let reference = below(60)
        let verdict: Notice.Verdict =
            isSettled
            ? .settled
            : reference.isMultiple(of: 5)
                ? .progress("soon") : .refused(RefusalReason(code: "closed", message: "the account is closed"))
        let claim = Notice.Claim(
            reference: "ref-\(reference)", verdict: verdict, facts: ["amount": "1.00", "to": "X"])
        let notice = Notice(
            source: source(), id: "n-\(below(400))", claim: claim, body: [UInt8(below(2))], headers: "id: n")
        return NewNotice(notice: notice, quarantine: chance(10) ? pick([.stale, .unknownKey]) : nil)
    }

    private func assignment() async throws -> NoticeAssignment {
        let odd = try await memory.notices(
            NoticeQuery(
                standing: pick([.orphan, .quarantined, .conflicting, .late, .mismatched, nil]) ?? nil, limit: 20))
        let number = pick(odd)?.number ?? Int64(below(500))
        return NoticeAssignment(
            number: number, saga: chance(60) ? try id("S-\(below(170))") : nil,
            print: number.isMultiple(of: 2) ? print(on: nil, version: nil) : nil)
    }

    private func row(of number: SagaNumber) async throws -> SagaRow? {
        for id in [ids[number]].compactMap({ $0 }) { return try await memory.row(of: id) }
        return try await memory.search(SagaQuery(limit: 500)).rows.first { $0.number == number }
    }

    /// Whether the batch appends to the saga already, so that the row no longer says where its journal ends.
    private func isTouched(_ number: SagaNumber) -> Bool {
        batch.contains { operation in
            if case .append(let append) = operation { append.saga == number } else { false }
        }
    }

    static let flows = [StoreHand.flow, FlowID(name: "distribution", version: 2)]
    private let flow = StoreHand.flow
    private let otherFlow = flows[1]

    private func saga(_ name: String) throws -> NewSaga {
        let id = try id(name)
        let flow = chance(90) ? flow : otherFlow
        let input = Array((chance(95) ? "{}" : "{\"other\":true}").utf8)
        return NewSaga(
            id: id, flow: flow, input: input,
            genesis: ChainLink.genesis(of: id, flow: flow, input: input, by: StoreHand.digest))
    }

    private func id(_ text: String) throws -> SagaID {
        guard let id = SagaID(rawValue: text) else { throw LawBroken("\(text) is no saga id") }
        return id
    }

    private func element(_ text: String) throws -> ElementID {
        guard let element = ElementID(rawValue: text) else { throw LawBroken("\(text) is no element") }
        return element
    }

    private func source() -> CounterpartyName { chance(80) ? "custodian" : "bank" }

    private func below(_ bound: Int) -> Int { Int(entropy.below(UInt64(bound))) }
    private func chance(_ percent: Int) -> Bool { below(100) < percent }

    private func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element? {
        guard !choices.isEmpty else { return nil }
        return choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
    }
}

extension StoreOperation {
    fileprivate var isClaim: Bool {
        if case .claim = self { true } else { false }
    }
}
