internal import SagaEngine

/// Amounts at stake as text in a row: one a line, `amount decimals asset`; NULL when there are none.
enum ExposureText {
    private static let space = UInt8(ascii: " ")
    private static let newline = UInt8(ascii: "\n")

    static func write(_ exposures: [Exposure]) throws(StoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32 * exposures.count)
        for exposure in exposures {
            guard !exposure.asset.utf8.contains(newline) else {
                throw StoreError(.misuse, "an asset's code holds a line break")
            }
            append(exposure.amount, to: &bytes)
            bytes.append(space)
            append(Int128(exposure.decimals), to: &bytes)
            bytes.append(space)
            exposure.asset.withBytes { bytes.append(contentsOf: $0) }
            bytes.append(newline)
        }
        return bytes
    }

    static func read(_ text: UnsafeRawBufferPointer) throws(StoreError) -> [Exposure] {
        var exposures: [Exposure] = []
        var rest = Slice(base: text, bounds: text.indices)
        while !rest.isEmpty {
            guard let amount = next(&rest, upTo: space).flatMap(integer),
                let decimals = next(&rest, upTo: space).flatMap(integer).flatMap(Int.init(exactly:)),
                let asset = next(&rest, upTo: newline)
            else {
                throw StoreError(.corrupt, "a saga's row has amounts at stake that cannot be read")
            }
            exposures.append(
                Exposure(asset: String(decoding: asset, as: UTF8.self), amount: amount, decimals: decimals))
        }
        return exposures
    }

    /// Takes what comes before the next such byte, and the byte with it; `nil` when there is none.
    private static func next(
        _ rest: inout Slice<UnsafeRawBufferPointer>, upTo end: UInt8
    ) -> Slice<UnsafeRawBufferPointer>? {
        guard let index = rest.firstIndex(of: end) else { return nil }
        defer { rest = rest[(index + 1)...] }
        return rest[..<index]
    }

    // Printing and parsing 128 bits take long, and nearly every amount fits 64.

    private static func append(_ number: Int128, to bytes: inout [UInt8]) {
        guard let short = Int64(exactly: number) else {
            bytes.append(contentsOf: number.description.utf8)
            return
        }
        if short < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(short.magnitude, to: &bytes)
    }

    private static func appendDigits(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = digits.count
            var rest = number
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    private static func integer(_ text: Slice<UnsafeRawBufferPointer>) -> Int128? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        // Eighteen digits fit 64 bits.
        guard 1...18 ~= digits.count else { return Int128(String(decoding: text, as: UTF8.self)) }
        var number: Int64 = 0
        for byte in digits {
            let digit = Int64(byte) - Int64(UInt8(ascii: "0"))
            guard 0...9 ~= digit else { return nil }
            number = number * 10 + digit
        }
        return Int128(isNegative ? -number : number)
    }
}
