import SagaEngine
import SagaTestKit
import Synchronization

/// A bug that a store might have.
enum StoreBug: String, CaseIterable, Sendable {
    case none
    case fencesNobody
    case stopsAtTheFirstRefusal
    case swallowsEarlyNotices
    case sleepsOverNotices
    case keepsNoDuplicatesApart
    case takesConflictsForDuplicates
    case claimsWhatItCannotRun
    case forgetsTheParent
    case wakesTooLate
    case loadsLostClaims
    case forgetsOnReopening
    case ignoresViolations
    case answersBeforeWriting
    case losesTheLastSeal
    case letsTheQuarantineGrow
    case swallowsWhatWasQuarantined
    case losesThePrintsOfAppends
    case overlooksConflicts
}

/// A store with one planted bug: what the laws must find.
final class BrokenStore: SagaStore {
    private struct Memory {
        var fences: [SagaNumber: Claim] = [:]
        var lease: Lease?
        var flows: Set<FlowID> = []
        var expected: Set<String> = []
        var noticeIDs: Set<String> = []
        var count = 0
    }

    let base: any SagaStore
    private let bug: StoreBug
    private let memory = Mutex(Memory())

    init(_ base: any SagaStore, _ bug: StoreBug) {
        self.base = base
        self.bug = bug
    }

    var clock: any SagaClock { base.clock }

    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        if bug == .stopsAtTheFirstRefusal { return try await commitUntilRefused(batch, under: lease) }
        var results: [StoreResult] = []
        var passed: [StoreOperation] = []
        var invented: [Int: StoreResult] = [:]
        for (index, operation) in batch.enumerated() {
            if let answer = answer(to: operation) {
                invented[index] = answer
            } else {
                passed.append(changed(operation))
            }
        }
        let seen = memory.withLock { $0.lease }
        var answers = try await base.commit(passed, under: bug == .fencesNobody ? seen ?? lease : lease)[...]
        for index in batch.indices {
            if let answer = invented[index] ?? answers.popFirst() { results.append(answer) }
        }
        note(results)
        return results
    }

    private func commitUntilRefused(
        _ batch: [StoreOperation], under lease: Lease?
    ) async throws(StoreError) -> [StoreResult] {
        var results: [StoreResult] = []
        var isRefused = false
        for operation in batch {
            let answer = isRefused ? [.fenced] : try await base.commit([operation], under: lease)
            results += answer
            if case .violated? = answer.first { isRefused = true }
            if case .fenced? = answer.first { isRefused = true }
        }
        return results
    }

    /// An answer that the store beneath never hears of.
    private func answer(to operation: StoreOperation) -> StoreResult? {
        memory.withLock { memory in
            switch (bug, operation) {
            case (.swallowsEarlyNotices, .append(let append)):
                memory.expected.formUnion(append.expectations.map(\.reference))
            case (.swallowsEarlyNotices, .notice(let new)) where !memory.expected.contains(new.notice.claim.reference):
                memory.count += 1
                return .noticed(Int64(memory.count), standing: .orphan, saga: nil)
            case (.takesConflictsForDuplicates, .notice(let new)):
                let isNew = memory.noticeIDs.insert("\(new.notice.source)\n\(new.notice.id)").inserted
                return isNew ? nil : .duplicate(1)
            case (.swallowsWhatWasQuarantined, .notice(let new)):
                let name = "\(new.notice.source)\n\(new.notice.id)"
                if new.isQuarantined { memory.noticeIDs.insert(name) }
                return memory.noticeIDs.contains(name) && !new.isQuarantined ? .duplicate(1) : nil
            case (.answersBeforeWriting, .print): return .done
            case (.claimsWhatItCannotRun, .submit(let seed)): memory.flows.insert(seed.flow)
            default: break
            }
            return nil
        }
    }

    private func changed(_ operation: StoreOperation) -> StoreOperation {
        switch (bug, operation) {
        case (.fencesNobody, .append(var append)):
            if case .claim = append.right, let claim = memory.withLock({ $0.fences[append.saga] }) {
                append.right = .claim(fence: claim.fence)
            }
            return .append(append)
        case (.sleepsOverNotices, .append(var append)):
            append.noticesSeen = .max
            return .append(append)
        case (.forgetsTheParent, .append(var append)):
            if case .sleep(let wake) = append.disposition, wake.onChildren {
                append.disposition = .sleep(Wake(at: wake.at, onNotice: true))
            }
            return .append(append)
        case (.keepsNoDuplicatesApart, .notice(let new)):
            let count = memory.withLock { memory in
                memory.count += 1
                return memory.count
            }
            let notice = new.notice
            let renamed = Notice(
                source: notice.source, id: "\(notice.id)-\(count)", claim: notice.claim, body: notice.body,
                headers: notice.headers)
            return .notice(NewNotice(notice: renamed, quarantine: new.quarantine))
        case (.losesThePrintsOfAppends, .append(var append)):
            append.print = nil
            return .append(append)
        case (.letsTheQuarantineGrow, .notice(let new)):
            return .notice(NewNotice(notice: new.notice))
        case (.claimsWhatItCannotRun, .claim(let request)):
            return .claim(ClaimRequest(limit: request.limit, flows: memory.withLock { Array($0.flows) }))
        default: return operation
        }
    }

    private func note(_ results: [StoreResult]) {
        memory.withLock { memory in
            for case .claimed(let claims) in results {
                for claim in claims { memory.fences[claim.number] = claim }
            }
            for case .leased(let lease) in results { memory.lease = lease }
        }
    }

    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        guard bug == .loadsLostClaims else { return try await base.load(claims) }
        var loaded: [LoadedSaga] = []
        for claim in claims {
            for fence in claim.fence...(claim.fence + 5) {
                loaded += try await base.load([Claim(number: claim.number, fence: fence)])
            }
        }
        return loaded
    }

    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        let moment = try await base.nextWake(for: flows)
        return bug == .wakesTooLate ? moment.map { $0 + .milliseconds(1) } : moment
    }

    func incarnation() async throws(StoreError) -> Incarnation { try await base.incarnation() }
    func row(of id: SagaID) async throws(StoreError) -> SagaRow? { try await base.row(of: id) }
    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage { try await base.search(query) }
    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus { try await base.census(under: root) }
    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] { try await base.notices(query) }

    func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        let found = try await base.settlements(of: references, for: saga, limit: limit)
        return bug == .overlooksConflicts ? found.filter { $0.standing == .fresh } : found
    }

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

/// Makes memory stores that have a bug.
struct BrokenStoreFixture: StoreFixture {
    let bug: StoreBug
    let digest: any Digest = PlainSHA256()

    /// Passes everything on, violations aside.
    private struct DeafHandler: RecordHandler {
        let base: any RecordHandler
        var kind: String { base.kind }

        func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
            do {
                try base.apply(record, cause: cause, to: books)
            } catch is RecordViolation {
                return
            }
        }
    }

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) -> any SagaStore {
        let heard = bug == .ignoresViolations ? handlers.map { DeafHandler(base: $0) } : handlers
        return BrokenStore(MemoryStore(clock: clock, digest: digest, handlers: heard), bug)
    }

    func reopen(_ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]) -> any SagaStore {
        bug == .forgetsOnReopening ? open(clock: clock, handlers: handlers) : store
    }

    func close(_ store: any SagaStore) {}

    func seals(of store: any SagaStore) throws -> [StoreSeal] {
        guard let broken = store as? BrokenStore, let memory = broken.base as? MemoryStore else {
            throw LawBroken("not a broken memory store")
        }
        return bug == .losesTheLastSeal ? memory.seals.dropLast() : memory.seals
    }
}
