/// A saga as the store keeps it beside its journal.
public struct SagaRow: Sendable, Equatable {
    /// The store's short number.
    public let number: SagaNumber
    /// The id.
    public let id: SagaID
    /// The flow and version it runs under.
    public let flow: FlowID
    /// Its input as JSON.
    public let input: [UInt8]
    /// The saga that started it, if one did.
    public let parent: SagaID?
    /// The stage and element of the parent it was started for.
    public let origin: Origin?
    /// The last sequence number in its journal, 0 when there is none.
    public let sequence: Int
    /// The journal's last link.
    public let head: ChainLink
    /// What it is about.
    public let standing: Standing
    /// When it wants to be woken.
    public let wakeAt: Timestamp?
    /// Children that have not ended.
    public let openChildren: Int
    /// What it ended with, as JSON; `nil` while it has not.
    public let output: [UInt8]?
    /// When it was submitted.
    public let createdAt: Timestamp
    /// When it was last written itself; that a child has ended does not count.
    public let updatedAt: Timestamp

    /// Where in its parent a child belongs.
    public struct Origin: Sendable, Equatable {
        /// The stage.
        public let stage: StageName
        /// The element.
        public let element: ElementID

        /// Names a child's place.
        public init(stage: StageName, element: ElementID) {
            self.stage = stage
            self.element = element
        }
    }

    /// Takes a row as stored.
    public init(
        number: SagaNumber, id: SagaID, flow: FlowID, input: [UInt8], parent: SagaID?, origin: Origin?, sequence: Int,
        head: ChainLink, standing: Standing, wakeAt: Timestamp?, openChildren: Int, output: [UInt8]?,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.number = number
        self.id = id
        self.flow = flow
        self.input = input
        self.parent = parent
        self.origin = origin
        self.sequence = sequence
        self.head = head
        self.standing = standing
        self.wakeAt = wakeAt
        self.openChildren = openChildren
        self.output = output
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A claimed saga, read back. A reference, since it goes through several hands and nobody changes it.
public final class LoadedSaga: Sendable {
    /// The right to work on it.
    public let claim: Claim
    /// Its row.
    public let row: SagaRow
    /// Its whole journal.
    public let journal: [JournalEntry]
    /// Its notices that no stage has decided about, in order of arrival and without their bodies, as far as a
    /// ``NoticePage`` has room.
    public let notices: [StoredNotice]
    /// The first of those that was left out; `nil` when there was room for all.
    public let firstLeftOut: Int64?
    /// The highest number among all its notices; 0 when it has none.
    public let lastNotice: Int64

    /// Puts a saga together.
    public init(
        claim: Claim, row: SagaRow, journal: [JournalEntry], notices: [StoredNotice], firstLeftOut: Int64? = nil,
        lastNotice: Int64
    ) {
        self.claim = claim
        self.row = row
        self.journal = journal
        self.notices = notices
        self.firstLeftOut = firstLeftOut
        self.lastNotice = lastNotice
    }
}
