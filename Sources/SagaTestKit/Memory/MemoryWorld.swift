internal import SagaEngine

/// Everything a memory store holds, with its indexes and the log by which an operation is undone.
///
/// Not sendable: the store keeps it behind its lock. Every change goes through one of the few primitives here, each of
/// which notes how to take itself back; so no operation can forget to.
final class MemoryWorld {
    let digest: any Digest
    let handlers: [String: any RecordHandler]

    private(set) var sagas: [MemorySaga] = []
    private(set) var journals: [[JournalEntry]] = []
    private(set) var numberOfID: [SagaID: SagaNumber] = [:]
    private(set) var idOrder = SortedSet<IDPlace>()
    private(set) var ready: [FlowID: SortedSet<QueuePlace>] = [:]
    private(set) var sleeping: [FlowID: SortedSet<QueuePlace>] = [:]
    private(set) var held: [Int64: SortedSet<SagaNumber>] = [:]
    private(set) var broods: [BroodKey: SortedSet<ChildPlace>] = [:]

    private(set) var notices: [MemoryNotice] = []
    private(set) var numberOfVariant: [NoticeVariant: Int64] = [:]
    /// How many bodies each id holds outside the quarantine.
    private(set) var verified: [NoticeKey: Int] = [:]
    private(set) var noticesOfSaga: [SagaNumber: SortedSet<Int64>] = [:]
    private(set) var orphans: [ReferenceKey: SortedSet<Int64>] = [:]
    private(set) var quarantined: [CounterpartyName: Int] = [:]
    private(set) var conflicting: [CounterpartyName: Int] = [:]
    /// Those of them that came under one id.
    private(set) var conflicts: [NoticeKey: SortedSet<Int64>] = [:]
    private(set) var expectations: [ReferenceKey: (key: IdempotencyKey, saga: SagaNumber)] = [:]

    /// In order of their epochs; a runner's last one is its current one.
    private(set) var leases: [MemoryLease] = []
    private(set) var leaseOfRunner: [RunnerID: Int] = [:]
    private(set) var prints: [StoredPrint] = []
    private(set) var books = MemoryBooks()
    private(set) var incarnation: Incarnation
    private(set) var seals: [StoreSeal] = []

    /// Rises with every saga that becomes ready, so that those of one moment are served in turn.
    private var readyOrder: Int64 = 0
    private var lastFence: Int64 = 0
    private var undoLog: [(MemoryWorld) -> Void] = []
    /// What the batch in hand adds to the audit chain.
    private var linksToSeal: [ChainLink] = []

    init(digest: any Digest, handlers: [any RecordHandler], at: Timestamp) {
        self.digest = digest
        var byKind: [String: any RecordHandler] = [:]
        for handler in handlers { byKind[handler.kind] = handler }
        self.handlers = byKind
        incarnation = Incarnation(number: 0, since: at)
    }
}

// MARK: - Transactions

extension MemoryWorld {
    /// A place in the undo log to go back to.
    struct Savepoint {
        fileprivate let changes: Int
        fileprivate let links: Int
    }

    var savepoint: Savepoint { Savepoint(changes: undoLog.count, links: linksToSeal.count) }

    /// Takes back every change since the savepoint, newest first.
    func rollBack(to savepoint: Savepoint) {
        while undoLog.count > savepoint.changes { undoLog.removeLast()(self) }
        linksToSeal.removeSubrange(savepoint.links...)
    }

    /// Seals what the batch has added to journals and prints, and makes the batch final.
    func finish(at: Timestamp) {
        if !linksToSeal.isEmpty {
            let previous = seals.last?.link ?? StoreSeal.origin
            let link = previous.sealing(linksToSeal, at: at, by: digest)
            seals.append(StoreSeal(number: Int64(seals.count + 1), at: at, link: link))
        }
        linksToSeal.removeAll(keepingCapacity: true)
        undoLog.removeAll(keepingCapacity: true)
    }
}

// MARK: - Sagas

extension MemoryWorld {
    func saga(_ number: SagaNumber) -> MemorySaga? {
        guard number > 0, number <= sagas.count else { return nil }
        return sagas[Int(number - 1)]
    }

