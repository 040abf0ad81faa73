public import SagaEngine

/// The books of a memory store at one moment: what record handlers have written.
public struct MemoryBooks: Sendable, Equatable {
    /// A value's space and key.
    public struct Key: Hashable, Comparable, Sendable {
        /// The space, such as `balance`.
        public let space: String
        /// The key in that space.
        public let key: String

        /// Names a value.
        public init(space: String, key: String) {
            self.space = space
            self.key = key
        }

        /// Orders by space, then key.
        public static func < (left: Key, right: Key) -> Bool {
            left.bytes < right.bytes
        }

        /// Whether space and key are the same bytes.
        public static func == (left: Key, right: Key) -> Bool { left.bytes == right.bytes }

        /// Hashes the bytes.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(bytes.0)
            hasher.combine(bytes.1)
        }

        private var bytes: (ByteText, ByteText) { (ByteText(space), ByteText(key)) }
    }

    /// One line of a log.
    public struct Line: Sendable, Equatable {
        /// The key that the handler filed it under.
        public let key: String
        /// Its content.
        public let body: [UInt8]
        /// The stage that caused it.
        public let cause: RecordCause

        /// Takes a line as a store keeps it.
        public init(key: String, body: [UInt8], cause: RecordCause) {
            self.key = key
            self.body = body
            self.cause = cause
        }
    }

    /// The values; iterate over ``keys``, whose order is fixed.
    public internal(set) var values: [Key: [UInt8]] = [:]
    /// The logs by name, oldest line first.
    public internal(set) var logs: [ByteText: [Line]] = [:]

    /// All keys of the values in order.
    public var keys: [Key] { values.keys.sorted() }

    /// The value under a key, or `nil`.
    public func value(of key: String, in space: String) -> [UInt8]? {
        values[Key(space: space, key: key)]
    }

    /// The lines of a log, oldest first.
    public func log(_ name: String) -> [Line] { logs[ByteText(name)] ?? [] }
}

/// The door through which record handlers reach the books inside an operation.
struct MemoryRecordTransaction: RecordTransaction {
    let world: MemoryWorld

    func value(of key: String, in space: String) -> [UInt8]? {
        world.books.value(of: key, in: space)
    }

    func set(_ value: [UInt8], for key: String, in space: String) {
        world.setValue(value, for: MemoryBooks.Key(space: space, key: key))
    }

    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) {
        world.appendLine(MemoryBooks.Line(key: key, body: body, cause: cause), to: log)
    }
}
