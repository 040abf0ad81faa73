/// A number kept exactly as it is spelled, so that neither size nor digits are lost.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible, ExpressibleByIntegerLiteral {
    /// The spelling, always a JSON number.
    public let text: String

    /// A number from its spelling; nil unless it is a JSON number and nothing else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        do {
            let tape = try JSONParser.tape(of: bytes, limits: .standard)
            guard tape.count == 1, let token = tape.first, token.range.count == bytes.count,
                token.kind == .integer || token.kind == .fraction
            else { return nil }
        } catch {
            return nil
        }
        self.text = text
    }

    /// An integer.
    public init(_ value: some FixedWidthInteger) {
        text = String(value)
    }

    /// An integer.
    public init(integerLiteral value: Int64) {
        self.init(value)
    }

    init(checked text: String) {
        self.text = text
    }

    /// The integer that the number is; nil if it has a fraction or an exponent, or if the type cannot hold it.
    public func integer<I: FixedWidthInteger>(_ type: I.Type = I.self) -> I? {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 == UInt8(ascii: "-") || $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return DecimalDigits.integer(bytes, 0..<bytes.count, as: type)
    }

    /// The spelling.
    public var description: String { text }
}
