internal import SagaEngine

/// A saga as a batch sees and changes it: its row, locked for the batch.
struct BatchSaga {
    let number: SagaNumber
    let flow: Int64
    let parent: SagaNumber?
    var status: SagaStatus
    var sequence: Int
    /// The epoch of the lease under which a runner holds it.
    var holder: Int64?
    var fence: Int64
    /// Its place among those that can be claimed.
    var ready: Int64?
    /// When it wants to be woken.
    var wake: Timestamp?
    var sleep: SleepBits
    /// A notice became its own by being adopted or bound, perhaps under a number below the ones already looked at.
    var stirred: Bool
    /// How many children it has started.
    var spawned: Int64
    /// The last place that it gave to a child.
    var lane: Int64
    var pivoted: Bool
    var head: ChainLink
    private var texts: Texts
    /// When its row was last written by itself; `nil` while it has none.
    var updated: Timestamp?
    /// The transaction that wrote its row (`xmin`, 32 bits), which the row must still name when it is written; 0 while
    /// there is none.
    var version: Int64 = 0
    /// Whether it has ended, and its row is one of those that never change again.
    var hasEnded = false
    /// What the batch has changed of it.
    var change = Change.none

    /// How much of a row has to be written.
    enum Change: Int, Comparable {
        case none
        /// Where it stands in the queue, and whether a notice has stirred it.
        case queue
        /// All of it.
        case whole
        /// It has come to its end.
        case end

        static func < (left: Change, right: Change) -> Bool { left.rawValue < right.rawValue }
    }

    /// What of it is not a number: one reference, since a saga is copied a dozen times for each operation.
    private final class Texts: Sendable {
        let id: SagaID
        let exposures: [UInt8]
        let predicament: [UInt8]
        let unanswered: [MeetingPoint]

        init(_ id: SagaID, exposures: [UInt8] = [], predicament: [UInt8] = [], unanswered: [MeetingPoint] = []) {
            self.id = id
            self.exposures = exposures
            self.predicament = predicament
            self.unanswered = unanswered
        }
    }

    var id: SagaID { texts.id }
    var exposures: [UInt8] { texts.exposures }
    var predicament: [UInt8] { texts.predicament }
    /// References that it has begun to expect since its row was read, while no stage of it has taken a notice.
    var unanswered: [MeetingPoint] { texts.unanswered }
    /// The most of them that are remembered: with more, none.
    static let unansweredLimit = 64

    /// Sets what is at stake and what a person has to look at.
    mutating func describe(exposures: [UInt8], predicament: [UInt8]) {
        guard exposures != texts.exposures || predicament != texts.predicament else { return }
        texts = Texts(id, exposures: exposures, predicament: predicament, unanswered: unanswered)
    }

    /// Adds references that it begins to expect.
    mutating func expect(_ points: [MeetingPoint]) {
        guard !points.isEmpty else { return }
        let all = unanswered + points
        remember(unanswered: all.count > Self.unansweredLimit ? [] : all)
    }

    /// A stage has taken a notice: what it expects may have been answered.
    mutating func isAnswered() {
        if !unanswered.isEmpty { remember(unanswered: []) }
    }

    private mutating func remember(unanswered: [MeetingPoint]) {
        texts = Texts(id, exposures: exposures, predicament: predicament, unanswered: unanswered)
    }

    var isTerminal: Bool { hasEnded || status.isTerminal }

    mutating func mark(_ kind: Change) { change = max(change, kind) }

    mutating func makeReady(_ place: Int64) {
        ready = ready ?? place
        wake = nil
        sleep = []
        mark(.queue)
    }

    /// What ``init(_:)`` reads of a saga that goes on.
    static let columns = """
        p.number, s.id, p.flow, s.parent, p.status, p.sequence, p.holder, p.fence, p.ready, p.wake, p.sleep, p.stirred,
            p.spawned, p.lane, p.pivoted, p.head, p.exposures, p.predicament, p.xmin, p.updated
        """

    /// How many those are, and which is the fence.
    static let columnCount: Int32 = 20
    static let fenceColumn: Int32 = 7

    init(_ row: PostgresRow) throws(StoreError) {
        number = row.int64(0)
        texts = Texts(
            try SagaID(stored: row.text(1)), exposures: row.blob(16), predicament: row.blob(17))
        flow = row.int64(2)
        parent = row.optionalInt64(3)
        status = try SagaStatus(storeCode: row.int64(4))
        sequence = Int(row.int64(5))
        holder = row.optionalInt64(6)
        fence = row.int64(7)
        ready = row.optionalInt64(8)
        wake = row.isNull(9) ? nil : row.timestamp(9)
        sleep = SleepBits(rawValue: row.int64(10))
        stirred = row.int64(11) != 0
        spawned = row.int64(12)
        lane = row.int64(13)
        pivoted = row.int64(14) != 0
        head = row.link(15)
        version = row.int64(18)
        updated = row.timestamp(19)
    }

    /// What a transaction's number is as a row's version.
    static func version(of transaction: Int64) -> Int64 { Int64(Int32(truncatingIfNeeded: transaction)) }

    /// What ``init(finished:)`` reads of a saga that has ended.
    static let finishedColumns = "f.number, s.id, f.flow, s.parent, f.status, f.sequence, f.spawned, f.pivoted, f.head"

    init(finished row: PostgresRow) throws(StoreError) {
        number = row.int64(0)
        texts = Texts(try SagaID(stored: row.text(1)))
        flow = row.int64(2)
        parent = row.optionalInt64(3)
        status = try SagaStatus(storeCode: row.int64(4))
        sequence = Int(row.int64(5))
        spawned = row.int64(6)
        pivoted = row.int64(7) != 0
        head = row.link(8)
        holder = nil
        fence = 0
        ready = nil
        wake = nil
        sleep = []
        stirred = false
        lane = 0
        hasEnded = true
    }

    /// A saga that this batch starts.
    init(
        starting new: NewSaga, as number: SagaNumber, flow: Int64, under parent: SagaNumber?, pivoted: Bool,
        at place: Int64
    ) {
        self.number = number
        texts = Texts(new.id)
        self.flow = flow
        self.parent = parent
        status = .pending
        sequence = 0
        holder = nil
        fence = 0
        ready = place
        wake = nil
        sleep = []
        stirred = false
        spawned = 0
        lane = 0
        self.pivoted = pivoted
        head = new.genesis
    }
}
