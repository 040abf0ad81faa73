/// A moment, in milliseconds since 1970-01-01T00:00:00Z, as the store's clock tells it.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// Takes milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads a bare integer of milliseconds.
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes a bare integer of milliseconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// The moment a span later; saturates at the ends of time.
    public static func + (moment: Timestamp, span: Span) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(span.milliseconds)
        return Timestamp(milliseconds: overflow ? (span.milliseconds > 0 ? .max : .min) : sum)
    }

    /// The span from one moment to another; saturates at the ends of time.
    public static func - (later: Timestamp, earlier: Timestamp) -> Span {
        let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return Span(milliseconds: overflow ? (later > earlier ? .max : .min) : difference)
    }

    /// Orders moments by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
