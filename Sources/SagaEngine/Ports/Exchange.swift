/// One exchange with a counterparty, kept as evidence beside what it led to.
public struct Exchange: Sendable, Equatable, Codable {
    /// The status as the transport names it, such as `200`.
    public let status: String
    /// How long it took.
    public let latency: Span
    /// The answer, redacted and cut to a bounded length.
    public let answer: String
    /// Whether it was one call for several instructions and another of them stands for it; not kept as evidence.
    public let isShared: Bool

    /// The longest answer kept, in UTF-8 bytes.
    public static let maximumAnswerLength = 1_024

    private enum CodingKeys: String, CodingKey { case status, latency, answer }

    /// Records an exchange.
    public init(status: String, latency: Span, answer: String = "", isShared: Bool = false) {
        self.isShared = isShared
        self.status = status
        self.latency = latency
        self.answer =
            answer.utf8.count <= Self.maximumAnswerLength
            ? answer : String(decoding: answer.utf8.prefix(Self.maximumAnswerLength), as: UTF8.self)
    }

    /// Reads an exchange as the journal keeps it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            status: try values.decode(String.self, forKey: .status),
            latency: try values.decode(Span.self, forKey: .latency),
            answer: try values.decode(String.self, forKey: .answer))
    }
}
