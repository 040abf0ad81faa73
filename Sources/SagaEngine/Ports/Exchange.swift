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
