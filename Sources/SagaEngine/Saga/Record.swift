/// Something to be written to the books in the transaction of the stage that causes it; opaque to the engine.
public struct Record: Sendable, Equatable {
    /// Which handler understands it.
    public let kind: String
    /// Its content.
    public let body: [UInt8]

    /// Puts a record together.
    public init(kind: String, body: [UInt8]) {
        self.kind = kind
        self.body = body
    }
}

/// What a stage posts to the books, as data.
public protocol Postable: Codable, Sendable {
    /// The records it consists of.
    func records() throws -> [Record]
}

/// Interprets one kind of record inside the store's transaction. A violation undoes that saga's part alone.
public protocol RecordHandler: Sendable {
    /// The kind of record it understands.
    var kind: String { get }

    /// Checks the record against the books and writes it.
    ///
    /// - Throws: ``RecordViolation`` when the books would no longer balance; the saga's whole append is undone.
    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws
}

/// Which stage a record was caused by.
public struct RecordCause: Sendable, Equatable {
    /// The saga.
    public let saga: SagaID
    /// The stage.
    public let stage: StageName
    /// When, by the store's clock.
    public let at: Timestamp

    /// Names a cause.
    public init(saga: SagaID, stage: StageName, at: Timestamp) {
        self.saga = saga
        self.stage = stage
        self.at = at
    }
}

/// The part of the store's transaction that record handlers see: keyed values, and logs that only grow.
public protocol RecordTransaction {
    /// The value under a key, or `nil`.
    func value(of key: String, in space: String) throws -> [UInt8]?
    /// Sets the value under a key.
    func set(_ value: [UInt8], for key: String, in space: String) throws
    /// Adds a line to a log.
    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) throws
}

/// A rule of the books that a record would break.
public struct RecordViolation: Error, Sendable, Equatable, Codable {
    /// A bounded code, fit for metrics.
    public let code: String
    /// Which rule, which account and by how much, for the operator.
    public let message: String

    /// Names the rule that would be broken.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
