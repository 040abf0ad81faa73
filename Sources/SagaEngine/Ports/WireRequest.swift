/// Why an instruction cannot be put into a counterparty's words; the saga becomes stuck and nothing is sent.
public struct Unrenderable: Error, Sendable, Equatable {
    /// What is wrong, for the operator.
    public let reason: String

    /// Names what is wrong with the instruction.
    public init(_ reason: String) {
        self.reason = reason
    }
}

/// A request as it goes over the wire, durable before it is sent and sent again only unchanged.
public struct WireRequest: Sendable, Equatable, Codable {
    /// The effect's identity.
    public let key: IdempotencyKey
    /// The key in the counterparty's own format; its callbacks carry this.
    public let reference: String
    /// Which of the counterparty's operations this is.
    public let operation: String
    /// What may be worked on only one request at a time, such as an account; `nil` when anything goes.
    public let lane: String?
    /// The body, byte for byte.
    public let body: [UInt8]

    /// Puts a request together.
    public init(key: IdempotencyKey, reference: String, operation: String, lane: String? = nil, body: [UInt8]) {
        self.key = key
        self.reference = reference
        self.operation = operation
        self.lane = lane
        self.body = body
    }
}
