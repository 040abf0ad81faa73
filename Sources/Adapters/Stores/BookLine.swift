public import SagaEngine

/// One line that a record handler has added to a log of the books.
public struct BookLine: Sendable, Equatable {
    /// Its place among the lines of all logs.
    public let number: Int64
    /// The key that the handler filed it under.
    public let key: String
    /// Its content.
    public let body: [UInt8]
    /// The stage that caused it.
    public let cause: RecordCause
}
