import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

/// Offerings whose rows somebody has changed in the database after they were sealed.
@Suite struct EditedRowsTests {
    private static let investor = SettlementBench.investor("INV-1")

    /// The accounts of another investor.
    private func others(_ bench: SettlementBench) throws -> InvestorAccounts {
        let own = try #require(bench.book.investors[Self.investor]).accounts
        let other = try #require(bench.book.investors[SettlementBench.investor("INV-2")]).accounts
        return InvestorAccounts(
            escrow: own.escrow, deposit: other.deposit, token: other.token, tokenAddress: own.tokenAddress)
    }

    @Test(arguments: [OperatorAction?.none, .cancel])
    func `nothing moves between accounts that were not sealed`(_ action: OperatorAction?) async throws {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.waiting, cause: .awaitingMoment)
            bench.book.edit(Self.investor, accounts: try others(bench))
            if let action { try await bench.act(action) }
            let row = try await bench.until(.stuck, stage: .opening)
            #expect(!row.standing.pivoted)
            let predicament = try #require(try bench.predicament(row))
            #expect(predicament.cause == .halted)
            let (now, sealed) = (String(repeating: "08", count: 32), String(repeating: "07", count: 32))
            for word in ["offering SG-TOWER-1", now, sealed, "recovering.md"] {
                #expect(predicament.message.contains(word), "\(predicament.message)")
            }
            #expect(bench.effects(at: Parties.custodian).isEmpty)
            bench.book.edit(Self.investor, accounts: nil)
            try await bench.act(.resume)
            try await bench.until(.completed, .cancelled)
            #expect(bench.balance("DEP-1") == (action == nil ? "2520.00" : "15120.00"))
        }
    }

    @Test func `lines are held against what was published before the first is handed out, wherever one begins`()
        async throws
    {
        let bench = try SettlementBench(units: OfferingSettlementTests.three)
        let book = bench.book
        let summary = try await book.allot(book.offering.id, input: book.sealed.input)
        let cursor = try #require(ElementID(rawValue: "INV-1"))
        let begun = OfferingLines(of: summary, in: book.sealed, from: book)
        #expect(try await begun.page(after: nil, limit: 1).count == 1)
        book.edit(Self.investor, accounts: try others(bench))
        for place in [nil, cursor] {
            let lines = OfferingLines(of: summary, in: book.sealed, from: book)
            for _ in 1...2 {
                let halt = await #expect(throws: Halt.self) { try await lines.page(after: place, limit: 2) }
                #expect(halt?.code == "rows_changed")
            }
        }
    }
}
