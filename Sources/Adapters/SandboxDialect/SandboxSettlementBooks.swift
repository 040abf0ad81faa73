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
        var found: [CounterpartyName: [ByteText: SandboxAccount]] = [:]
        for (party, reader) in readers {
            let names = Set(accounts.filter { $0.party == party }.map { ByteText($0.account) })
            found[party] = try await Self.look(for: names, in: reader)
        }
        return try accounts.map { asked in
            guard let account = found[asked.party]?[ByteText(asked.account)] else {
                // The chain and the bank open an account by its first use; the custodian does not.
                return BookEntry(standing: asked.party == Parties.custodian ? .absent : .open, balance: 0)
            }
            let balance = try Self.minorUnits(account[asked.asset] ?? "0", decimals: asked.decimals, at: asked.party)
            return BookEntry(account.standing, balance: balance)
        }
    }

    /// Accounts lie near each other in the listing, so a page that holds one mostly holds the next ones too.
    private static func look(
        for names: Set<ByteText>, in reader: SandboxBooksReader
    ) async throws -> [ByteText: SandboxAccount] {
        var found: [ByteText: SandboxAccount] = [:]
        var missing = names.sorted()[...]
        while let first = missing.first {
            let (page, next) = try await reader.accounts(after: String(first.rawValue.dropLast()))
            for account in page where names.contains(ByteText(account.name)) {
                found[ByteText(account.name)] = account
            }
            guard next != nil, let last = page.last.map({ ByteText($0.name) }) else { break }
            let rest = missing.drop { last >= $0 }
            // A page without the name, full of others that begin alike: go on behind it rather than ask again.
            missing = rest.count < missing.count ? rest : try await skip(first, last, missing, names, reader, &found)
        }
        return found
    }

    private static func skip(
        _ name: ByteText, _ start: ByteText, _ missing: ArraySlice<ByteText>, _ names: Set<ByteText>,
        _ reader: SandboxBooksReader, _ found: inout [ByteText: SandboxAccount]
    ) async throws -> ArraySlice<ByteText> {
        var place = start
        while true {
            let (page, next) = try await reader.accounts(after: place.rawValue)
            for account in page where names.contains(ByteText(account.name)) {
                found[ByteText(account.name)] = account
            }
            guard next != nil, let last = page.last.map({ ByteText($0.name) }) else { return [] }
            if last >= name {
                return missing.drop { last >= $0 }
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
