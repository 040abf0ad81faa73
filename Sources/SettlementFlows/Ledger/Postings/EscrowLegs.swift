internal import SagaEngine

/// The legs of money leaving one investor's escrow account, and its record on the chain.
struct EscrowLegs {
    let investor: InvestorID

    /// From escrow to a house account; nothing where the amount is zero.
    func out(_ amount: Money?, to account: LedgerAccount) -> [PostingSet.Leg] {
        guard let amount, amount.minorUnits != 0 else { return [] }
        let asset = amount.currency.rawValue
        return [
            PostingSet.Leg(.escrow(investor), asset, 0 - amount.minorUnits),
            PostingSet.Leg(account, asset, amount.minorUnits),
        ]
    }

    /// The record that a line's whole money has left escrow.
    static func entry(_ escrow: AccountID, _ amount: Money) -> ChainEntry {
        ChainEntry(
            account: escrow.rawValue, asset: amount.currency.rawValue, amount: amount.text, isCredit: false)
    }
}