    func journal(of number: SagaNumber) -> [JournalEntry] { journals[Int(number - 1)] }

    var nextSagaNumber: SagaNumber { SagaNumber(sagas.count + 1) }

    func nextReadyPlace(at: Timestamp, for number: SagaNumber) -> QueuePlace {
        readyOrder += 1
        return QueuePlace(at: at, order: readyOrder, number: number)
    }

    func insert(_ saga: MemorySaga) {
        sagas.append(saga)
        journals.append([])
        numberOfID[saga.seed.id] = saga.number
        idOrder.insert(IDPlace(id: saga.seed.id.rawValue, number: saga.number))
        if let key = saga.brood, let place = saga.childPlace { broods[key, default: SortedSet()].insert(place) }
        index(saga)
        undoLog.append { world in
            world.unindex(saga)
            if let key = saga.brood, let place = saga.childPlace { world.broods[key]?.remove(place) }
            world.idOrder.remove(IDPlace(id: saga.seed.id.rawValue, number: saga.number))
            world.numberOfID[saga.seed.id] = nil
            world.journals.removeLast()
            world.sagas.removeLast()
        }
    }

    /// Changes a saga and keeps the queues in step.
    func update(_ saga: MemorySaga) {
        let old = replace(saga)
        undoLog.append { $0.replace(old) }
    }

    func append(_ entries: [JournalEntry], to number: SagaNumber) {
        guard !entries.isEmpty else { return }
        let index = Int(number - 1)
        journals[index].append(contentsOf: entries)
        linksToSeal.append(contentsOf: entries.map(\.link))
        let count = entries.count
        undoLog.append { $0.journals[index].removeLast(count) }
    }

    @discardableResult
    private func replace(_ saga: MemorySaga) -> MemorySaga {
        let index = Int(saga.number - 1)
        let old = sagas[index]
        unindex(old)
        sagas[index] = saga
        self.index(saga)
        return old
    }

    private func index(_ saga: MemorySaga) {
        if let place = saga.ready { ready[saga.seed.flow, default: SortedSet()].insert(place) }
        if let place = saga.wakePlace { sleeping[saga.seed.flow, default: SortedSet()].insert(place) }
        if let epoch = saga.holder { held[epoch, default: SortedSet()].insert(saga.number) }
    }

    private func unindex(_ saga: MemorySaga) {
        if let place = saga.ready { ready[saga.seed.flow]?.remove(place) }
        if let place = saga.wakePlace { sleeping[saga.seed.flow]?.remove(place) }
        if let epoch = saga.holder {
            held[epoch]?.remove(saga.number)
            if held[epoch]?.isEmpty == true { held[epoch] = nil }
        }
    }
}

// MARK: - Notices and expectations

extension MemoryWorld {
    func notice(_ number: Int64) -> MemoryNotice? {
        guard number > 0, number <= notices.count else { return nil }
        return notices[Int(number - 1)]
    }

    var nextNoticeNumber: Int64 { Int64(notices.count + 1) }

    func insert(_ notice: MemoryNotice) {
        notices.append(notice)
        numberOfVariant[notice.notice.variant] = notice.number
        index(notice)
        undoLog.append { world in
            world.unindex(notice)
            world.numberOfVariant[notice.notice.variant] = nil
            world.notices.removeLast()
        }
    }

    func update(_ notice: MemoryNotice) {
        let old = replace(notice)
        undoLog.append { $0.replace(old) }
    }

    func expect(_ expectation: Expectation, by saga: SagaNumber) {
        let key = expectation.meetingPoint
        expectations[key] = (expectation.key, saga)
        undoLog.append { $0.expectations[key] = nil }
    }

    @discardableResult
    private func replace(_ notice: MemoryNotice) -> MemoryNotice {
        let index = Int(notice.number - 1)
        let old = notices[index]
        unindex(old)
        notices[index] = notice
        self.index(notice)
        return old
    }

