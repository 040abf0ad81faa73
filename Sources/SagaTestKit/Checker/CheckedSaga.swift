public import SagaEngine

/// One saga as the store has it.
public struct CheckedSaga: Sendable {
    /// Its row.
    public let row: SagaRow
    /// Its whole journal.
    public let journal: [JournalEntry]

    /// Takes a saga as read.
    public init(row: SagaRow, journal: [JournalEntry]) {
        self.row = row
        self.journal = journal
    }
}
