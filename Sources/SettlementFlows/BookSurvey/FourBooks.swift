internal import SagaEngine

/// Compares what a settlement did, by its own proofs, with the four books.
struct FourBooks {
    /// What was done, by the barriers' proofs.
    struct Deeds {
        var paid: Int128
        var refunded: Int128
        var transferred: Int128
        var minted: Int128 = 0
        var distributed: Int128 = 0
    }

    let offering: Offering
    let deeds: Deeds

    /// The figures of all four books, in a fixed order: what the counterparties moved, and what was posted.
    func figures(moved: MovedSums, ledger: LedgerTotals) throws(Halt) -> [BookFigure] {
        var figures: [BookFigure] = []
        let money = offering.unitPrice.currency.rawValue
        let token = offering.tokenAsset.rawValue
        func add(_ book: String, _ what: String, _ asset: String, _ expected: Int128, _ actual: Int128) {
            figures.append(BookFigure(book, what, asset, expected: expected, actual: actual))
        }
        let custodian = Parties.custodian.rawValue
        let chain = Parties.blockchain.rawValue
        let inTreasury = try difference(deeds.minted, deeds.distributed)
        add(custodian, "escrow", money, 0 - deeds.paid, moved.custodyEscrow)
        add(custodian, "issuer", money, deeds.transferred, moved.custodyIssuer)
        add(custodian, "treasury", token, inTreasury, moved.custodyTreasury)
        add(custodian, "units", token, deeds.distributed, moved.custodyUnits)
        add(chain, "escrow", money, 0 - deeds.paid, moved.chainEscrow)
        add(chain, "issued", token, deeds.minted, moved.chainIssued)
        add(chain, "units", token, deeds.distributed, moved.chainUnits)
        let byBank = offering.refundTo == .bank ? deeds.refunded : 0
        add(Parties.bank.rawValue, "refunded", money, byBank, moved.bankPaid)
        add("ledger", "paid", money, deeds.paid, ledger.paid)
        add("ledger", "escrow", money, 0, ledger.escrow)
        add("ledger", "refunded", money, deeds.refunded, ledger.refunded)
        add("ledger", "issuer", money, deeds.transferred, ledger.transferred)
        add("ledger", "minted", token, deeds.minted, ledger.minted)
        add("ledger", "treasury", token, inTreasury, ledger.treasury)
        add("ledger", "units", token, deeds.distributed, ledger.distributed)
        return figures
    }

    /// What does not add up within the proofs themselves.
    func contradictions(with summary: AllotmentSummary) throws(Halt) -> [String] {
        var found: [String] = []
        let (used, overflow) = deeds.refunded.addingReportingOverflow(deeds.transferred)
        if deeds.paid != summary.paid.minorUnits {
            found.append("the lines paid \(deeds.paid), but \(summary.paid.minorUnits) was published")
        }
        if overflow || used != deeds.paid {
            found.append("\(deeds.refunded) refunded and \(deeds.transferred) transferred are not \(deeds.paid) paid")
        }
        return found
    }

    private func difference(_ left: Int128, _ right: Int128) throws(Halt) -> Int128 {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        guard !overflow else { throw Halt(code: "sum_overflow", message: "a difference does not fit 128 bits") }
        return difference
    }
}