    private func index(_ notice: MemoryNotice) {
        if let saga = notice.saga { noticesOfSaga[saga, default: SortedSet()].insert(notice.number) }
        if notice.standing != .quarantined { verified[notice.notice.key, default: 0] += 1 }
        switch notice.standing {
        case .orphan: orphans[notice.notice.meetingPoint, default: SortedSet()].insert(notice.number)
        case .quarantined: quarantined[notice.notice.source, default: 0] += 1
        case .conflicting:
            conflicting[notice.notice.source, default: 0] += 1
            conflicts[notice.notice.key, default: SortedSet()].insert(notice.number)
        case .fresh, .consumed, .late, .mismatched: break
        }
    }

    private func unindex(_ notice: MemoryNotice) {
        if let saga = notice.saga { noticesOfSaga[saga]?.remove(notice.number) }
        if notice.standing != .quarantined { verified[notice.notice.key, default: 1] -= 1 }
        switch notice.standing {
        case .orphan: orphans[notice.notice.meetingPoint]?.remove(notice.number)
        case .quarantined: quarantined[notice.notice.source, default: 1] -= 1
        case .conflicting:
            conflicting[notice.notice.source, default: 1] -= 1
            conflicts[notice.notice.key]?.remove(notice.number)
        case .fresh, .consumed, .late, .mismatched: break
        }
    }
}

// MARK: - Leases, prints, books, incarnation

extension MemoryWorld {
    func lease(of runner: RunnerID) -> MemoryLease? { leaseOfRunner[runner].map { leases[$0] } }

    /// The lease of an epoch; epochs are given out from 1 without gaps.
    func lease(epoch: Int64) -> MemoryLease? {
        guard epoch > 0, epoch <= leases.count else { return nil }
        return leases[Int(epoch - 1)]
    }

    var nextEpoch: Int64 { Int64(leases.count + 1) }

    /// The fence of the next claim, whatever its saga.
    func nextFence() -> Int64 {
        lastFence += 1
        undoLog.append { $0.lastFence -= 1 }
        return lastFence
    }

    func insert(_ lease: MemoryLease) {
        let previous = leaseOfRunner[lease.runner]
        leaseOfRunner[lease.runner] = leases.count
        leases.append(lease)
        undoLog.append { world in
            world.leases.removeLast()
            world.leaseOfRunner[lease.runner] = previous
        }
    }

    func update(_ lease: MemoryLease) {
        let index = Int(lease.epoch - 1)
        let old = leases[index]
        leases[index] = lease
        undoLog.append { $0.leases[index] = old }
    }

    func keep(_ print: OperatorPrint, at now: Timestamp) {
        insert(StoredPrint(number: Int64(prints.count + 1), at: now, print: print))
    }

    private func insert(_ print: StoredPrint) {
        prints.append(print)
        linksToSeal.append(ChainLink(bytes: digest.sha256(PrintText.json(of: print.print))))
        undoLog.append { $0.prints.removeLast() }
    }

    func setValue(_ value: [UInt8], for key: MemoryBooks.Key) {
        let old = books.values.updateValue(value, forKey: key)
        undoLog.append { $0.books.values[key] = old }
    }

    func appendLine(_ line: MemoryBooks.Line, to log: String) {
        books.logs[ByteText(log), default: []].append(line)
        undoLog.append { world in
            world.books.logs[ByteText(log)]?.removeLast()
            if world.books.logs[ByteText(log)]?.isEmpty == true { world.books.logs[ByteText(log)] = nil }
        }
    }

    func reincarnate(at: Timestamp) {
        let old = incarnation
        incarnation = Incarnation(number: old.number + 1, since: at)
        undoLog.append { $0.incarnation = old }
    }
}

extension MemorySaga {
    fileprivate var brood: BroodKey? {
        guard let parent, let origin else { return nil }
        return BroodKey(parent: parent, stage: origin.stage)
    }

    fileprivate var childPlace: ChildPlace? {
        origin.map { ChildPlace(element: $0.element.rawValue, number: number) }
    }
}

extension Notice {
    var key: NoticeKey { NoticeKey(source: source, id: ByteText(id)) }
    var variant: NoticeVariant { NoticeVariant(notice: key, body: body) }
    var meetingPoint: ReferenceKey { ReferenceKey(source: source, reference: ByteText(claim.reference)) }
}

extension Expectation {
    var meetingPoint: ReferenceKey { ReferenceKey(source: source, reference: ByteText(reference)) }
}
