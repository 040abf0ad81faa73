internal import SagaEngine

/// Walks through an offering's lines and the accounts they touch, page by page, while nothing has moved yet.
struct Surveyor {
    /// How many lines are looked at together.
    static let page = 400
    /// What the accounts are wanted for.
    enum Purpose {
        /// Money goes to the issuer, units to the investors.
        case settling
        /// All money goes back because the offering failed; the accounts of issuer, treasury and units do not matter.
        case returning
        /// All money goes back because persons called the offering off: only that it is there, and whose, matters.
        case callingOff

        /// By which way money goes.
        var way: ExpectedMovements.Way {
            switch self {
            case .settling: .settled
            case .returning, .callingOff: .returned
            }
        }
    }

    let sealed: SealedOffering
    let book: any OfferingBook
    let books: any SettlementBooks

    /// Sums the books up; the money of `rivals` in the same accounts is left alone, and what the offering itself has
    /// moved already, before an old copy was put back, counts as still there.
    ///
    /// - Throws: ``ListingLag`` while something that it moves is still to come.
    func survey(
        of summary: AllotmentSummary, for purpose: Purpose, besides rivals: Rivals
    ) async throws -> (BookSurvey, Difficulties) {
        let snapshot = try await books.snapshot()
        var survey = BookSurvey()
        var difficulties = Difficulties()
        try await house(snapshot, purpose, &survey, &difficulties)
        if purpose == .settling, let twin = rivals.twin(of: offering) {
            difficulties.note(
                "offering \(twin), which has not ended, makes \(offering.tokenAsset) into \(offering.treasuryAccount), "
                    + "too (discard this one if it is the same sale, or wait until \(twin) has ended)")
        }
        let standing = StandingMovements(offering: offering, books: books)
        try await walk(summary) { lines in
            // Balances come last: money on its way is then missed here rather than counted twice.
            let claims = try await rivals.claims(on: lines.map(\.accounts.escrow))
            let moved = try await standing.of(lines)
            try await add(Array(zip(lines, moved)), claims, snapshot, purpose, &survey, &difficulties)
        }
        if purpose != .callingOff { check(survey, against: summary, &difficulties) }
        return (survey, difficulties)
    }

