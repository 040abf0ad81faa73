public import SagaEngine

/// Sends an investor's money back from their escrow account to their deposit account, at the custodian.
public struct Refund: SettledInstruction, SettlementInstruction {
    /// `custody.refund`.
    public static let kind = "custody.refund"
    /// The custodian.
    public static var counterparty: CounterpartyName { Parties.custodian }

    /// Whose offering it is.
    public let offering: OfferingID
    /// Whose money it is.
    public let investor: InvestorID
    /// Which part of it.
    public let share: RefundShare
    /// The escrow account.
    public let from: AccountID
    /// The deposit account.
    public let to: AccountID
    /// How much; the line says it.
    public let amount: Money

    /// Orders a share of a line back.
    ///
    /// - Throws: ``Halt`` when refunds of this offering go through the bank, or there is nothing to send back.
    public init(_ share: RefundShare, of line: OfferingLine) throws(Halt) {
        guard line.refundTo == .deposit else {
            throw Halt(code: "refund_route", message: "refunds of \(line.offering) go to the bank; send a bank refund")
        }
        offering = line.offering
        investor = line.investor
        self.share = share
        from = line.line.accounts.escrow
        to = line.line.accounts.deposit
        amount = try line.refundable(share)
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
            line.member("share", share)
            line.member("from", from)
            line.member("to", to)
            try line.member("amount", amount)
        }
    }
}

extension OfferingLine {
    /// The amount of a share, which must be above zero.
    func refundable(_ share: RefundShare) throws(Halt) -> Money {
        let amount = amount(of: share)
        guard amount.minorUnits > 0 else {
            throw Halt(code: "refund_nothing", message: "\(investor) has nothing to get back as \(share.rawValue)")
        }
        return amount
    }
}
