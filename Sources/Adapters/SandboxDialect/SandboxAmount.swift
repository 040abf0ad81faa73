/// An exact decimal amount as the sandbox keeps it: billionths, so that currencies and whole token units add alike.
public struct SandboxAmount: Sendable, Hashable {
    /// The amount times 10⁹.
    public let scaled: Int128
    /// How many digits followed the point.
    public let decimals: Int

    /// The most digits that may follow the point.
    public static let decimalLimit = 9
    /// The most digits that may precede the point; sums of 10⁶ such amounts still fit 128 bits.
    public static let wholeLimit = 22

    /// Reads digits with at most one point; `nil` for signs, spaces, exponents, or more digits than the limits.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...Self.wholeLimit).contains(whole.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""[...].utf8
        guard parts.count == 1 || (1...Self.decimalLimit).contains(fraction.count) else { return nil }
        var value: Int128 = 0
        for byte in whole {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
        }
        for byte in fraction {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
        }
        for _ in fraction.count..<Self.decimalLimit { value *= 10 }
        scaled = value
        decimals = fraction.count
    }

    /// Writes billionths with a fixed number of digits after the point; finer digits must be zero.
    public static func text(_ scaled: Int128, decimals: Int) -> String {
        var value = scaled.magnitude
        for _ in decimals..<decimalLimit { value /= 10 }
        let digits = String(value)
        let sign = scaled < 0 ? "-" : ""
        if decimals == 0 { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
