internal import SettlementFlows

/// The four books of one offering, and which account of one stands for which of another.
struct BookSet: Sendable {
    let money: String
    let token: String
    let digits: Int
    private let offering: Offering
    private let ledger: DemoLedger
    private let custodian: CounterpartyBook
    private let bank: CounterpartyBook
    private let chain: CounterpartyBook

    init(
        _ offering: Offering, _ ledger: DemoLedger, _ custodian: CounterpartyBook, _ bank: CounterpartyBook,
        _ chain: CounterpartyBook
    ) {
        self.offering = offering
        self.ledger = ledger
        self.custodian = custodian
        self.bank = bank
        self.chain = chain
        money = offering.unitPrice.currency.rawValue
        digits = offering.unitPrice.currency.minorUnitDigits
        token = offering.tokenAsset.rawValue
    }

    /// One investor: what left escrow, what was refunded, what units they have.
    func line(_ line: AllotmentLine) throws(CommandFailure) -> [FourBooksReport.Row] {
        let investor = line.investor.rawValue
        let accounts = line.accounts
        let left = try custodian.balance(accounts.escrow.rawValue, money, digits: digits)
        let recorded = try chain.balance(accounts.escrow.rawValue, money, digits: digits)
        var refunded = FourBooksReport.Row(
            asset: money, what: "refunded", digits: digits, ours: ledger.refunded[investor] ?? 0)
        switch offering.refundTo {
        case .deposit: refunded.custodian = try custodian.balance(accounts.deposit.rawValue, money, digits: digits)
        case .bank: refunded.bank = try bank.balance(investor, money, digits: digits)
        }
        return [
            FourBooksReport.Row(
                asset: money, what: "left escrow", digits: digits, ours: ledger.released[investor] ?? 0,
                custodian: line.allotment.paid.minorUnits - left, chain: 0 - recorded),
            refunded,
            FourBooksReport.Row(
                asset: token, what: "with investors", digits: 0, ours: ledger.balance("units:\(investor)", token),
                custodian: try custodian.balance(accounts.token.rawValue, token, digits: 0),
                chain: try chain.balance(accounts.tokenAddress.rawValue, token, digits: 0)),
        ]
    }

    /// The issuer's money, the units made, and those still in the treasury.
    func house() throws(CommandFailure) -> [FourBooksReport.Row] {
        let treasury = offering.treasuryAccount.rawValue
        return [
            FourBooksReport.Row(
                asset: money, what: "with the issuer", digits: digits, ours: ledger.balance("issuer", money),
                custodian: try custodian.balance(offering.issuerAccount.rawValue, money, digits: digits)),
            FourBooksReport.Row(
                asset: token, what: "made", digits: 0, ours: 0 - ledger.balance("issued", token),
                chain: try chain.balance(treasury, token, digits: 0)),
            FourBooksReport.Row(
                asset: token, what: "in the treasury", digits: 0, ours: ledger.balance("treasury", token),
                custodian: try custodian.balance(treasury, token, digits: 0)),
        ]
    }
}
