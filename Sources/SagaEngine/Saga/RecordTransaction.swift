/// The part of the store's transaction that record handlers see: keyed values, and logs that only grow.
public protocol RecordTransaction {
    /// The value under a key, or `nil`.
    func value(of key: String, in space: String) throws -> [UInt8]?
    /// Sets the value under a key.
    func set(_ value: [UInt8], for key: String, in space: String) throws
    /// Adds a line to a log.
    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) throws
}
