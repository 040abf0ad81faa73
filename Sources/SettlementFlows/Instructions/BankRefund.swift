public import SagaEngine

/// Sends an investor's money back from their escrow account to their own bank account, through the bank.
///
/// The beneficiary is named by investor id: the account itself is personal, and the bank's adapter takes it from the
/// offering book when it speaks to the bank. It must hold that row against the digest in the journal then: the lines'
/// rows are looked at before money moves, and no longer when an order is sent.
public struct BankRefund: SettledInstruction, SettlementInstruction {
    /// `bank.refund`.
    public static let kind = "bank.refund"
    /// The bank.
    public static var counterparty: CounterpartyName { Parties.bank }

    /// Whose offering it is.
    public let offering: OfferingID
    /// Whose money it is, and who gets it.
    public let investor: InvestorID
    /// Which part of it.
    public let share: RefundShare
    /// The escrow account.
    public let from: AccountID
    /// How much; the line says it.
    public let amount: Money

    /// Orders a share of a line back.
    ///
    /// - Throws: ``Halt`` when refunds of this offering stay at the custodian, or there is nothing to send back.
    public init(_ share: RefundShare, of line: OfferingLine) throws(Halt) {
        guard line.refundTo == .bank else {
            throw Halt(code: "refund_route", message: "refunds of \(line.offering) stay at the custodian")
        }
        offering = line.offering
        investor = line.investor
        self.share = share
        from = line.line.accounts.escrow
        amount = try line.refundable(share)
    }

    /// Asset, amount, the escrow account and the beneficiary's investor id.
    public var facts: Facts { amount.facts(from: from, to: investor.rawValue) }
    /// The amount.
    public var exposure: Exposure? { amount.exposure }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            line.member("offering", offering)
            line.member("investor", investor)
            line.member("share", share)
            line.member("from", from)
            try line.member("amount", amount)
        }
    }
}
