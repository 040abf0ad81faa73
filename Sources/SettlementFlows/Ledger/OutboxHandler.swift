public import SagaEngine

/// Keeps notices to people in a log, in the transaction of the stage that causes them.
public struct OutboxHandler: RecordHandler {
    /// The log of notices, each filed under `offering` or `offering/investor`.
    public static let log = "outbox"

    /// `outbox`.
    public var kind: String { OutboxNotice.recordKind }

    /// A handler; it keeps nothing.
    public init() {}

    /// Files a notice.
    public func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let notice: OutboxNotice
        do {
            notice = try JournalDecoder().read(OutboxNotice.self, from: record.body)
        } catch {
            throw RecordViolation(
                code: "outbox.unreadable", message: "\(cause.saga)/\(cause.stage) files what is no notice: \(error)")
        }
        let key = notice.investor.map { "\(notice.offering)/\($0)" } ?? notice.offering.rawValue
        try books.append(record.body, to: Self.log, key: key, cause: cause)
    }
}
