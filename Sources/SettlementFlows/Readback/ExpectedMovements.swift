internal import SagaEngine

/// Works out from our ledger which movements there must be under an offering's references, and how much each moved.
struct ExpectedMovements {
    /// The way by which an offering's money went.
    enum Way {
        /// Through funding and distribution.
        case settled
        /// Back to everyone.
        case returned
    }

    let offering: Offering
    let way: Way

    private typealias Root = OfferingSettlement.Stage

    /// What there is for the offering as a whole: the units that were made.
    func ofOffering(_ ledger: LedgerTotals) throws(Halt) -> [ExpectedMovement] {
        guard ledger.minted != 0 else { return [] }
        let saga = try root
        let treasury = offering.treasuryAccount.rawValue
        return [
            ExpectedMovement(
                .mint, BookEffect(party: Parties.custodian, saga: saga, stage: Root.mint.name),
                units: ledger.minted, of: offering.tokenAsset, from: nil, to: treasury),
            ExpectedMovement(
                .issued, BookEffect(party: Parties.blockchain, saga: saga, stage: Root.recorded.name),
                units: ledger.minted, of: offering.tokenAsset, from: nil, to: treasury),
        ]
    }

    /// What there is for one line; at most five movements.
    func of(_ line: AllotmentLine, _ ledger: LedgerTotals) throws(Halt) -> [ExpectedMovement] {
        switch way {
        case .returned:
            let saga = try child(Root.returnFunds, line)
            return refund(ledger.refunded, line, saga, InvestorReturn.Stage.refund.name)
                + (try released(ledger, line, saga, InvestorReturn.Stage.record.name))
        case .settled:
            return try funding(line, ledger) + distribution(line, ledger)
        }
    }

    /// Every instruction by which a line's money may leave its escrow account, by either way, with what it moves.
    func departures(of line: AllotmentLine) throws(Halt) -> [(way: Way, movement: ExpectedMovement)] {
        let allotment = line.allotment
        let (fund, back) = (try child(Root.fund, line), try child(Root.returnFunds, line))
        let payable = allotment.payable.minorUnits
        return [
            (.settled, refunding(allotment.refund.minorUnits, line, fund, InvestorFunding.Stage.refund.name)),
            (.settled, transferring(payable, line, fund)),
            (.settled, refunding(payable, line, fund, InvestorFunding.Stage.refundRest.name)),
            (.returned, refunding(allotment.paid.minorUnits, line, back, InvestorReturn.Stage.refund.name)),
        ]
    }

    private func funding(_ line: AllotmentLine, _ ledger: LedgerTotals) throws(Halt) -> [ExpectedMovement] {
        typealias Stage = InvestorFunding.Stage
        let saga = try child(Root.fund, line)
        // A line that had something to pay and paid nothing was taken out: the rest went back after the first refund.
        guard ledger.transferred == 0, line.allotment.payable.minorUnits > 0 else {
            return refund(ledger.refunded, line, saga, Stage.refund.name)
                + transfer(ledger.transferred, line, saga)
                + (try released(ledger, line, saga, Stage.record.name))
        }
        let first = line.allotment.refund.minorUnits
        return refund(first, line, saga, Stage.refund.name)
            + refund(try Self.sum(ledger.refunded, 0 - first), line, saga, Stage.refundRest.name)
            + (try released(ledger, line, saga, Stage.recordExcluded.name))
    }

    private func distribution(_ line: AllotmentLine, _ ledger: LedgerTotals) throws(Halt) -> [ExpectedMovement] {
        typealias Stage = UnitDistribution.Stage
        guard ledger.distributed != 0 else { return [] }
        let saga = try child(Root.distribute, line)
        return [
            ExpectedMovement(
                .delivery, BookEffect(party: Parties.custodian, saga: saga, stage: Stage.deliver.name),
                units: ledger.distributed, of: offering.tokenAsset, from: offering.treasuryAccount,
                to: line.accounts.token.rawValue),
            ExpectedMovement(
                .registered, BookEffect(party: Parties.blockchain, saga: saga, stage: Stage.record.name),
                units: ledger.distributed, of: offering.tokenAsset, from: nil,
                to: line.accounts.tokenAddress.rawValue),
        ]
    }

    private func refund(
        _ amount: Int128, _ line: AllotmentLine, _ saga: SagaID, _ stage: StageName
    ) -> [ExpectedMovement] {
        amount == 0 ? [] : [refunding(amount, line, saga, stage)]
    }

    private func refunding(
        _ amount: Int128, _ line: AllotmentLine, _ saga: SagaID, _ stage: StageName
    ) -> ExpectedMovement {
        let (party, target) =
            switch offering.refundTo {
            case .deposit: (Parties.custodian, line.accounts.deposit.rawValue)
            case .bank: (Parties.bank, line.investor.rawValue)
            }
        return ExpectedMovement(
            .refund, BookEffect(party: party, saga: saga, stage: stage), money(amount), from: line.accounts.escrow,
            to: target)
    }

    private func transfer(_ amount: Int128, _ line: AllotmentLine, _ saga: SagaID) -> [ExpectedMovement] {
        amount == 0 ? [] : [transferring(amount, line, saga)]
    }

    private func transferring(_ amount: Int128, _ line: AllotmentLine, _ saga: SagaID) -> ExpectedMovement {
        let effect = BookEffect(party: Parties.custodian, saga: saga, stage: InvestorFunding.Stage.transfer.name)
        return ExpectedMovement(
            .transfer, effect, money(amount), from: line.accounts.escrow, to: offering.issuerAccount.rawValue)
    }

    private func released(
        _ ledger: LedgerTotals, _ line: AllotmentLine, _ saga: SagaID, _ stage: StageName
    ) throws(Halt) -> [ExpectedMovement] {
        let amount = try Self.sum(ledger.refunded, ledger.transferred)
        guard amount != 0 else { return [] }
        let effect = BookEffect(party: Parties.blockchain, saga: saga, stage: stage)
        return [ExpectedMovement(.released, effect, money(amount), from: line.accounts.escrow, to: nil)]
    }

    private func money(_ amount: Int128) -> Money { Money(offering.unitPrice.currency, minorUnits: amount) }

    private var root: SagaID {
        get throws(Halt) {
            guard let id = SagaID(rawValue: offering.id.rawValue) else { throw Self.nameless(offering.id.rawValue) }
            return id
        }
    }

    private func child(_ stage: Root, _ line: AllotmentLine) throws(Halt) -> SagaID {
        guard let element = ElementID(rawValue: line.investor.rawValue) else {
            throw Self.nameless(line.investor.rawValue)
        }
        return try root.child(of: stage.name, element: element)
    }

    private static func nameless(_ text: String) -> Halt {
        Halt(code: "name_malformed", message: "\(text) cannot be a part of a saga's id")
    }

    private static func sum(_ left: Int128, _ right: Int128) throws(Halt) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw Halt(code: "sum_overflow", message: "a line's sum does not fit 128 bits") }
        return sum
    }
}
