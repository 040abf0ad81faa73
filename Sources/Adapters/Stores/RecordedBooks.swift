public import SagaEngine

/// The books that record handlers keep in a store, for reading.
public protocol RecordedBooks: Sendable {
    /// What record handlers have set in a space after a key, in byte order of the keys.
    func bookValues(
        in space: String, after key: String, limit: Int
    ) async throws(StoreError) -> [(key: String, value: [UInt8])]

    /// What record handlers have added to a log after a line, oldest first.
    ///
    /// A line that has been handed out has no line of a lower number added behind it.
    func bookLines(of log: String, after number: Int64, limit: Int) async throws(StoreError) -> [BookLine]

    /// The lines of a log under a key and everything below it (`KEY` and `KEY/…`), in order of keys, then of time.
    func bookLines(
        of log: String, under key: String, after place: BookPlace, limit: Int
    ) async throws(StoreError) -> [BookLine]
}
