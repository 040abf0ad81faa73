import Adapters
import SagaEngine
import SettlementFlows
import Testing

@Suite struct OfferingSettlementTests {
    @Test func `three investors are settled and four books agree`() async throws {
        // 12 units are asked for, 10 are offered: 5, 3 and 2 of 6, 4 and 2.
        let bench = try SettlementBench(units: [("INV-1", 6), ("INV-2", 4), ("INV-3", 2)])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.outcome == .settled)
            #expect(settlement.lines == 3)
            #expect(settlement.minted == 10)
            #expect(settlement.distributed == 10)
            #expect(settlement.transferred.text == "25200.00")
            #expect(settlement.refunded.text == "5040.00")
            #expect(settlement.figures.count == 15 && settlement.figures.allSatisfy { $0.agrees })
            #expect(bench.balance("ISS-1") == "25200.00")
            #expect(bench.balance("TOK-1", of: "DABS-SG-TOWER-1") == "5")
            #expect(bench.balance("0x1", at: Parties.blockchain, of: "DABS-SG-TOWER-1") == "5")
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }
}
