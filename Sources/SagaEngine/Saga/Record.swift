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
