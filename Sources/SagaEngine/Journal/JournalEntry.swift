/// One line of a saga's history. Entries are appended and never edited.
public struct JournalEntry: Sendable, Equatable {
    /// The place in this saga's journal, from 1, without gaps.
    public let sequence: Int
    /// The stage it is about; empty when it is about the saga as a whole.
    public let stage: StageName
    /// How many proven refusals the stage had when this was written; see ``IdempotencyKey``.
    public let refusals: Int
    /// What the entry says.
    public let kind: EntryKind
    /// When, by the store's clock.
    public let at: Timestamp
    /// The entry's content as JSON.
    public let body: [UInt8]
    /// SHA-256 over the predecessor's link and everything above.
    public let link: ChainLink

    /// Takes an entry as stored.
    public init(
        sequence: Int, stage: StageName, refusals: Int, kind: EntryKind, at: Timestamp, body: [UInt8], link: ChainLink
    ) {
        self.sequence = sequence
        self.stage = stage
        self.refusals = refusals
        self.kind = kind
        self.at = at
        self.body = body
        self.link = link
    }
}
