internal import SagaEngine

/// What the writer needs to know of a saga before it writes; changed as the operation goes on.
struct WritableSaga {
    let number: SagaNumber
    let id: SagaID
    let parent: SagaNumber?
    var sequence: Int
    var fence: Int64
    var holder: Int64?
    var ready: Int64?
    var wake: Int64?
    var sleep: SleepBits
    /// A notice became its own by being adopted or bound, perhaps under a number below the ones already looked at.
    var stirred: Bool
    var openChildren: Int64
    var status: SagaStatus
    private let hasOutput: Bool

    /// What ``init(_:)`` reads, for a condition to follow.
    static let columns = """
        SELECT number, id, parent, sequence, fence, holder, ready, wake, sleep, stirred, open, status,
            output IS NOT NULL FROM saga
        """

    init(_ row: SQLiteStatement) throws {
        number = row.int64(0)
        id = try SagaID(stored: row.text(1))
        parent = row.optionalInt64(2)
        sequence = Int(row.int64(3))
        fence = row.int64(4)
        holder = row.optionalInt64(5)
        ready = row.optionalInt64(6)
        wake = row.optionalInt64(7)
        sleep = SleepBits(rawValue: row.int64(8))
        stirred = row.int64(9) != 0
        openChildren = row.int64(10)
        status = try SagaStatus(storeCode: row.int64(11))
        hasOutput = row.int64(12) != 0
    }

    var isTerminal: Bool { status.isTerminal || hasOutput }

    mutating func makeReady(_ place: Int64) {
        ready = ready ?? place
        wake = nil
        sleep = []
    }

    /// Gives the saga to a lease; whoever held it before is fenced off.
    mutating func take(under epoch: Int64) {
        holder = epoch
        fence += 1
        ready = nil
        wake = nil
        sleep = []
        stirred = false
        if status == .pending { status = .running }
    }
}

/// The sagas that the writer has lately read or written, so that it need not read their rows again.
///
/// Nobody else writes those rows: the file is locked, and the writer has its only writing connection. What is rolled
/// back is forgotten, and so is everything when the connection has been lent for another job.
struct KnownSagas {
    /// The most sagas kept; some 200 bytes each.
    static let limit = 8_192

    private var sagas: [SagaNumber: WritableSaga] = [:]

    subscript(number: SagaNumber) -> WritableSaga? { sagas[number] }

    /// Keeps a saga as its row stands now.
    mutating func keep(_ saga: WritableSaga) {
        // Those in hands come back with their next operation; an order of age would cost more than it saves.
        if sagas.count >= Self.limit { forget() }
        sagas[saga.number] = saga
    }

    mutating func forget(_ number: SagaNumber) {
        sagas[number] = nil
    }

    mutating func forget() {
        sagas.removeAll(keepingCapacity: true)
    }
}
