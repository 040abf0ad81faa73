/// 128-bit numbers as the 16 bytes, highest first, that sort in a database as the numbers do.
enum WideInteger {
    static func bytes(_ value: UInt128) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The number in a column of a row that stands ready; a value of another width is damage and reads as nil.
    static func read(_ row: any TableRow, _ column: Int32) -> UInt128? {
        var value: UInt128?
        row.lend(column) { bytes in
            if bytes.count == 16 { value = UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self)) }
        }
        return value
    }
}
