internal import SagaEngine

/// What a law works on: a fresh store, its clock, and short words for what laws do over and over.
final class StoreBench: Sendable {
    let clock: SimulatedClock
    let fixture: any StoreFixture
    private let current: Locked<any SagaStore>

    /// The flow that sagas on the bench run under unless a law says otherwise.
    static let flow = FlowID(name: "settlement", version: 1)
    private static let handlers: [any RecordHandler] = [LawLedger()]

    init(_ fixture: any StoreFixture) async throws {
        clock = SimulatedClock()
        self.fixture = fixture
        current = Locked(try await fixture.open(clock: clock, handlers: Self.handlers))
    }

    var store: any SagaStore { current.withLock { $0 } }
    var digest: any Digest { fixture.digest }

    func close() async throws {
        try await fixture.close(store)
    }

    func reopen() async throws {
        let reopened = try await fixture.reopen(store, clock: clock, handlers: Self.handlers)
        current.withLock { $0 = reopened }
    }

    func seals() async throws -> [StoreSeal] {
        try await fixture.seals(of: store)
    }
}

// MARK: - Doing

extension StoreBench {
    /// Commits one operation and returns its result.
    @discardableResult
    func run(_ operation: StoreOperation, under lease: Lease? = nil) async throws -> StoreResult {
        let results = try await store.commit([operation], under: lease)
        guard let result = results.first, results.count == 1 else {
            throw LawBroken("a batch of one operation gave \(results.count) results")
        }
        return result
    }

    func seed(_ id: String, flow: FlowID = flow, input: String = "{}") throws -> NewSaga {
        let saga = try sagaID(id)
        let genesis = ChainLink.genesis(of: saga, flow: flow, input: Array(input.utf8), by: digest)
        return NewSaga(id: saga, flow: flow, input: Array(input.utf8), genesis: genesis)
    }

    @discardableResult
    func submit(_ id: String, flow: FlowID = flow, input: String = "{}") async throws -> SagaNumber {
        let result = try await run(.submit(try seed(id, flow: flow, input: input)))
        guard case .submitted(let number) = result else { throw LawBroken("submitting \(id) gave \(result.summary)") }
        return number
    }

    func lease(_ runner: String, for length: Span = .seconds(30)) async throws -> Lease {
        let result = try await run(.lease(LeaseRequest(runner: RunnerID(runner), length: length)))
        guard case .leased(let lease) = result else { throw LawBroken("a lease request gave \(result.summary)") }
        return lease
    }

    func claim(
        _ limit: Int = 10, flows: [FlowID] = [flow], under lease: Lease
    ) async throws -> [Claim] {
        let result = try await run(.claim(ClaimRequest(limit: limit, flows: flows)), under: lease)
        guard case .claimed(let claims) = result else { throw LawBroken("a claim gave \(result.summary)") }
        return claims
    }

    /// The next wake for the flows that a claim asks for.
    func nextWake(for flows: [FlowID] = [flow]) async throws -> Timestamp? {
        try await store.nextWake(for: flows)
    }

    /// Submits a saga and claims it, and nothing else.
    func held(_ id: String, under lease: Lease) async throws -> Claim {
        let number = try await submit(id)
        let claims = try await claim(under: lease)
        guard let claim = claims.first(where: { $0.number == number }) else {
            throw LawBroken("a new saga was not claimed")
        }
        return claim
    }

    func row(_ id: String) async throws -> SagaRow {
        guard let row = try await store.row(of: try sagaID(id)) else { throw LawBroken("saga \(id) is gone") }
        return row
    }

    func journal(_ id: String) async throws -> [JournalEntry] {
        try await store.journal(of: try sagaID(id), after: 0, limit: .max)
    }

    /// An append that continues a saga's journal with a number of entries.
    func append(
        to id: String, _ right: Append.Right, entries count: Int = 1, _ disposition: Disposition = .carryOn,
        status: SagaStatus = .running
    ) async throws -> Append {
        let row = try await row(id)
        let entries = self.entries(count, after: row.sequence, head: row.head)
        return Append(
            saga: row.number, right: right, entries: entries, disposition: disposition,
            standing: Standing(status: status))
    }

    /// Entries that continue a journal.
    func entries(_ count: Int, after sequence: Int, head: ChainLink) -> [JournalEntry] {
        var link = head
        var entries: [JournalEntry] = []
        let stage = StageName(rawValue: "fund")
        for offset in 0..<count {
            let next = sequence + offset + 1
            let body = Array("{\"n\":\(next)}".utf8)
            link = link.next(
                sequence: next, stage: stage, refusals: 0, kind: .value, at: clock.now(), body: body, by: digest)
            entries.append(
                JournalEntry(
                    sequence: next, stage: stage, refusals: 0, kind: .value, at: clock.now(), body: body, link: link))
        }
        return entries
    }

