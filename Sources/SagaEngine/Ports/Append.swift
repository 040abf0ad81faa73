/// An extension of a saga's journal with everything that goes with it: the one write verb.
public struct Append: Sendable {
    /// The saga.
    public var saga: SagaNumber
    /// What entitles the writer.
    public var right: Right
    /// The new entries, in order.
    public var entries: [JournalEntry]
    /// What becomes of the saga.
    public var disposition: Disposition
    /// What the saga is about, for people and queries.
    public var standing: Standing
    /// What the new requests expect to be told.
    public var expectations: [Expectation]
    /// The standing that notices of this saga get, by number.
    public var notices: [NoticeUse]
    /// What is written to the books in the same transaction.
    public var records: [CausedRecord]
    /// Child sagas to start.
    public var spawn: Spawn?
    /// The highest number among the saga's notices that the writer has looked at; a higher one in the store means that
    /// the saga must not go to sleep.
    public var noticesSeen: Int64
    /// What a person did who caused this: kept in the same transaction, and only if this is.
    public var print: OperatorPrint?

    /// What entitles a writer to append.
    public enum Right: Sendable, Equatable {
        /// A claim under the batch's lease.
        case claim(fence: Int64)
        /// An operator's look at the saga: the last sequence number they saw. Refused while a runner holds the saga.
        case version(Int)
    }

    /// Puts an append together.
    public init(
        saga: SagaNumber, right: Right, entries: [JournalEntry], disposition: Disposition, standing: Standing,
        expectations: [Expectation] = [], notices: [NoticeUse] = [], records: [CausedRecord] = [], spawn: Spawn? = nil,
        noticesSeen: Int64 = 0, print: OperatorPrint? = nil
    ) {
        self.saga = saga
        self.right = right
        self.entries = entries
        self.disposition = disposition
        self.standing = standing
        self.expectations = expectations
        self.notices = notices
        self.records = records
        self.spawn = spawn
        self.noticesSeen = noticesSeen
        self.print = print
    }
}

/// A record and the stage that causes it.
public struct CausedRecord: Sendable, Equatable {
    /// The record.
    public let record: Record
    /// Its cause.
    public let cause: RecordCause

    /// Ties a record to its cause.
    public init(record: Record, cause: RecordCause) {
        self.record = record
        self.cause = cause
    }
}

/// What becomes of a notice in an append.
public struct NoticeUse: Sendable, Equatable {
    /// The notice's number.
    public let number: Int64
    /// Its new standing.
    public let standing: NoticeStanding

    /// Decides about a notice.
    public init(number: Int64, standing: NoticeStanding) {
        self.number = number
        self.standing = standing
    }
}
