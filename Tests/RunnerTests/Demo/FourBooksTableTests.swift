import SagaEngine
import Testing

@testable import saga_runner

struct FourBooksTableTests {
    @Test(arguments: [
        (Int128(0), 2, "0.00"), (7, 2, "0.07"), (-123_456_789, 2, "-1,234,567.89"), (1_000, 0, "1,000"),
        (999, 0, "999"),
    ])
    func `amounts are grouped by thousands and lose no digit`(value: Int128, digits: Int, text: String) {
        #expect(FourBooksTable.amount(value, digits) == text)
    }

    @Test func `a row agrees only when every book that keeps it has our figure`() {
        var row = FourBooksReport.Row(asset: "SGD", what: "refunded", digits: 2, ours: 5, custodian: 5)
        #expect(row.agrees)
        row.chain = 4
        #expect(!row.agrees)
    }

    @Test func `our ledger is the fold of its postings, and text that is no amount is refused`() throws {
        var ledger = DemoLedger()
        try ledger.add([
            "investor": "I",
            "legs": [
                ["account": "escrow:I", "asset": "SGD", "gain": "-700"],
                ["account": "refunded", "asset": "SGD", "gain": "200"],
                ["account": "issuer", "asset": "SGD", "gain": 500],
            ],
        ])
        #expect(ledger.released == ["I": 700] && ledger.refunded == ["I": 200])
        #expect(ledger.balance("issuer", "SGD") == 500)
        #expect(throws: CommandFailure.self) {
            try ledger.add(["legs": [["account": "issuer", "asset": "SGD", "gain": "5.0"]]])
        }
    }
}