    /// Visits the lines page by page.
    func walk(_ summary: AllotmentSummary, _ visit: ([AllotmentLine]) async throws -> Void) async throws {
        let lines = OfferingLines(of: summary, in: sealed, from: book)
        var cursor: ElementID?
        while true {
            let page = try await lines.page(after: cursor, limit: Self.page)
            try await visit(page.map(\.element.line))
            cursor = page.last?.id
            if page.count < Self.page { return }
        }
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
        case .returning, .callingOff: return
        case .settling:
            difficulties.check(entries[0], "the issuer's account \(offering.issuerAccount)")
            difficulties.check(entries[1], "the treasury account \(offering.treasuryAccount)")
        }
    }

    private func add(
        _ lines: [(AllotmentLine, StandingMovements.OfLine)], _ claims: RivalClaims, _ snapshot: any BookSnapshot,
        _ purpose: Purpose, _ survey: inout BookSurvey, _ difficulties: inout Difficulties
    ) async throws {
        guard !lines.isEmpty else { return }
        let width = 6
        let entries = try await read(snapshot, lines.map(\.0).flatMap(accounts))
        for (index, (line, standing)) in lines.enumerated() {
            let own = Array(entries[(index * width)..<(index * width + width)])
            survey.lines += 1
            try survey.add(line.allotment.paid.minorUnits, to: \.paid)
            try survey.add(try line.allotment.allotted.signed, to: \.allotted)
            try survey.add(own[0].balance, to: \.custodyEscrow)
            try survey.add(own[2].balance, to: \.custodyUnits)
            try survey.add(own[3].balance, to: \.chainEscrow)
            try survey.add(own[4].balance, to: \.chainUnits)
            try survey.add(own[5].balance, to: \.bankPaid)
            try standing.checkSettled(by: purpose.way)
            difficulties.note(standing, way: purpose.way)
            let left = try line.allotment.paid.minorUnits - standing.gone(by: purpose.way)
            guard left >= 0 else {
                difficulties.note("\(line.investor)'s line has moved more than the \(line.allotment.paid) paid")
                continue
            }
            let others = claims.on(line.accounts.escrow)
            if purpose != .callingOff {
                try await check(line, left, own, purpose, &difficulties)
            } else if left > 0, others.isEmpty {
                checkFunds(line, left, own[0], &difficulties)
            }
            try check(line, left, own[0], besides: others, purpose, &difficulties)
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

    /// The accounts that a line of which so much is left to move still needs.
    private func check(
        _ line: AllotmentLine, _ left: Int128, _ entries: [BookEntry], _ purpose: Purpose,
        _ difficulties: inout Difficulties
    ) async throws {
        if left > 0 { try await checkMoney(line, left, entries, &difficulties) }
        if purpose == .settling, line.allotment.allotted > .zero {
            difficulties.check(entries[2], "\(line.investor)'s token account \(line.accounts.token)")
            difficulties.check(
                entries[4], "\(line.investor)'s address \(line.accounts.tokenAddress)", at: Parties.blockchain)
        }
    }

    private func checkMoney(
        _ line: AllotmentLine, _ left: Int128, _ entries: [BookEntry], _ difficulties: inout Difficulties
    ) async throws {
        let investor = line.investor
        if entries[0].standing == .blocked { difficulties.check(entries[0], escrow(of: line)) }
        checkFunds(line, left, entries[0], &difficulties)
        switch offering.refundTo {
        case .deposit: difficulties.check(entries[1], "\(investor)'s deposit account \(line.accounts.deposit)")
        case .bank:
            let known = try await bookInvestor(investor)
            if known?.bankAccount.isEmpty ?? true {
                difficulties.note("\(investor) has no bank account to refund to")
            }
        }
    }

    /// That what is left to move is there; an account that does not exist holds nothing, which is one difficulty.
    private func checkFunds(
        _ line: AllotmentLine, _ left: Int128, _ entry: BookEntry, _ difficulties: inout Difficulties
    ) {
        guard entry.standing != .absent else {
            return difficulties.note(unfunded: "\(escrow(of: line)) does not exist at the \(Parties.custodian)")
        }
        guard entry.balance < left else { return }
        let held = Money(money, minorUnits: entry.balance)
        difficulties.note(unfunded: "\(escrow(of: line)) holds \(held), not the \(due(line, left))")
    }

    private func escrow(of line: AllotmentLine) -> String {
        "\(line.investor)'s escrow account \(line.accounts.escrow)"
    }

    /// What is left to move of a line: `100.00 SGD paid`, or `70.00 SGD left of the 100.00 SGD paid`.
    private func due(_ line: AllotmentLine, _ left: Int128) -> String {
        let paid = line.allotment.paid
        return left == paid.minorUnits ? "\(paid) paid" : "\(Money(money, minorUnits: left)) left of the \(paid) paid"
    }

    /// That the escrow account covers what is left to move besides what other offerings take from it.
    ///
    /// An account that does not cover the line alone has its own sentence, except where only the others' money matters.
    private func check(
        _ line: AllotmentLine, _ left: Int128, _ escrow: BookEntry, besides claims: ArraySlice<RivalClaims.Claim>,
        _ purpose: Purpose, _ difficulties: inout Difficulties
    ) throws(MoneyError) {
        guard left > 0, let first = claims.first, escrow.balance >= left || purpose == .callingOff else { return }
        var (all, kept) = (left, left)
        for claim in claims {
            all = try Self.sum(all, claim.amount)
            if !claim.isMoving { kept = try Self.sum(kept, claim.amount) }
        }
        guard escrow.balance < all else { return }
        let more = claims.count > 1 ? " and \(claims.count - 1) more" : ""
        difficulties.note(
            claim:
                "\(self.escrow(of: line)) holds \(Money(money, minorUnits: escrow.balance)), "
                + "of which \(Money(money, minorUnits: all - left)) are for offering \(first.by) (\(first.investor))\(more), "
                + "so the \(due(line, left)) here are not covered",
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
