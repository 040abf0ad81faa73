import SagaEngine
import SettlementFlows
import Testing

@Suite struct LedgerHandlerTests {
    @Test func `a line that is opened, funded and distributed balances`() throws {
        let ledger = try Ledger.funded()
        try ledger.post(.minted(10))
        try ledger.post(.distributed(3))
        #expect(ledger.books.lines.count == 5)
    }

    @Test(arguments: LedgerBreach.all)
    func `each rule is broken once, nothing is written, and the right posting passes`(breach: LedgerBreach) throws {
        let ledger = try breach.prepared()
        let before = ledger.books.lines.count
        let violation = #expect(throws: RecordViolation.self) { try ledger.post(breach.set, by: breach.stage) }
        #expect(violation?.code == breach.code)
        #expect(ledger.books.lines.count == before)
        guard let legal = breach.legal else { return }
        try ledger.post(legal, by: breach.stage)
        #expect(ledger.books.lines.count == before + 1)
    }

    @Test func `what is no posting set is refused`() throws {
        let ledger = Ledger()
        let violation = #expect(throws: RecordViolation.self) {
            try ledger.apply(Record(kind: "ledger", body: Array("{}".utf8)), by: "post")
        }
        #expect(violation?.code == "posting.unreadable")
    }

    @Test func `a violation names the line and both amounts`() throws {
        let ledger = try Ledger.opened()
        let violation = #expect(throws: RecordViolation.self) {
            try ledger.post(.funded(refunded: 301, transferred: 600))
        }
        #expect(violation?.message == "OFF/INV-1: 301 refunded and 600 transferred exceed 900 paid")
    }

    @Test func `totals are the fold of the log`() throws {
        var totals = LedgerTotals()
        let sets: [PostingSet] = [
            .published(), .opened(), .funded(refunded: 300, transferred: 600), .minted(10), .distributed(3),
        ]
        for set in sets { try totals.add(try JournalEncoder().encode(set)) }
        #expect(totals.paid == 900 && totals.escrow == 0)
        #expect(totals.refunded == 300 && totals.transferred == 600)
        #expect(totals.minted == 10 && totals.treasury == 7 && totals.distributed == 3)
    }

    @Test func `an account's text is read back, and no other text is one`() {
        let accounts: [LedgerAccount] = [
            .escrow(PostingSet.investor), .units(PostingSet.investor), .custody, .refunded, .issuer, .treasury, .issued,
        ]
        for account in accounts { #expect(LedgerAccount(account.description) == account) }
        for text in ["", "escrow", "escrow:", "escrow:a/b", "vault:INV-1"] { #expect(LedgerAccount(text) == nil) }
    }
}
