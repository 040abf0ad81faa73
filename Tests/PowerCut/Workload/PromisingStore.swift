import Adapters
import SagaEngine
import SagaTestKit

/// A store that writes down what it has acknowledged once it has, and tells whether anybody is at it.
final class PromisingStore: SagaStore {
    private struct Activity {
        var running = 0
        var version = 0
        var failures = 0
        var lastFailure: StoreError?
    }

    private let base: SQLiteStore
    private let sink: PromiseSink?
    private let activity = Locked(Activity())

    init(_ base: SQLiteStore, sink: PromiseSink?) {
        self.base = base
        self.sink = sink
    }

    /// How often anything has been asked for, or `nil` while something is under way.
    var calmVersion: Int? { activity.withLock { $0.running == 0 ? $0.version : nil } }
    /// How many commits have failed since the last one that wrote something.
    var failures: Int { activity.withLock { $0.failures } }
    var lastFailure: StoreError? { activity.withLock { $0.lastFailure } }

    var clock: any SagaClock { base.clock }

    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        begin()
        defer { end() }
        do {
            let results = try await base.commit(batch, under: lease)
            if results.contains(where: Self.hasWritten) { activity.withLock { $0.failures = 0 } }
            sink?.say(zip(batch, results).flatMap(Self.promises))
            return results
        } catch {
            activity.withLock { activity in
                activity.failures += 1
                activity.lastFailure = error
            }
            throw error
        }
    }

    /// What certainly wrote something: a full disk still allows what changes nothing.
    private static func hasWritten(_ result: StoreResult) -> Bool {
        switch result {
        case .leased, .appended, .submitted: true
        case .exists, .fenced, .stale, .busy, .violated, .noticed, .duplicate, .full, .claimed, .done, .missing: false
        }
    }

    private static func promises(_ operation: StoreOperation, _ result: StoreResult) -> [[String]] {
        switch (operation, result) {
        case (.submit(let saga), .submitted), (.submit(let saga), .exists): return [["saga", saga.id.rawValue]]
        case (.notice(let new), .noticed), (.notice(let new), .duplicate):
            return [["notice", new.notice.source.rawValue, new.notice.id]]
        case (.append(let append), .appended):
            let children = append.spawn?.children.map { ["saga", $0.saga.id.rawValue] } ?? []
            guard let last = append.entries.last else { return children }
            return children + [["entry", "\(append.saga)", "\(last.sequence)", last.link.description]]
        default: return []
        }
    }

    private func begin() {
        activity.withLock { activity in
            activity.running += 1
            activity.version += 1
        }
    }

    private func end() { activity.withLock { $0.running -= 1 } }

    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        begin()
        defer { end() }
        return try await base.load(claims)
    }

    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        begin()
        defer { end() }
        return try await base.nextWake(for: flows)
    }

    func incarnation() async throws(StoreError) -> Incarnation {
        begin()
        defer { end() }
        return try await base.incarnation()
    }

    func row(of id: SagaID) async throws(StoreError) -> SagaRow? { try await base.row(of: id) }
    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage { try await base.search(query) }
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { try await base.census(under: root) }
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] { try await base.notices(query) }

    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry] {
        try await base.journal(of: id, after: sequence, limit: limit)
    }

    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try await base.children(of: parent, stage: stage, after: after, limit: limit)
    }

    func prints(under saga: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try await base.prints(under: saga, limit: limit, offset: offset)
    }
}
