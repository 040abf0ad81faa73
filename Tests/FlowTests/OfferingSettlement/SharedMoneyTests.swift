import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct SharedMoneyTests {
    private static let later = SettlementBench.saga("SG-TOWER-10")

    /// An offering that was sealed after the bench's own; its investor pays 37.50 from the same escrow account.
    private func neighbour(token: String? = nil) throws -> MemoryOfferingBook {
        let terms = SettlementBench.Terms(id: "SG-TOWER-10", price: "12.50", offered: 4, token: token)
        return try MemoryOfferingBook(
            offering: terms.offering(after: SimulatedClock().now()), units: [("INV-1", 3)])
    }

    @Test func `of two offerings that find the same money the later one stops before anything moves`() async throws {
        let other = try neighbour()
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false)
        try await bench.use { bench in
            try await bench.submit(other)
            let row = try await bench.until(.stuck, of: Self.later)
            #expect(!row.standing.pivoted)
            let predicament = try #require(try bench.predicament(row))
            #expect(predicament.cause == .halted)
            #expect(predicament.stage == OfferingSettlement.Stage.preflight.name)
            #expect(
                predicament.message.contains(
                    "INV-1's escrow account ESC-1 holds 15120.00 SGD, of which 15120.00 SGD are for offering SG-TOWER-1 "
                        + "(INV-1), so the 37.50 SGD paid here are not covered"),
                "\(predicament.message)")
            // The one that came first is not held up, and what is paid in goes to the other.
            try await bench.submit()
            try await bench.until(.completed)
            bench.world.change { $0.deposit("37.50", "SGD", into: "ESC-1", at: Parties.custodian) }
            try await bench.act(.resume, on: Self.later)
            try await bench.until(.completed, of: Self.later)
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }

    @Test func `an offering that is discarded keeps no money`() async throws {
        let other = try neighbour()
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            try await bench.submit(other)
            try await bench.until(.completed, of: Self.later)
            #expect(bench.balance("ESC-1") == "15082.50")
        }
    }

    @Test func `a second sale of a token into the same treasury waits for the first`() async throws {
        let other = try neighbour(token: "DABS-SG-TOWER-1")
        let bench = try SettlementBench(units: OfferingSettlementTests.three, beside: other)
        try await bench.use { bench in
            try await bench.submit(other)
            let row = try await bench.until(.stuck, of: Self.later)
            #expect(!row.standing.pivoted)
            #expect(
                try bench.predicament(row)?.message.contains(
                    "offering SG-TOWER-1, which has not ended, makes DABS-SG-TOWER-1 into TRE-1, too") == true)
            try await bench.submit()
            try await bench.until(.completed)
            try await bench.act(.resume, on: Self.later)
            try await bench.until(.completed, of: Self.later)
            #expect(bench.balance("TOK-1", of: "DABS-SG-TOWER-1") == "8")
        }
    }

    @Test func `what stands in a sale's way does not stand in the way of its calling off`() async throws {
        let other = try neighbour(token: "DABS-SG-TOWER-1")
        let bench = try SettlementBench(units: OfferingSettlementTests.three, beside: other)
        try await bench.use { bench in
            try await bench.submit(other)
            try await bench.until(.stuck, of: Self.later)
            try await bench.act(.cancel, on: Self.later)
            try await bench.until(.cancelled, of: Self.later)
            #expect(bench.balance("ESC-1") == "15120.00")
        }
    }

    @Test func `calling off pays nobody back from the money of an offering that was sealed before`() async throws {
        let other = try neighbour()
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false)
        try await bench.use { bench in
            try await bench.submit(other)
            try await bench.until(.stuck, of: Self.later)
            try await bench.act(.cancel, on: Self.later)
            let row = try await bench.until(.stuck, stage: .opening, of: Self.later)
            #expect(!row.standing.pivoted)
            let message = try #require(try bench.predicament(row)).message
            #expect(
                message.contains(
                    "INV-1's escrow account ESC-1 holds 15120.00 SGD, of which 15120.00 SGD are for offering SG-TOWER-1 "
                        + "(INV-1), so the 37.50 SGD paid here are not covered; have it paid in and resume, or discard"),
                "\(message)")
            let actions = try #require(try await bench.inspection.snapshot(of: Self.later)).actions
            #expect(actions.contains("discard") && !actions.contains("cancel"))
            try await bench.act(.discard, on: Self.later)
            try await bench.until(.cancelled, of: Self.later)
            try await bench.submit()
            try await bench.until(.completed)
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }

    @Test func `calling off goes on once what is missing is paid in`() async throws {
        let other = try neighbour()
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false)
        try await bench.use { bench in
            try await bench.submit(other)
            try await bench.until(.stuck, of: Self.later)
            try await bench.act(.cancel, on: Self.later)
            try await bench.until(.stuck, stage: .opening, of: Self.later)
            bench.world.change { $0.deposit("37.50", "SGD", into: "ESC-1", at: Parties.custodian) }
            try await bench.act(.resume, on: Self.later)
            try await bench.until(.cancelled, of: Self.later)
            #expect(bench.balance("ESC-1") == "15120.00")
            #expect(bench.balance("DEP-1") == "37.50")
        }
    }

    @Test func `of two that are called off together with money for one the first sealed is paid back`() async throws {
        let other = try neighbour()
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false)
        try await bench.use { bench in
            try await bench.submit(other)
            try await bench.until(.stuck, of: Self.later)
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await bench.act(.cancel, on: Self.later)
            try await bench.act(.cancel)
            try await bench.until(.cancelled)
            try await bench.until(.stuck, stage: .opening, of: Self.later)
            #expect(bench.balance("ESC-1") == "0.00")
            #expect(bench.balance("DEP-1") == "15120.00")
        }
    }
}
