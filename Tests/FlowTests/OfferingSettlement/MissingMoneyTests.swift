import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// Offerings whose money never came, or went before they were called off.
@Suite struct MissingMoneyTests {
    private static let later = SettlementBench.saga("SG-TOWER-10")
    private static let everybody: Set<String> = ["INV-1", "INV-2", "INV-3"]

    private func message(_ bench: SettlementBench, _ row: SagaRow) throws -> String {
        try #require(try bench.predicament(row)).message
    }

    @Test func `an offering whose money never came is told to be discarded`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three, unpaid: Self.everybody)
        try await bench.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .halted)
            let message = try message(bench, row)
            #expect(message.contains("ESC-1 holds 0.00 SGD, not the 15120.00 SGD paid"), "\(message)")
            #expect(message.hasSuffix("mend them and resume, or discard"), "\(message)")
            let actions = try #require(try await bench.inspection.snapshot(of: bench.id)).actions
            #expect(actions.contains("discard") && actions.contains("resume"))
            try await bench.act(.discard)
            try await bench.until(.cancelled)
        }
    }

    @Test func `what is not there is not given back, and the whole stops before anything is sent`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three, unpaid: Self.everybody)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            let row = try await bench.until(.stuck, stage: .opening)
            #expect(!row.standing.pivoted)
            let message = try message(bench, row)
            #expect(message.contains("3 difficulties: INV-1's escrow account ESC-1 holds 0.00 SGD, "), "\(message)")
            #expect(message.hasSuffix("have it paid in and resume, or discard"), "\(message)")
            let actions = try #require(try await bench.inspection.snapshot(of: bench.id)).actions
            #expect(actions.contains("discard") && !actions.contains("cancel"))
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            #expect(bench.effects(at: Parties.custodian).isEmpty)
        }
    }

    @Test func `one line without money holds all refunds up until it is paid in`() async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three, unpaid: ["INV-2"])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            let row = try await bench.until(.stuck, stage: .opening)
            let message = try message(bench, row)
            #expect(
                message.contains(
                    "1 difficulty: INV-2's escrow account ESC-2 holds 0.00 SGD, not the 10080.00 SGD paid; "),
                "\(message)")
            #expect(bench.effects(at: Parties.custodian).isEmpty)
            bench.world.change { $0.deposit("10080.00", "SGD", into: "ESC-2", at: Parties.custodian) }
            try await bench.act(.resume)
            try await bench.until(.cancelled)
            #expect(bench.balance("DEP-1") == "15120.00" && bench.balance("DEP-2") == "10080.00")
            #expect(try await bench.settlement().outcome == .cancelled)
        }
    }

    @Test func `a failed offering whose money never came is told to be discarded, too`() async throws {
        let bench = try SettlementBench(
            SettlementBench.Terms(minimum: 9), units: [("INV-1", 3)], unpaid: ["INV-1"])
        try await bench.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck, cause: .halted)
            #expect(try message(bench, row).hasSuffix("mend it and resume, or discard"))
        }
    }

    @Test func `once it is discarded the next offering has the accounts for itself`() async throws {
        let terms = SettlementBench.Terms(id: "SG-TOWER-10", price: "12.50", offered: 4)
        let other = try MemoryOfferingBook(
            offering: terms.offering(after: SimulatedClock().now()), units: [("INV-1", 3)])
        let bench = try SettlementBench(
            units: OfferingSettlementTests.three, beside: other, neighbourIsPaid: false, unpaid: Self.everybody)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.cancel)
            try await bench.until(.stuck, stage: .opening)
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            bench.world.change { $0.deposit("37.50", "SGD", into: "ESC-1", at: Parties.custodian) }
            try await bench.submit(other)
            try await bench.until(.completed, of: Self.later)
            #expect(bench.balance("ESC-1") == "0.00")
        }
    }
}