    /// The first entry of a saga's journal, of a kind and with a body of its own.
    func first(
        _ kind: EntryKind, of id: String, stage: String, refusals: Int = 0, body: String = "{}"
    ) async throws -> JournalEntry {
        let (stage, body) = (StageName(rawValue: stage), Array(body.utf8))
        let link = try await row(id).head.next(
            sequence: 1, stage: stage, refusals: refusals, kind: kind, at: clock.now(), body: body, by: digest)
        return JournalEntry(
            sequence: 1, stage: stage, refusals: refusals, kind: kind, at: clock.now(), body: body, link: link)
    }

    /// Carries out an append that must succeed, and tells whether the saga is still held.
    @discardableResult
    func commit(_ append: Append, under lease: Lease? = nil) async throws -> Bool {
        let result = try await run(.append(append), under: lease)
        guard case .appended(let held) = result else { throw LawBroken("an append gave \(result.summary)") }
        return held
    }

    /// Claims a new saga, has it expect a reference, and puts it to sleep.
    @discardableResult
    func sleeper(_ id: String, under lease: Lease, until wake: Wake, expecting reference: String? = nil) async throws
        -> SagaNumber
    {
        let claim = try await held(id, under: lease)
        var append = try await append(to: id, .claim(fence: claim.fence), .sleep(wake), status: .waiting)
        if let reference { append.expectations = [try expectation(reference, by: id)] }
        let isHeld = try await commit(append, under: lease)
        try isFalse(isHeld, "\(id) did not go to sleep")
        return claim.number
    }

    /// Claims a new saga and ends it.
    @discardableResult
    func ended(_ id: String, under lease: Lease, expecting reference: String? = nil) async throws -> Claim {
        let claim = try await held(id, under: lease)
        var append = try await append(
            to: id, .claim(fence: claim.fence), .end(output: Array("1".utf8)), status: .completed)
        if let reference { append.expectations = [try expectation(reference, by: id)] }
        try await commit(append, under: lease)
        return claim
    }

    func expectation(
        _ reference: String, by id: String, stage: String = "fund", refusals: Int = 0
    ) throws -> Expectation {
        let key = IdempotencyKey(saga: try sagaID(id), stage: StageName(rawValue: stage), refusals: refusals)
        return Expectation(source: "custodian", reference: reference, key: key)
    }

    func notice(
        _ id: String, about reference: String, body: String = "{}", source: CounterpartyName = "custodian",
        saying verdict: Notice.Verdict = .settled, stating facts: Facts = [:]
    ) -> Notice {
        Notice(
            source: source, id: id, claim: Notice.Claim(reference: reference, verdict: verdict, facts: facts),
            body: Array(body.utf8), headers: "id: \(id)")
    }

    /// Stores a notice that must be kept, and returns its number.
    @discardableResult
    func keep(_ notice: Notice, quarantined: Bool = false, as standing: NoticeStanding) async throws -> Int64 {
        let result = try await run(.notice(NewNotice(notice: notice, quarantine: quarantined ? .stale : nil)))
        guard case .noticed(let number, standing, _) = result else {
            throw LawBroken("notice \(notice.id) was to become \(standing.rawValue), but: \(result.summary)")
        }
        return number
    }

    func sagaID(_ text: String) throws -> SagaID {
        guard let id = SagaID(rawValue: text) else { throw LawBroken("\(text) is no saga id: the law itself is wrong") }
        return id
    }

    func elementID(_ text: String) throws -> ElementID {
        guard let id = ElementID(rawValue: text) else { throw LawBroken("\(text) is no element: the law is wrong") }
        return id
    }
}

// MARK: - Judging

extension StoreBench {
    func equal<Value: Equatable>(_ seen: Value, _ expected: Value, _ what: String) throws {
        if seen != expected { throw LawBroken("\(what): expected \(expected), saw \(seen)") }
    }

    func isTrue(_ condition: Bool, _ complaint: String) throws {
        if !condition { throw LawBroken(complaint) }
    }

    func isFalse(_ condition: Bool, _ complaint: String) throws {
        if condition { throw LawBroken(complaint) }
    }

    /// Compares a result with its ``StoreResult/summary``.
    func result(_ seen: StoreResult, is expected: String, _ what: String) throws {
        try equal(seen.summary, expected, what)
    }

    /// Says whether anything of the saga has changed.
    func unchanged(_ id: String, since before: SagaRow) async throws {
        try equal(try await row(id), before, "a refused operation changed \(id)")
        try equal(try await journal(id).count, before.sequence, "the journal of \(id) has another length than its row")
    }
}

extension StoreResult {
    /// The result in short, without numbers that a store is free to choose.
    var summary: String {
        switch self {
        case .submitted: "submitted"
        case .exists(_, let same): "exists(same: \(same))"
        case .appended(let held): "appended(held: \(held))"
        case .fenced: "fenced"
        case .stale(let sequence): "stale(\(sequence))"
        case .busy: "busy"
        case .violated(let violation): "violated(\(violation.code))"
        case .noticed(_, let standing, let saga): "noticed(\(standing.rawValue), \(saga?.rawValue ?? "nobody"))"
        case .duplicate: "duplicate"
        case .full: "full"
        case .claimed(let claims): "claimed(\(claims.count))"
        case .leased: "leased"
        case .done: "done"
        case .missing: "missing"
        }
    }
}
