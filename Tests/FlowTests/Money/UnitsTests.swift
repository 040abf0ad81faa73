import SagaEngine
import SettlementFlows
import Testing

@Suite struct UnitsTests {
    @Test func `digits are read to the last of 128 bits`() throws {
        #expect(try Units(text: "0") == .zero)
        #expect(try Units(text: "18446744073709551615") == .largestInput)
        #expect(try Units(text: "340282366920938463463374607431768211455").count == .max)
        #expect(throws: MoneyError.overflow) { try Units(text: "340282366920938463463374607431768211456") }
    }

    @Test(arguments: ["", "-1", "+1", "1.0", "1e3", " 1", "01", "00", "x", "١"])
    func `what is no whole number is refused`(text: String) {
        #expect(throws: MoneyError.malformed) { try Units(text: text) }
    }

    @Test func `units never wrap round`() throws {
        #expect(throws: MoneyError.overflow) { try Units(.max).adding(Units(1)) }
        #expect(throws: MoneyError.negative) { try Units(1).subtracting(Units(2)) }
        #expect(try Units(3).subtracting(Units(3)) == .zero)
    }

    @Test func `JSON carries units as a string of digits`() throws {
        let bytes = try JournalEncoder().encode([Units(9_007_199_254_740_993)])
        #expect(String(decoding: bytes, as: UTF8.self) == #"["9007199254740993"]"#)
        #expect(try JournalDecoder().decode([Units].self, from: bytes) == [Units(9_007_199_254_740_993)])
    }
}
