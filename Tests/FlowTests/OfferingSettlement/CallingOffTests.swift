import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct CallingOffTests {
    @Test func `a settlement cancelled before money moves gives everybody everything back`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.cancel)
            try await bench.until(.cancelled)
            let settlement = try await bench.settlement()
            #expect(settlement.outcome == .cancelled)
            #expect(settlement.refunded.text == "30240.00")
            #expect(settlement.figures.allSatisfy { $0.agrees })
            #expect(bench.balance("DEP-1") == "15120.00")
            #expect(bench.balance("ESC-1") == "0.00")
            #expect(bench.effects(at: Parties.custodian).allSatisfy { $0.hasPrefix("returnFunds:") })
        }
    }

    @Test func `what stands in a settlement's way holds no refund up`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        bench.world.change { world in
            world.set("TOK-2", .frozen, at: Parties.custodian)
            world.set("ISS-1", .closed, at: Parties.custodian)
        }
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            try await bench.until(.cancelled)
            #expect(bench.balance("DEP-2") == "10080.00")
        }
    }

    @Test func `a line that pays nothing can be taken out once it is refunded`() async throws {
        let refusal = FaultRule(
            .errorBefore, at: [.deliver], party: Parties.blockchain, references: ["*INV-2*"], attempts: 99)
        let bench = try SettlementBench(
            SettlementBench.Terms(offered: 2), units: [("INV-1", 98), ("INV-2", 2)],
            faults: Adapters.FaultPlan(rules: [refusal]))
        let line = SettlementBench.saga("SG-TOWER-1/fund/INV-2")
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .exhausted, of: line)
            bench.world.change { $0.faults.quiet() }
            try await bench.act(.exclude, on: line)
            try await bench.until(.completed)
            #expect(try await bench.settlement().excluded == 0)
            #expect(bench.balance("DEP-2") == "5040.00")
        }
    }

    @Test func `a settlement discarded before money moves moves nothing`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            for party in [Parties.custodian, Parties.blockchain, Parties.bank] {
                #expect(bench.effects(at: party).isEmpty)
            }
            #expect(bench.store.books.log(LedgerHandler.log).isEmpty)
            #expect(bench.balance("ESC-1") == "15120.00")
        }
    }

    @Test func `past the point of no return a settlement cannot be called off`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingChildren)
            await #expect(throws: ActionRefused.self) { try await bench.act(.cancel) }
            try await bench.until(.completed)
        }
    }

    @Test func `a refused line is taken out, refunded in full, and holds nobody else up`() async throws {
        let refusal = FaultRule(.refusedLater, party: Parties.custodian, operation: "transfer", references: ["*INV-2*"])
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: [refusal]))
        let line = SettlementBench.saga("SG-TOWER-1/fund/INV-2")
        try await bench.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .refused, of: line)
            #expect(try bench.predicament(row)?.stage == InvestorFunding.Stage.transfer.name)
            #expect(try await bench.inspection.snapshot(of: line)?.exclusion == InvestorFunding.exclusion)
            try await bench.act(.exclude, on: line)
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.excluded == 1)
            #expect(settlement.minted == 7)
            #expect(settlement.distributed == 7)
            #expect(settlement.figures.allSatisfy { $0.agrees })
            #expect(bench.balance("DEP-2") == "10080.00")
            #expect(bench.balance("TOK-2", of: "DABS-SG-TOWER-1") == nil)
            #expect(
                bench.effects(at: Parties.custodian).filter { $0.contains("INV-2") }
                    == ["fund:INV-2:refundRest~0", "fund:INV-2:refund~0"])
        }
    }

    @Test func `a line whose taking out is refused is not offered to be taken out once more`() async throws {
        let rules = ["transfer", "refundRest"].map { stage in
            FaultRule(.refusedLater, party: Parties.custodian, references: ["*INV-2:\(stage)*"], attempts: 1)
        }
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: rules))
        let line = SettlementBench.saga("SG-TOWER-1/fund/INV-2")
        try await bench.use { bench in
            try await bench.submit()
            let first = try await bench.until(.stuck, cause: .refused, of: line)
            #expect(try bench.predicament(first)?.message.contains("or exclude the line") == true)
            try await bench.act(.exclude, on: line)
            // It is stuck a moment longer, for what it was stuck for before.
            var refused = first
            while try bench.predicament(refused)?.stage != InvestorFunding.Stage.refundRest.name {
                await Task.yield()
                refused = try await bench.until(.stuck, cause: .refused, of: line)
            }
            #expect(try bench.predicament(refused)?.message.contains("exclude") == false)
            let shown = try #require(try await bench.inspection.snapshot(of: line))
            #expect(shown.actions.contains("resume") && !shown.actions.contains("exclude") && shown.exclusion == nil)
            bench.world.change { $0.faults.quiet() }
            try await bench.act(.resume, on: line)
            try await bench.until(.completed)
            #expect(try await bench.settlement().excluded == 1)
        }
    }

    @Test func `where every line is taken out nothing is minted`() async throws {
        let refusal = FaultRule(.refusedLater, party: Parties.custodian, operation: "transfer")
        let bench = try SettlementBench(units: [("INV-1", 3)], faults: Adapters.FaultPlan(rules: [refusal]))
        let line = SettlementBench.saga("SG-TOWER-1/fund/INV-1")
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .refused, of: line)
            try await bench.act(.exclude, on: line)
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.minted == 0)
            #expect(settlement.refunded.text == "7560.00")
            #expect(settlement.figures.allSatisfy { $0.agrees })
        }
    }

    @Test func `units that cannot be delivered stay in the treasury in the investor's name`() async throws {
        let refusal = FaultRule(.refusedLater, party: Parties.custodian, operation: "deliver", references: ["*INV-3*"])
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, faults: Adapters.FaultPlan(rules: [refusal]))
        let line = SettlementBench.saga("SG-TOWER-1/distribute/INV-3")
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .refused, of: line)
            #expect(try await bench.inspection.snapshot(of: line)?.exclusion == UnitDistribution.exclusion)
            try await bench.act(.exclude, on: line)
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.held == 1)
            #expect(settlement.minted == 10)
            #expect(settlement.distributed == 8)
            #expect(bench.balance("TRE-1", of: "DABS-SG-TOWER-1") == "2")
        }
    }
}
