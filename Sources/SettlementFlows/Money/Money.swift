public import SagaEngine

/// An exact amount of one currency, in whole minor units of 128 bits; floating point never touches it.
///
/// Arithmetic throws where the result would not fit. Text and JSON carry major units: `"2555.28"`.
public struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The longest text that is read, in characters; 128 bits need 41.
    public static let longestText = 64

    /// The currency.
    public let currency: Currency
    /// The amount in minor units: 255528 for SGD 2555.28.
    public let minorUnits: Int128

    /// An amount from minor units.
    public init(_ currency: Currency, minorUnits: Int128) {
        self.currency = currency
        self.minorUnits = minorUnits
    }

    /// No money in a currency.
    public static func zero(_ currency: Currency) -> Money { Money(currency, minorUnits: 0) }

    /// An amount from major units as text, exactly: an optional minus, digits, and at most the currency's digits after
    /// a point. Spaces, plus signs, exponents and digit groups are refused.
    public init(_ currency: Currency, text: some StringProtocol) throws(MoneyError) {
        guard text.utf8.count <= Self.longestText else { throw .malformed }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var whole: Int128 = 0
        var digitsBefore = 0
        var digitsAfter: Int?
        for byte in isNegative ? text.utf8.dropFirst() : text.utf8[...] {
            if byte == UInt8(ascii: "."), digitsAfter == nil, digitsBefore > 0 {
                digitsAfter = 0
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                whole = try Self.append(byte - UInt8(ascii: "0"), to: whole)
                if let digits = digitsAfter { digitsAfter = digits + 1 } else { digitsBefore += 1 }
            } else {
                throw .malformed
            }
        }
        guard digitsBefore > 0, digitsAfter != 0 else { throw .malformed }
        let missing = currency.minorUnitDigits - (digitsAfter ?? 0)
        guard missing >= 0 else { throw .tooFine(digits: currency.minorUnitDigits) }
        for _ in 0..<missing { whole = try Self.append(0, to: whole) }
        self.init(currency, minorUnits: isNegative ? -whole : whole)
    }

    /// Major units with all the currency's digits after the point: `2555.28`, `-0.07`, `5000.00`.
    public var text: String {
        let digits = currency.minorUnitDigits
        let magnitude = String(minorUnits.magnitude)
        let sign = minorUnits < 0 ? "-" : ""
        if digits == 0 { return sign + magnitude }
        let padded = String(repeating: "0", count: max(0, digits + 1 - magnitude.count)) + magnitude
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// The amount and its currency for people: `2555.28 SGD`.
    public var description: String { "\(text) \(currency.rawValue)" }

    /// The sum of two amounts of one currency.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .currencyMismatch }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Money(currency, minorUnits: sum)
    }

    /// What is left of this amount after another of its currency is taken; it may be negative.
    public func subtracting(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .currencyMismatch }
        let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .overflow }
        return Money(currency, minorUnits: difference)
    }

    /// The price of `units` at this price each.
    public func times(_ units: Units) throws(MoneyError) -> Money {
        guard let count = Int128(exactly: units.count) else { throw .overflow }
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: count)
        guard !overflow else { throw .overflow }
        return Money(currency, minorUnits: product)
    }

    private static func append(_ digit: UInt8, to value: Int128) throws(MoneyError) -> Int128 {
        let (scaled, scaleOverflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, addOverflow) = scaled.addingReportingOverflow(Int128(digit))
        guard !scaleOverflow, !addOverflow else { throw .overflow }
        return sum
    }
}

extension Money: JSONWritable {
    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("currency", currency)
            line.member("amount", text)
        }
    }
}

extension Money: Codable {
    private enum Key: String, CodingKey { case currency, amount }

    /// Reads `{"currency":"SGD","amount":"2555.28"}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let currency = try container.decode(Currency.self, forKey: .currency)
        try self.init(currency, text: container.decode(String.self, forKey: .amount))
    }

    /// Writes `{"currency":"SGD","amount":"2555.28"}`: a JSON number would be read as a double by peers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(currency, forKey: .currency)
        try container.encode(text, forKey: .amount)
    }
}
