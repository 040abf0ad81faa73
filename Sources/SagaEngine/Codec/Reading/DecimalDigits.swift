/// Decimal integers in text, exact or not at all.
enum DecimalDigits {
    /// Whether a text is an integer as this codec writes one: no plus, no leading zero, no minus zero.
    static func isCanonical(_ text: ArraySlice<UInt8>) -> Bool {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        guard let first = digits.first, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return false }
        return first != UInt8(ascii: "0") || (digits.count == 1 && !isNegative)
    }

    /// The value of an optional minus and digits; nil if the type cannot hold it.
    static func integer<I: FixedWidthInteger>(_ bytes: [UInt8], _ range: Range<Int>, as type: I.Type) -> I? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let digits = (range.lowerBound + (isNegative ? 1 : 0))..<range.upperBound
        if digits.count <= 18 {
            var value: Int64 = 0
            for index in digits { value = value &* 10 &+ Int64(bytes[index] &- UInt8(ascii: "0")) }
            return I(exactly: isNegative ? 0 &- value : value)
        }
        return wide(bytes, digits, isNegative: isNegative)
    }

    /// Counts towards the sign's own end, so that the lowest value needs no positive twin.
    private static func wide<I: FixedWidthInteger>(_ bytes: [UInt8], _ digits: Range<Int>, isNegative: Bool) -> I? {
        var value: I = 0
        for index in digits {
            guard let digit = I(exactly: bytes[index] &- UInt8(ascii: "0")) else { return nil }
            let tenfold = value.multipliedReportingOverflow(by: 10)
            let next =
                isNegative
                ? tenfold.partialValue.subtractingReportingOverflow(digit)
                : tenfold.partialValue.addingReportingOverflow(digit)
            if tenfold.overflow || next.overflow { return nil }
            value = next.partialValue
        }
        return value
    }
}
