public import SagaEngine

/// Moves an investor's payable money from their escrow account to the issuer's, once their refund is confirmed.
public struct Transfer: SettledInstruction, SettlementInstruction {
    /// `custody.transfer`.
    public static let kind = "custody.transfer"
    /// The custodian.
    public static var counterparty: CounterpartyName { Parties.custodian }

    /// Whose offering it is.
    public let offering: OfferingID
    /// Whose money it is.
    public let investor: InvestorID
    /// The escrow account.
    public let from: AccountID
    /// The issuer's account.
    public let to: AccountID
    /// How much; the line says it.
    public let amount: Money
    /// The proof that what was not allotted went back first; `nil` where everything was allotted.
    public let refunded: RefundProof?

    /// Orders a line's payable money to the issuer.
    ///
    /// - Throws: ``Halt`` when the line's refund is not proved, or nothing is payable.
    public init(of line: OfferingLine, after refunded: RefundProof?) throws(Halt) {
        try RefundProof.check(refunded, covers: .unallotted, of: line)
        let payable = line.line.allotment.payable
        guard payable.minorUnits > 0 else {
            throw Halt(code: "transfer_nothing", message: "\(line.investor) has nothing to pay")
        }
        offering = line.offering
        investor = line.investor
        from = line.line.accounts.escrow
        to = line.issuerAccount
        amount = payable
        self.refunded = refunded
    }

    /// Asset, amount and accounts.
    public var facts: Facts { amount.facts(from: from, to: to.rawValue) }
    /// The amount.
    public var exposure: Exposure? { amount.exposure }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("investor", investor)
            line.member("from", from)
            line.member("to", to)
            try line.member("amount", amount)
            if let refunded { try line.member("refunded", refunded) }
        }
    }
}
