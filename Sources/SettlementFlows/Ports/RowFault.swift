/// What is wrong with one row of a loaded file, and exactly where. Nothing of a file with a fault becomes visible.
public struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of fault; each row is refused for the first that applies.
    public enum Kind: String, Sendable, CaseIterable {
        case header, columnCount = "column_count", unterminatedQuote = "unterminated_quote", stray = "stray_quote"
        case encoding, tooLong = "too_long", name, form, time, timeOrder = "time_order", afterClose = "after_close"
        case action, units, duplicate, notLive = "not_live", otherInvestor = "other_investor"
        case unknownInvestor = "unknown_investor", houseAccount = "house_account", tooManyRows = "too_many_rows"
    }

    /// Which file.
    public let part: OfferingPart
    /// The line, from 1, on which the field begins.
    public let line: Int
    /// The column, from 1: the place of the field in its row.
    public let column: Int
    /// What kind of fault.
    public let kind: Kind
    /// What the field must be, in words that name the field.
    public let message: String

    /// A fault at a place.
    public init(part: OfferingPart, line: Int, column: Int, kind: Kind, message: String) {
        self.part = part
        self.line = line
        self.column = column
        self.kind = kind
        self.message = message
    }

    /// The bounded code for metrics and logs.
    public var code: String { "row.\(kind.rawValue)" }

    /// The part, the place and what must be, such as `subscriptions:17:5: units must be …`.
    public var description: String { "\(part.rawValue):\(line):\(column): \(message)" }
}
