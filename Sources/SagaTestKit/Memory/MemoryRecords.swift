internal import SagaEngine

/// A saga as the memory store keeps it: the row that others read, and who may work on it when.
struct MemorySaga {
    let number: SagaNumber
    let seed: NewSaga
    let parent: SagaNumber?
    let parentID: SagaID?
    let origin: SagaRow.Origin?
    let createdAt: Timestamp

    var sequence = 0
    var head: ChainLink
    var standing: Standing
    var openChildren = 0
    var output: [UInt8]?
    var updatedAt: Timestamp

    /// The epoch of the lease under which a runner holds it.
    var holder: Int64?
    var fence: Int64 = 0
    /// Its place among the sagas that can be claimed at once.
    var ready: QueuePlace?
    var wakeAt: Timestamp?
    var wakesOnNotice = false
    var wakesOnChildren = false
    /// A notice became its own by being adopted or bound, perhaps under a number below the ones already looked at.
    var noticeArrived = false

    var isTerminal: Bool { output != nil || standing.status.isTerminal }

    /// Its place among the sagas that wait for a moment; `nil` while it is held, ready or waits for no moment.
    var wakePlace: QueuePlace? {
        guard holder == nil, ready == nil, let wakeAt else { return nil }
        return QueuePlace(at: wakeAt, order: number, number: number)
    }

    mutating func clearWaits() {
        ready = nil
        wakeAt = nil
        wakesOnNotice = false
        wakesOnChildren = false
    }

    var row: SagaRow {
        SagaRow(
            number: number, id: seed.id, flow: seed.flow, input: seed.input, parent: parentID, origin: origin,
            sequence: sequence, head: head, standing: standing, wakeAt: wakeAt, openChildren: openChildren,
            output: output, createdAt: createdAt, updatedAt: updatedAt)
    }
}

/// A place in a queue: the older moment first, and among equals the one that came first.
struct QueuePlace: Comparable {
    let at: Timestamp
    let order: Int64
    let number: SagaNumber

    static func < (left: QueuePlace, right: QueuePlace) -> Bool {
        left.at == right.at ? left.order < right.order : left.at < right.at
    }
}

/// A runner's lease as kept; it stays after its end so that nothing of an old life is mistaken for a new one.
struct MemoryLease {
    let runner: RunnerID
    let epoch: Int64
    var expires: Timestamp
    /// Whether it was released, or another runner has taken over what it held.
    var isDead = false
}

/// A notice as kept.
struct MemoryNotice {
    let number: Int64
    let notice: Notice
    let receivedAt: Timestamp
    var standing: NoticeStanding
    var saga: SagaNumber?

    /// As others read it, with the id of the saga it is for.
    func stored(for saga: SagaID?, withBody: Bool = true) -> StoredNotice {
        StoredNotice(
            number: number, notice: withBody ? notice : notice.withoutBody, receivedAt: receivedAt, standing: standing,
            saga: saga)
    }
}

/// What a notice and an expectation meet by.
struct ReferenceKey: Hashable {
    let source: CounterpartyName
    let reference: ByteText
}

/// What makes a notice the same notice.
struct NoticeKey: Hashable {
    let source: CounterpartyName
    let id: ByteText
}

/// What tells the bodies apart that came under one id.
struct NoticeVariant: Hashable {
    let notice: NoticeKey
    let body: [UInt8]
}

/// The stage of a parent that children belong to.
struct BroodKey: Hashable {
    let parent: SagaNumber
    let stage: StageName
}

/// A child's place among its siblings: byte order of the elements.
struct ChildPlace: Comparable {
    let element: String
    let number: SagaNumber

    static func == (left: ChildPlace, right: ChildPlace) -> Bool {
        left.element.isSameBytes(as: right.element)
    }

    static func < (left: ChildPlace, right: ChildPlace) -> Bool {
        left.element.utf8.lexicographicallyPrecedes(right.element.utf8)
    }
}

/// A saga's place among all, in byte order of the ids.
struct IDPlace: Comparable {
    let id: String
    let number: SagaNumber

    static func == (left: IDPlace, right: IDPlace) -> Bool { left.id == right.id }

    static func < (left: IDPlace, right: IDPlace) -> Bool {
        left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}
