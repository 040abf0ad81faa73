public import SagaEngine
public import SettlementFlows

/// The books that a settlement ends by agreeing with: the sandbox's three over HTTP, and our ledger in the store.
public struct SandboxSettlementBooks: SettlementBooks {
    private let readers: [CounterpartyName: SandboxBooksReader]
    private let movements: SandboxMovements
    private let recorded: any RecordedBooks

    /// Reads the parties' books over HTTP and the ledger from a store.
    ///
    /// - Parameters:
    ///   - readers: one for each counterparty that is asked about.
    ///   - recorded: where postings are kept.
    public init(readers: [CounterpartyName: SandboxBooksReader], recorded: any RecordedBooks) {
        self.readers = readers
        movements = SandboxMovements(readers: readers)
        self.recorded = recorded
    }

    /// The counterparties' books as they stand whenever a page is asked for.
    public func snapshot() async throws -> any BookSnapshot {
        SandboxBookSnapshot(readers: readers)
    }

    /// What the parties moved under some effects.
    public func movements(under effects: [BookEffect]) async throws -> [BookFinding] {
        try await movements.movements(under: effects)
    }

    /// A page of what a party moved under an offering.
    public func movements(
        of offering: OfferingID, at party: CounterpartyName, after place: String?
    ) async throws -> BookPage {
        try await movements.movements(of: offering, at: party, after: place)
    }

    /// What our ledger holds about an offering: the fold of its postings.
    public func ledger(of offering: OfferingID) async throws -> LedgerTotals {
        try await LedgerFold(recorded).totals(of: offering.rawValue)
    }

    /// What our ledger holds about some lines: the fold of each one's postings.
    public func ledger(of offering: OfferingID, lines: [InvestorID]) async throws -> [LedgerTotals] {
        try await LedgerFold(recorded).totals(of: offering.rawValue, lines: lines.map(\.rawValue))
    }
}

/// Pages of the sandbox's account listings, fetched around the accounts that are asked about.
struct SandboxBookSnapshot: BookSnapshot {
    let readers: [CounterpartyName: SandboxBooksReader]

    func entries(of accounts: [BookAccount]) async throws -> [BookEntry] {
        precondition(accounts.count <= BookAccount.largestPage, "ask about \(BookAccount.largestPage) accounts at most")
        var found: [CounterpartyName: [String: SandboxAccount]] = [:]
        for (party, reader) in readers {
            let names = Set(accounts.filter { $0.party == party }.map(\.account))
            found[party] = try await Self.look(for: names, in: reader)
        }
        return try accounts.map { asked in
            guard let account = found[asked.party]?[asked.account] else {
                // The chain and the bank open an account by its first use; the custodian does not.
                return BookEntry(standing: asked.party == Parties.custodian ? .absent : .open, balance: 0)
            }
            let balance = try Self.minorUnits(account[asked.asset] ?? "0", decimals: asked.decimals, at: asked.party)
            return BookEntry(standing: account.standing == .open ? .open : .blocked, balance: balance)
        }
    }

    /// Accounts lie near each other in the listing, so a page that holds one mostly holds the next ones too.
    private static func look(
        for names: Set<String>, in reader: SandboxBooksReader
    ) async throws -> [String: SandboxAccount] {
        var found: [String: SandboxAccount] = [:]
        var missing = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }[...]
        while let first = missing.first {
            let (page, next) = try await reader.accounts(after: String(first.dropLast()))
            for account in page where names.contains(account.name) { found[account.name] = account }
            guard next != nil, let last = page.last?.name else { break }
            let rest = missing.drop { !last.utf8.lexicographicallyPrecedes($0.utf8) }
            // A page without the name, full of others that begin alike: go on behind it rather than ask again.
            missing = rest.count < missing.count ? rest : try await skip(first, last, missing, names, reader, &found)
        }
        return found
    }

    private static func skip(
        _ name: String, _ start: String, _ missing: ArraySlice<String>, _ names: Set<String>,
        _ reader: SandboxBooksReader, _ found: inout [String: SandboxAccount]
    ) async throws -> ArraySlice<String> {
        var place = start
        while true {
            let (page, next) = try await reader.accounts(after: place)
            for account in page where names.contains(account.name) { found[account.name] = account }
            guard next != nil, let last = page.last?.name else { return [] }
            if !last.utf8.lexicographicallyPrecedes(name.utf8) {
                return missing.drop { !last.utf8.lexicographicallyPrecedes($0.utf8) }
            }
            place = last
        }
    }

    private static func minorUnits(
        _ text: String, decimals: Int, at party: CounterpartyName
    ) throws(SandboxReadError) -> Int128 {
        let isNegative = text.hasPrefix("-")
        guard let amount = SandboxAmount(isNegative ? String(text.dropFirst()) : text) else {
            throw SandboxReadError(party, .dialect(SandboxDialectError(.unknownValue, "balances")))
        }
        var value = amount.scaled
        for _ in decimals..<SandboxAmount.decimalLimit { value /= 10 }
        return isNegative ? 0 - value : value
    }
}
