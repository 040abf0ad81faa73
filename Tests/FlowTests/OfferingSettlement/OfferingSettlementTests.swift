import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows
import Testing

@Suite struct OfferingSettlementTests {
    /// 12 units are asked for and 10 offered: 5, 3 and 2 for 6, 4 and 2.
    static let three: [(investor: String, units: UInt64)] = [("INV-1", 6), ("INV-2", 4), ("INV-3", 2)]

    @Test func `three investors are settled and four books agree`() async throws {
        let bench = try SettlementBench(units: Self.three)
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
            #expect(bench.balance("DEP-2") == "2520.00")
        }
    }

    @Test func `each stage has one effect at its party`() async throws {
        let bench = try SettlementBench(units: Self.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let investors = ["INV-1", "INV-2", "INV-3"]
            // Nobody refunds the third, who gets all they asked for.
            #expect(
                bench.effects(at: Parties.custodian)
                    == (investors.map { "distribute:\($0):deliver~0" }
                        + [
                            "fund:INV-1:refund~0", "fund:INV-1:transfer~0", "fund:INV-2:refund~0",
                            "fund:INV-2:transfer~0",
                        ]
                        + ["fund:INV-3:transfer~0", "mint~0"]))
            #expect(
                bench.effects(at: Parties.blockchain)
                    == (investors.map { "distribute:\($0):record~0" } + investors.map { "fund:\($0):record~0" }
                        + ["recorded~0"]))
            #expect(bench.effects(at: Parties.bank).isEmpty)
        }
    }

    @Test func `a line's refund is confirmed before its transfer is sent, and units wait for all lines`() async throws {
        let bench = try SettlementBench(units: Self.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            #expect(
                try await bench.stages(of: SettlementBench.saga("SG-TOWER-1/fund/INV-1"))
                    == ["open", "refund", "refunded", "transfer", "transferred", "post", "record"])
            #expect(
                try await bench.stages(of: SettlementBench.saga("SG-TOWER-1/distribute/INV-1"))
                    == ["deliver", "delivered", "post", "record"])
            let root = try await bench.stages(of: bench.id)
            #expect(
                root == [
                    "allot", "preflight", "allotmentDay", "opening", "open", "fund", "mint", "minted", "book",
                    "recorded", "distribute", "close", "notify",
                ])
            let effects = bench.world.book(of: Parties.custodian).effects
            let mint = try #require(effects.first { $0.order.operation == "mint" })
            #expect(effects.filter { $0.order.operation == "transfer" }.allSatisfy { $0.number < mint.number })
        }
    }

    @Test func `the same offering again is the same saga, and moves nothing twice`() async throws {
        let bench = try SettlementBench(units: Self.three)
        try await bench.use { bench in
            #expect(try await bench.submit())
            try await bench.until(.completed)
            let effects = bench.world.book(of: Parties.custodian).effects.count
            #expect(try await bench.submit() == false)
            try await bench.until(.completed)
            #expect(bench.world.book(of: Parties.custodian).effects.count == effects)
            let other = try MemoryOfferingBook(
                offering: SettlementBench.Terms(price: "2521.00").offering(after: bench.clock.now()), units: Self.three)
            let input = try JournalEncoder().encode(other.sealed)
            await #expect(throws: ActionRefused.self) {
                _ = try await bench.operations.submit(bench.id, flow: OfferingSettlement.flow, input: input)
            }
        }
    }

    @Test func `an offering below its minimum refunds everybody in full`() async throws {
        let bench = try SettlementBench(SettlementBench.Terms(offered: 100, minimum: 50), units: Self.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.outcome == .failed)
            #expect(settlement.refunded.text == "30240.00")
            #expect(settlement.minted == 0)
            #expect(bench.balance("DEP-1") == "15120.00")
            #expect(bench.balance("ISS-1") == nil)
            #expect(
                bench.effects(at: Parties.custodian)
                    == ["returnFunds:INV-1:refund~0", "returnFunds:INV-2:refund~0", "returnFunds:INV-3:refund~0"])
        }
    }

    @Test func `lines without refund and lines without units skip what is nothing`() async throws {
        // Of 100 units asked for 2 are offered: the small line gets none and is refunded, no more.
        let bench = try SettlementBench(
            SettlementBench.Terms(offered: 2), units: [("INV-1", 98), ("INV-2", 2)])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.figures.allSatisfy { $0.agrees })
            #expect(
                try await bench.stages(of: SettlementBench.saga("SG-TOWER-1/fund/INV-2"))
                    == ["open", "refund", "refunded", "post", "record"])
            #expect(try await bench.stages(of: SettlementBench.saga("SG-TOWER-1/distribute/INV-2")).isEmpty)
        }
    }

    @Test func `refunds go through the bank, in amounts past 2^53`() async throws {
        let terms = SettlementBench.Terms(
            id: "SG-TOWER-4", price: "0.07", offered: 454_863_562_364_422, refundTo: .bank)
        let bench = try SettlementBench(
            terms,
            units: [
                ("INV-G", 1), ("INV-A", 9_007_199_254_740_993), ("INV-E", 10), ("INV-B", 10), ("INV-C", 10),
                ("INV-D", 10), ("INV-F", 10), ("INV-H", 4),
            ])
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let settlement = try await bench.settlement()
            #expect(settlement.figures.allSatisfy { $0.agrees })
            #expect(bench.balance("INV-A", at: Parties.bank) == "598663498466360.18")
            #expect(bench.balance("INV-D", at: Parties.bank) == "0.70")
            #expect(bench.balance("TOK-A", of: "DABS-SG-TOWER-4") == "454863562364419")
            #expect(bench.balance("ISS-1") == "31840449365509.54")
            #expect(bench.effects(at: Parties.bank).count == 8)
        }
    }

    @Test func `what would fail is shown while errors are free`() async throws {
        let bench = try SettlementBench(units: Self.three)
        bench.world.change { $0.set("TOK-2", .frozen, at: Parties.custodian) }
        try await bench.use { bench in
            try await bench.submit()
            let row = try await bench.until(.stuck)
            let predicament = try #require(try bench.predicament(row))
            #expect(predicament.cause == .halted)
            #expect(predicament.message.contains("INV-2's token account TOK-2 is frozen at the custodian"))
            #expect(bench.world.book(of: Parties.custodian).effects.isEmpty)
            bench.world.change { $0.set("TOK-2", .open, at: Parties.custodian) }
            try await bench.act(.resume)
            try await bench.until(.completed)
        }
    }

    @Test func `people are told in the transaction that makes it true`() async throws {
        let bench = try SettlementBench(units: Self.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            let notices = try bench.store.books.log(OutboxHandler.log).map {
                try JournalDecoder().decode(OutboxNotice.self, from: $0.body)
            }
            #expect(notices.filter { $0.subject == .funded }.count == 3)
            #expect(notices.filter { $0.subject == .distributed }.count == 3)
            #expect(notices.last?.subject == .closed)
            #expect(notices.last?.figures == ["settled", "25200.00 SGD", "5040.00 SGD"])
        }
    }

    @Test func `no journal, input or output carries personal data`() async throws {
        let bench = try SettlementBench(
            SettlementBench.Terms(refundTo: .bank), units: Self.three)
        try await bench.use { bench in
            try await bench.submit()
            try await bench.until(.completed)
            var seen = ""
            for row in try await bench.store.search(SagaQuery(limit: 500)).rows {
                seen += String(decoding: row.input + (row.output ?? []), as: UTF8.self)
                for entry in try await bench.store.journal(of: row.id, after: 0, limit: 10_000) {
                    seen += String(decoding: entry.body, as: UTF8.self)
                }
            }
            #expect(seen.contains("INV-1"))
            for personal in ["Investor 1", "example.com", "100-1", "DBSSSGSG"] { #expect(!seen.contains(personal)) }
        }
    }
}
