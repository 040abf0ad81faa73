/// A party outside our walls that can be told to do something, and asked whether it did.
///
/// There is no way to deliver without being able to `find`: the engine asks before it sends again. Adapters implement
/// this; flows never see it. Every method reports what happened as a value: none throws, so that no failure can be
/// mistaken for another.
public protocol Counterparty: Sendable {
    /// What this party promises, as data.
    var terms: CounterpartyTerms { get }

    /// Turns an instruction into the exact bytes to be sent. Pure: the same instruction and key give the same bytes.
    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest

    /// Sends the request once.
    func deliver(_ request: WireRequest) async -> Delivery

    /// Asks what became of the request's key.
    func find(_ request: WireRequest) async -> Finding

    /// Asks for the notice about this request to be sent again.
    func requestNotice(for request: WireRequest) async -> NoticeRequest
}

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

/// How one delivery ended. A delivery ends in exactly one of these.
public enum Delivery: Sendable, Equatable {
    /// The counterparty has it.
    case receipt(Receipt, Exchange)
    /// The counterparty has proved that it will not do it.
    case refused(RefusalReason, Exchange)
    /// No byte of the request can have reached the counterparty.
    case notDelivered(CallFailure, Exchange)
    /// Nobody can tell whether the counterparty has it.
    case unknown(CallFailure, Exchange)
}

/// What the counterparty says about a key.
public enum Finding: Sendable, Equatable {
    /// It has the instruction.
    case found(Receipt, Exchange)
    /// It had the instruction and refused it.
    case refused(RefusalReason, Exchange)
    /// It does not know the key. Proof only after the declared quiet time.
    case absent(Exchange)
    /// It cannot tell yet, or could not be asked.
    case notYetKnown(CallFailure, Exchange)
}

/// What a counterparty answered to the request to send a notice again.
public enum NoticeRequest: Sendable, Equatable {
    /// It will.
    case promised(Exchange)
    /// It could not be asked, or would not.
    case failed(CallFailure, Exchange)
}

/// A counterparty's word that it has an instruction.
public struct Receipt: Sendable, Equatable, Codable {
    /// The counterparty's own name for it.
    public let id: String
    /// Whether it is done or only accepted.
    public let state: State
    /// What the counterparty says it is about to do or has done, to be compared with what was asked.
    public let facts: Facts

    /// How far the counterparty is.
    public enum State: String, Sendable, Codable {
        /// Taken in; the effect is still to come.
        case accepted
        /// The effect has happened.
        case settled
    }

    /// Reports an instruction that the counterparty has.
    public init(id: String, state: State, facts: Facts) {
        self.id = id
        self.state = state
        self.facts = facts
    }
}

/// A counterparty's proven refusal.
public struct RefusalReason: Sendable, Equatable, Codable {
    /// The counterparty's code, of a bounded set, fit for metrics.
    public let code: String
    /// The counterparty's words, without personal data.
    public let message: String

    /// Reports a refusal.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Why a call has no answer that says what happened.
public struct CallFailure: Sendable, Equatable, Codable {
    /// A bounded code, fit for metrics: `timeout`, `connect`, `http_503`, `rate_limited` and the like.
    public let code: String
    /// When the counterparty asked us to come back, if it did.
    public let retryAfter: Span?

    /// Reports a failure.
    public init(code: String, retryAfter: Span? = nil) {
        self.code = code
        self.retryAfter = retryAfter
    }
}

/// One exchange with a counterparty, kept as evidence beside what it led to.
public struct Exchange: Sendable, Equatable, Codable {
    /// The status as the transport names it, such as `200`.
    public let status: String
    /// How long it took.
    public let latency: Span
    /// The answer, redacted and cut to a bounded length.
    public let answer: String

    /// The longest answer kept, in UTF-8 bytes.
    public static let maximumAnswerLength = 1_024

    /// Records an exchange.
    public init(status: String, latency: Span, answer: String = "") {
        self.status = status
        self.latency = latency
        self.answer =
            answer.utf8.count <= Self.maximumAnswerLength
            ? answer : String(decoding: answer.utf8.prefix(Self.maximumAnswerLength), as: UTF8.self)
    }
}
