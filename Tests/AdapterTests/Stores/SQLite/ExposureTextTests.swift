import SagaEngine
import Testing

@testable import Adapters

@Suite struct ExposureTextTests {
    private static func read(_ bytes: [UInt8]) throws -> [Exposure] {
        try bytes.withUnsafeBytes { try ExposureText.read($0) }
    }

    @Test(arguments: [
        0, 1, -1, 97_000_000, -999_999_999_999_999_999, 999_999_999_999_999_999, 1_000_000_000_000_000_000,
        Int128(Int64.max), Int128(Int64.min), Int128(Int64.max) + 1, .max, .min,
    ])
    func `amounts come back as they were written`(_ amount: Int128) throws {
        let exposures = [
            Exposure(asset: "AED", amount: amount, decimals: 2), Exposure(asset: "", amount: 7, decimals: 0),
        ]
        let bytes = try ExposureText.write(exposures)
        #expect(String(decoding: bytes, as: UTF8.self) == "\(amount) 2 AED\n7 0 \n")
        #expect(try Self.read(bytes) == exposures)
    }

    @Test func `none are no text`() throws {
        #expect(try ExposureText.write([]).isEmpty)
        #expect(try Self.read([]).isEmpty)
    }

    @Test(arguments: ["1", "1 2", "1 2 AED", "x 2 AED\n", "1 x AED\n", "- 2 AED\n", " 2 AED\n", "1  AED\n"])
    func `what cannot be read is said to be corrupt`(_ text: String) {
        #expect { try Self.read(Array(text.utf8)) } throws: { ($0 as? StoreError)?.code == .corrupt }
    }

    @Test func `an asset with a line break is refused`() {
        #expect { try ExposureText.write([Exposure(asset: "A\nB", amount: 1, decimals: 0)]) } throws: {
            ($0 as? StoreError)?.code == .misuse
        }
    }
}
