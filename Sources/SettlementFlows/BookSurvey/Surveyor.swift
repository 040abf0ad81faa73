internal import SagaEngine

/// Walks through an offering's lines and the accounts they touch, page by page, while nothing has moved yet.
struct Surveyor {
    /// How many lines are looked at together.
    static let page = 400
    /// How many difficulties are named one by one.
    static let named = 20

    /// What the accounts are wanted for.
    enum Purpose {
        /// Money goes to the issuer, units to the investors.
        case settling
        /// All money goes back; the accounts of issuer, treasury and units do not matter.
        case returning
    }

    let sealed: SealedOffering
    let book: any OfferingBook
    let books: any SettlementBooks

    /// What would go wrong, the first of it in words.
    struct Difficulties {
        private(set) var count = 0
        private(set) var first: [String] = []
        /// How many of them pass by themselves.
        private(set) var passing = 0

        mutating func note(_ sentence: String, passes: Bool = false) {
            count += 1
            if passes { passing += 1 }
            if first.count < Surveyor.named { first.append(sentence) }
        }

        /// How many there are, and the first of them one by one.
        var words: String {
            let more = count - first.count
            return "\(count) \(count == 1 ? "difficulty" : "difficulties"): " + first.joined(separator: "; ")
                + (more > 0 ? "; and \(more) more" : "")
        }

        /// How many there are, the first of them one by one, and what to do.
        var sentence: String {
            words + "; " + (count == 1 ? "mend it and resume, or cancel" : "mend them and resume, or cancel")
        }
    }

    /// Sums the books up; the money of `rivals` in the same accounts is left alone.
    func survey(
        of summary: AllotmentSummary, for purpose: Purpose, besides rivals: Rivals? = nil
    ) async throws -> (BookSurvey, Difficulties) {
        let snapshot = try await books.snapshot()
        var survey = BookSurvey()
        var difficulties = Difficulties()
        try await house(snapshot, purpose, &survey, &difficulties)
        if purpose == .settling, let twin = rivals?.twin(of: offering) {
            difficulties.note(
                "offering \(twin), which has not ended, makes \(offering.tokenAsset) into \(offering.treasuryAccount), "
                    + "too; discard this one if it is the same sale, or wait until \(twin) has ended")
        }
        let lines = OfferingLines(of: summary, in: sealed, from: book)
        var cursor: ElementID?
        while true {
            let page = try await lines.page(after: cursor, limit: Self.page)
            let claims = try await rivals?.claims(on: page.map(\.element.line.accounts.escrow)) ?? RivalClaims()
            try await add(page.map(\.element.line), claims, snapshot, purpose, &survey, &difficulties)
            cursor = page.last?.id
            if page.count < Self.page { break }
        }
        check(survey, against: summary, &difficulties)
        return (survey, difficulties)
    }

    private var offering: Offering { sealed.offering }
    /// The currency of every amount of money.
    var money: Currency { offering.unitPrice.currency }

    private func account(_ party: CounterpartyName, money account: String) -> BookAccount {
        BookAccount(party: party, account: account, asset: money.rawValue, decimals: money.minorUnitDigits)
    }

    private func account(_ party: CounterpartyName, units account: String) -> BookAccount {
        BookAccount(party: party, account: account, asset: offering.tokenAsset.rawValue, decimals: 0)
    }

    private func house(
        _ snapshot: any BookSnapshot, _ purpose: Purpose, _ survey: inout BookSurvey,
        _ difficulties: inout Difficulties
    ) async throws {
        let entries = try await read(
            snapshot,
            [
                account(Parties.custodian, money: offering.issuerAccount.rawValue),
                account(Parties.custodian, units: offering.treasuryAccount.rawValue),
                account(Parties.blockchain, units: offering.treasuryAccount.rawValue),
            ])
        survey.custodyIssuer = entries[0].balance
        survey.custodyTreasury = entries[1].balance
        survey.chainIssued = entries[2].balance
        switch purpose {
        case .returning: return
        case .settling:
            difficulties.check(entries[0], "the issuer's account \(offering.issuerAccount)")
            difficulties.check(entries[1], "the treasury account \(offering.treasuryAccount)")
        }
    }

    private func add(
        _ lines: [AllotmentLine], _ claims: RivalClaims, _ snapshot: any BookSnapshot,
        _ purpose: Purpose, _ survey: inout BookSurvey, _ difficulties: inout Difficulties
    ) async throws {
        guard !lines.isEmpty else { return }
        let width = 6
        let entries = try await read(snapshot, lines.flatMap(accounts))
        for (index, line) in lines.enumerated() {
            let own = Array(entries[(index * width)..<(index * width + width)])
            survey.lines += 1
            try survey.add(line.allotment.paid.minorUnits, to: \.paid)
            try survey.add(try line.allotment.allotted.signed, to: \.allotted)
            try survey.add(own[0].balance, to: \.custodyEscrow)
            try survey.add(own[2].balance, to: \.custodyUnits)
            try survey.add(own[3].balance, to: \.chainEscrow)
            try survey.add(own[4].balance, to: \.chainUnits)
            try survey.add(own[5].balance, to: \.bankPaid)
            try await check(line, own, purpose, &difficulties)
            try check(line, own[0], besides: claims.on(line.accounts.escrow), &difficulties)
        }
    }

