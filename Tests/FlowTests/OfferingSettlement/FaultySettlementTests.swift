import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct FaultySettlementTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever heals by itself is lived through, with one effect a stage`(seed: UInt64) async throws {
        let kinds = FaultKind.allCases.filter(\.healsItself)
        let faults = Adapters.FaultPlan(seed: seed, kinds: kinds, perMille: 80)
        let units = (1...8).map { (investor: "INV-\($0)", units: UInt64($0)) }
        let bench = try SettlementBench(SettlementBench.Terms(offered: 20), units: units, faults: faults)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.minted == 20)
            #expect(settlement.figures.allSatisfy { $0.agrees })
            for party in [Parties.custodian, Parties.blockchain, Parties.bank] {
                let effects = bench.effects(at: party)
                #expect(Set(effects).count == effects.count)
            }
        }
    }
}
