internal import SagaEngine

/// The sagas that the writer has lately read or written, so that it need not read their rows again.
///
/// Nobody else writes those rows: the file is locked, and the writer has its only writing connection. What is rolled
/// back is forgotten, and so is everything when the connection has been lent for a job that may write them.
///
/// They stand in two halves. When the younger one is full it becomes the older one, which is forgotten; a saga that is
/// written moves to the younger one.
struct KnownSagas {
    /// The most sagas kept; some 200 bytes each beside their pasts.
    static let limit = 8_192
    /// How many bytes of pasts are kept, unless it is told otherwise. Six thousand sagas like an investor's settlement.
    static let usualByteLimit = 16 << 20

    private let halfBytes: Int
    private var young: [SagaNumber: WritableSaga] = [:]
    private var youngBytes = 0
    private var old: [SagaNumber: WritableSaga] = [:]

    init(byteLimit: Int = usualByteLimit) {
        halfBytes = byteLimit / 2
    }

    subscript(number: SagaNumber) -> WritableSaga? {
        young[number] ?? (old.isEmpty ? nil : old[number])
    }

    /// Keeps a saga as its row stands now.
    mutating func keep(_ saga: WritableSaga) {
        var saga = saga
        // One that would take the room of all others is not worth it.
        if let past = saga.past, past.byteCount > halfBytes / 8 { saga.past = nil }
        if let past = young.updateValue(saga, forKey: saga.number)?.past { youngBytes -= past.countedBytes }
        if let past = saga.past { youngBytes += past.count() }
        guard young.count >= Self.limit / 2 || youngBytes >= halfBytes else { return }
        swap(&young, &old)
        young.removeAll(keepingCapacity: true)
        youngBytes = 0
    }

    /// Takes note of how much a saga's past has grown, if it is kept.
    mutating func count(_ saga: WritableSaga) {
        if saga.past != nil, self[saga.number] != nil { keep(saga) }
    }

    mutating func forget(_ number: SagaNumber) {
        if let past = young.removeValue(forKey: number)?.past { youngBytes -= past.countedBytes }
        if !old.isEmpty { old[number] = nil }
    }

    mutating func forget() {
        young.removeAll(keepingCapacity: true)
        old.removeAll(keepingCapacity: true)
        youngBytes = 0
    }
}
