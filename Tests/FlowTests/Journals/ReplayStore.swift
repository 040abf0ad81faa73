import SagaEngine

/// A recorded run as a store, in which one saga has lost its last entry. What is written is kept, and changes nothing.
final class ReplayStore: SagaStore {
    let clock: any SagaClock
    /// Speaks once for each append.
    let written: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let rows: [SagaID: SagaRow]
    private let journals: [SagaID: [JournalEntry]]
    private let loaded: LoadedSaga
    private let state = Locked(State())

    private struct State {
        var isClaimed = false
        var appends: [Append] = []
    }

    init(_ saga: RecordedSaga, flow: FlowID, among run: [RecordedSaga], clock: any SagaClock) {
        self.clock = clock
        (written, signal) = AsyncStream.makeStream()
        var rows: [SagaID: SagaRow] = [:]
        var journals: [SagaID: [JournalEntry]] = [:]
        for (index, other) in run.enumerated() where other.head.saga != saga.head.saga {
            guard let known = other.flow else { continue }
            rows[other.head.saga] = other.row(number: Int64(index + 2), flow: known, after: other.entries.count)
            journals[other.head.saga] = other.journal
        }
        let row = saga.row(number: 1, flow: flow, after: saga.entries.count - 1)
        rows[row.id] = row
        journals[row.id] = saga.journal.dropLast()
        loaded = LoadedSaga(
            claim: Claim(number: 1, fence: 1), row: row, journal: saga.journal.dropLast(), notices: [], lastNotice: 0)
        (self.rows, self.journals) = (rows, journals)
    }

    var appends: [Append] { state.withLock { $0.appends } }

    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        batch.map { operation in
            switch operation {
            case .lease(let request):
                .leased(Lease(runner: request.runner, epoch: 1, expires: clock.now() + request.length))
            case .claim: .claimed(claim())
            case .append(let append): keep(append)
            case .release, .print: .done
            case .submit, .notice, .assign, .reincarnate: .missing
            }
        }
    }

    private func claim() -> [Claim] {
        state.withLock { state in
            defer { state.isClaimed = true }
            return state.isClaimed ? [] : [loaded.claim]
        }
    }

    private func keep(_ append: Append) -> StoreResult {
        state.withLock { $0.appends.append(append) }
        signal.yield()
        return .appended(held: false)
    }

    func incarnation() async throws(StoreError) -> Incarnation { Incarnation(number: 0, since: clock.now()) }
    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] { claims.map { _ in loaded } }
    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? { nil }
    func row(of id: SagaID) async throws(StoreError) -> SagaRow? { rows[id] }

    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry] {
        Array((journals[id] ?? []).drop { $0.sequence <= sequence }.prefix(limit))
    }

    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] { [] }

    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage { SagaPage(rows: [], total: 0) }
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { SagaCensus(counts: [:], exposures: []) }
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] { [] }
    func prints(under saga: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] { [] }
}
