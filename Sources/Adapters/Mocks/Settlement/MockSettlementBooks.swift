public import SagaEngine
public import SettlementFlows

/// The mock parties' books and a store's ledger, as the flows read them back.
public struct MockSettlementBooks: SettlementBooks, BookSnapshot {
    /// One line of the ledger's log: whose it is, and what was posted.
    public struct Line: Sendable {
        /// The saga that posted it.
        public let key: String
        /// What it posted.
        public let body: [UInt8]

        /// Takes a line as the store keeps it.
        public init(key: String, body: [UInt8]) {
            self.key = key
            self.body = body
        }
    }

    private let world: MockWorld
    private let lines: @Sendable () -> [Line]

    /// Books of a world's parties, beside the log of ``LedgerHandler`` as a store has it now.
    public init(world: MockWorld, ledger lines: @escaping @Sendable () -> [Line]) {
        self.world = world
        self.lines = lines
    }

    /// The books as they are: nothing here changes between two reads of a test.
    public func snapshot() async throws -> any BookSnapshot { self }

    /// What each account holds.
    public func entries(of accounts: [BookAccount]) async throws -> [BookEntry] {
        accounts.map { asked in
            let book = world.book(of: asked.party)
            let scale = (asked.decimals..<SandboxAmount.decimalLimit).reduce(Int128(1)) { scale, _ in scale * 10 }
            let balance = book.balance(of: asked.account, in: asked.asset) / scale
            guard let account = book.account(asked.account) else {
                return BookEntry(standing: asked.party == Parties.custodian ? .absent : .open, balance: 0)
            }
            return BookEntry(account.standing, balance: balance)
        }
    }

    /// What the parties moved under some effects.
    public func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        try await world.movementBooks.movements(under: effects)
    }

    /// A page of what a party moved under an offering.
    public func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        try await world.movementBooks.movements(of: offering, at: party, after: place)
    }

    /// The sums of everything posted for an offering.
    public func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        var totals = LedgerTotals()
        for line in lines() where line.key == offering.rawValue || line.key.hasPrefix("\(offering)/") {
            try totals.add(line.body)
        }
        return totals
    }

    /// The sums of everything posted for some lines.
    public func ledger(of offering: OfferingID, lines investors: [InvestorID]) async throws -> [LedgerTotals] {
        var totals: [String: LedgerTotals] = [:]
        for line in lines() { try totals[line.key, default: LedgerTotals()].add(line.body) }
        return investors.map { totals["\(offering)/\($0)"] ?? LedgerTotals() }
    }
}
