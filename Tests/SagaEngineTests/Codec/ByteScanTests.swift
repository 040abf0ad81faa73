import Testing

@testable import SagaEngine

@Suite struct ByteScanTests {
    @Test func `a newline is found wherever it stands, the first one from a place on`() {
        for length in 0...26 {
            // 0x0b and 0x8a differ from a newline by one bit: a scan of whole words must not take them for one.
            for filler in [UInt8(0x61), 0x0b, 0x8a] {
                var bytes = [UInt8](repeating: filler, count: length)
                #expect(ByteScan.newline(in: bytes, from: 0) == nil)
                for place in 0..<length {
                    bytes[place] = 0x0a
                    for start in 0...length {
                        #expect(ByteScan.newline(in: bytes, from: start) == (start <= place ? place : nil))
                    }
                    if place + 1 < length {
                        bytes[place + 1] = 0x0a
                        #expect(ByteScan.newline(in: bytes, from: 0) == place)
                        bytes[place + 1] = filler
                    }
                    bytes[place] = filler
                }
            }
        }
    }

    @Test func `stretches are equal when every byte is`() {
        for length in 0...20 {
            let bytes = (0..<UInt8(length)).map { $0 }
            bytes.withUnsafeBytes { one in
                var other = bytes
                #expect(other.withUnsafeBytes { ByteScan.equal(one, $0) })
                for place in 0..<length {
                    other[place] ^= 0x80
                    #expect(!other.withUnsafeBytes { ByteScan.equal(one, $0) })
                    other[place] ^= 0x80
                }
                other.append(0)
                #expect(!other.withUnsafeBytes { ByteScan.equal(one, $0) })
            }
        }
    }
}
