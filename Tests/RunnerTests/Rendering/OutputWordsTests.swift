import SagaEngine
import Testing

@testable import saga_runner

@Suite struct OutputWordsTests {
    private func lines(_ json: String) throws -> [String] {
        OutputWords(output: try JSONValue.parse(Array(json.utf8))).lines
    }

    @Test func `a settlement's result is read without a brace`() throws {
        let figure = #"{"book":"ledger","what":"escrow","asset":"SGD","expected":0,"actual":0}"#
        let odd = #"{"book":"ledger","what":"escrow","asset":"SGD","expected":0,"actual":1}"#
        #expect(
            try lines(
                #"{"outcome":"settled","paid":{"currency":"SGD","amount":"2520.00"},"minted":10,"note":null,"#
                    + #""figures":[\#(figure),\#(figure)],"others":[\#(figure),\#(odd)],"names":["A"],"none":[]}"#)
                == [
                    "outcome  settled", "paid     2520.00 SGD", "minted   10", "note     none",
                    "figures  2, all agree (see --json)", "others   2, 1 do not agree (see --json)",
                    "names    1 entry (see --json)", "none     none",
                ])
    }

    @Test func `an object in a member is its members`() throws {
        #expect(try lines(#"{"a":{"b":"c","d":{"currency":"SGD","amount":"1.00"}}}"#) == ["a  b c, d 1.00 SGD"])
    }
}
