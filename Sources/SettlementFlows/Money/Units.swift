/// Whole token units, never negative. One input is at most 64 bits; sums and weights have 128.
public struct Units: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most units one row or one offering may name.
    public static let largestInput = Units(UInt128(UInt64.max))
    /// No units.
    public static let zero = Units(0)

    /// How many.
    public let count: UInt128

    /// A number of units.
    public init(_ count: UInt128) {
        self.count = count
    }

    /// Units from the digits of a whole number of up to 128 bits; signs, points, spaces and leading zeros are refused.
    public init(text: some StringProtocol) throws(MoneyError) {
        let digits = text.utf8
        guard let first = digits.first, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            first != UInt8(ascii: "0") || digits.count == 1
        else { throw .malformed }
        guard let count = UInt128(text, radix: 10) else { throw .overflow }
        self.count = count
    }

    /// The digits.
    public var description: String { String(count) }

    /// Fewer units come first.
    public static func < (left: Units, right: Units) -> Bool { left.count < right.count }

    /// The sum.
    public func adding(_ other: Units) throws(MoneyError) -> Units {
        let (sum, overflow) = count.addingReportingOverflow(other.count)
        guard !overflow else { throw .overflow }
        return Units(sum)
    }

    /// What is left after `other` is taken away.
    public func subtracting(_ other: Units) throws(MoneyError) -> Units {
        guard count >= other.count else { throw .negative }
        return Units(count - other.count)
    }
}

extension Units: Codable {
    /// Reads a string of digits, such as `"414531"`.
    public init(from decoder: any Decoder) throws {
        try self.init(text: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a string of digits: JSON numbers above 2^53 change on their way through peers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