    /// The accounts of one line, in the order in which their entries are read.
    private func accounts(of line: AllotmentLine) -> [BookAccount] {
        let accounts = line.accounts
        return [
            account(Parties.custodian, money: accounts.escrow.rawValue),
            account(Parties.custodian, money: accounts.deposit.rawValue),
            account(Parties.custodian, units: accounts.token.rawValue),
            account(Parties.blockchain, money: accounts.escrow.rawValue),
            account(Parties.blockchain, units: accounts.tokenAddress.rawValue),
            account(Parties.bank, money: line.investor.rawValue),
        ]
    }

    private func check(
        _ line: AllotmentLine, _ entries: [BookEntry], _ purpose: Purpose, _ difficulties: inout Difficulties
    ) async throws {
        let investor = line.investor
        difficulties.check(entries[0], "\(investor)'s escrow account \(line.accounts.escrow)")
        if entries[0].balance < line.allotment.paid.minorUnits {
            let held = Money(money, minorUnits: entries[0].balance)
            difficulties.note(
                "\(investor)'s escrow account \(line.accounts.escrow) holds \(held), not the \(line.allotment.paid) paid"
            )
        }
        switch offering.refundTo {
        case .deposit: difficulties.check(entries[1], "\(investor)'s deposit account \(line.accounts.deposit)")
        case .bank:
            let known = try await bookInvestor(investor)
            if known?.bankAccount.isEmpty ?? true {
                difficulties.note("\(investor) has no bank account to refund to")
            }
        }
        if purpose == .settling, line.allotment.allotted > .zero {
            difficulties.check(entries[2], "\(investor)'s token account \(line.accounts.token)")
            difficulties.check(
                entries[4], "\(investor)'s address \(line.accounts.tokenAddress)", at: Parties.blockchain)
        }
    }

    /// That the escrow account covers what was paid besides what other offerings take from it.
    private func check(
        _ line: AllotmentLine, _ escrow: BookEntry, besides claims: ArraySlice<RivalClaims.Claim>,
        _ difficulties: inout Difficulties
    ) throws(MoneyError) {
        let paid = line.allotment.paid.minorUnits
        guard escrow.balance >= paid, let first = claims.first else { return }
        var (all, kept) = (paid, paid)
        for claim in claims {
            all = try Self.sum(all, claim.amount)
            if !claim.isMoving { kept = try Self.sum(kept, claim.amount) }
        }
        guard escrow.balance < all else { return }
        let more = claims.count > 1 ? " and \(claims.count - 1) more" : ""
        difficulties.note(
            "\(line.investor)'s escrow account \(line.accounts.escrow) holds \(Money(money, minorUnits: escrow.balance)), "
                + "of which \(Money(money, minorUnits: all - paid)) are for offering \(first.by) (\(first.investor))\(more), "
                + "so the \(line.allotment.paid) paid here are not covered",
            passes: escrow.balance >= kept)
    }

    private static func sum(_ left: Int128, _ right: Int128) throws(MoneyError) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw .overflow }
        return sum
    }

    private func bookInvestor(_ id: InvestorID) async throws -> Investor? {
        do throws(OfferingBookError) {
            return try await book.investor(id, in: offering.id, input: sealed.input)
        } catch {
            throw error.asStageError
        }
    }

    private func read(_ snapshot: any BookSnapshot, _ accounts: [BookAccount]) async throws -> [BookEntry] {
        let entries = try await snapshot.entries(of: accounts)
        guard entries.count == accounts.count else {
            throw Halt(
                code: "books_incomplete",
                message: "\(accounts.count) accounts were asked about, and \(entries.count) answers came")
        }
        return entries
    }

    private func check(
        _ survey: BookSurvey, against summary: AllotmentSummary, _ difficulties: inout Difficulties
    ) {
        if survey.lines != summary.investors {
            difficulties.note("the book has \(survey.lines) lines, but \(summary.investors) were published")
        }
        if survey.paid != summary.paid.minorUnits {
            difficulties.note("the lines' payments are not the \(summary.paid) published")
        }
        if UInt128(exactly: survey.allotted) != summary.allotted.count {
            difficulties.note("the lines' units are not the \(summary.allotted) published")
        }
    }
}

extension Surveyor.Difficulties {
    mutating func check(_ entry: BookEntry, _ what: String, at party: CounterpartyName = Parties.custodian) {
        switch entry.standing {
        case .open: return
        case .blocked: note("\(what) is blocked at the \(party)")
        case .absent: note("\(what) does not exist at the \(party)")
        }
    }
}
