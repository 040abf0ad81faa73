/// A length of time in whole milliseconds, the finest the journal keeps.
public struct Span: Hashable, Comparable, Sendable, Codable {
    /// The length in milliseconds.
    public let milliseconds: Int64

    /// Takes a length in milliseconds.
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

    /// No time at all.
    public static let zero = Span(milliseconds: 0)
    /// A number of milliseconds.
    public static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
    /// A number of seconds.
    public static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1_000) }
    /// A number of minutes.
    public static func minutes(_ count: Int64) -> Span { Span(milliseconds: count * 60_000) }
    /// A number of hours.
    public static func hours(_ count: Int64) -> Span { Span(milliseconds: count * 3_600_000) }

    /// Orders spans by length.
    public static func < (left: Span, right: Span) -> Bool { left.milliseconds < right.milliseconds }

    /// The same span as a `Duration`.
    public var duration: Duration { .milliseconds(milliseconds) }
}
