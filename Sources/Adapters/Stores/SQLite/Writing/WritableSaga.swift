internal import SagaEngine

/// What the writer needs to know of a saga before it writes; changed as the operation goes on.
struct WritableSaga {
    let number: SagaNumber
    let id: SagaID
    let flow: Int64
    let parent: SagaNumber?
    var sequence: Int
    /// The row's place in the index of what is due, ``Int64/max`` when no moment is waited for; never later than what
    /// the row waits for, but an alarm that is no longer wanted may still stand there until its moment has come.
    var due: Int64
    var ready: Int64?
    var wake: Int64?
    var sleep: SleepBits
    /// A notice became its own by being adopted or bound, perhaps under a number below the ones already looked at.
    var stirred: Bool
    var openChildren: Int64
    var status: SagaStatus
    /// Everything else that is stored of it; `nil` where that is not known.
    var past: SagaPast?
    private let hasOutput: Bool

    /// What ``init(_:)`` reads, for a condition to follow.
    static let columns = """
        SELECT t.number, s.id, t.flow, s.parent, t.sequence, t.due, t.ready, t.wake, t.sleep, t.stirred, t.open,
            t.status, t.output IS NOT NULL FROM progress t JOIN saga s ON s.number = t.number
        """

    init(_ row: SQLiteStatement) throws {
        number = row.int64(0)
        id = try SagaID(stored: row.text(1))
        flow = row.int64(2)
        parent = row.optionalInt64(3)
        sequence = Int(row.int64(4))
        due = row.optionalInt64(5) ?? .max
        ready = row.optionalInt64(6)
        wake = row.optionalInt64(7)
        sleep = SleepBits(rawValue: row.int64(8))
        stirred = row.int64(9) != 0
        openChildren = row.int64(10)
        status = try SagaStatus(storeCode: row.int64(11))
        hasOutput = row.int64(12) != 0
    }

    /// A saga that was just started: ready, and nothing has happened to it.
    init(starting past: SagaPast, flow: Int64, under parent: SagaNumber?, ready place: Int64) {
        number = past.number
        id = past.id
        self.flow = flow
        self.parent = parent
        sequence = 0
        due = place
        ready = place
        sleep = []
        stirred = false
        openChildren = 0
        status = past.standing.status
        self.past = past
        hasOutput = false
    }

    var isTerminal: Bool { status.isTerminal || hasOutput }

    mutating func makeReady(_ place: Int64) {
        ready = ready ?? place
        wake = nil
        sleep = []
    }

    /// In somebody's hands it neither waits nor sleeps, whatever its row says.
    mutating func takeInHand() {
        ready = nil
        wake = nil
        sleep = []
    }

    /// Where the row must stand among what is due, at the latest.
    var latestDue: Int64 {
        ready ?? wake.map { ReadyPlace.alarm(at: Timestamp(milliseconds: $0), of: number) } ?? .max
    }
}
