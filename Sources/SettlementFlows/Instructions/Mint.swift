public import SagaEngine

/// Makes units into the treasury account: as many as the proof says are funded, and only once every line is.
public struct Mint: ApprovedInstruction, SettlementInstruction {
    /// `custody.mint`.
    public static let kind = "custody.mint"
    /// The custodian.
    public static var counterparty: CounterpartyName { Parties.custodian }

    /// The proof that every line is funded or taken out.
    public let funded: AllSettled<Funding>
    /// Whose offering it is.
    public let offering: OfferingID
    /// What units are units of.
    public let asset: AssetID
    /// The treasury account.
    public let to: AccountID

    /// Orders the units that a proof covers.
    ///
    /// - Parameters:
    ///   - funded: The proof; the amount comes from it.
    ///   - offering: The offering's terms.
    ///   - summary: The allotment as published; the proof must come to exactly that.
    /// - Throws: ``Halt`` when the proof is another offering's, does not add up to what was published, or covers no
    ///   units.
    public init(
        of funded: AllSettled<Funding>, for offering: Offering, allotted summary: AllotmentSummary
    ) throws(Halt) {
        guard funded.address.saga.rawValue.isSameBytes(as: offering.id.rawValue), summary.offering == offering.id else {
            throw Halt(code: "mint_wrong_offering", message: "the proof given is not about \(offering.id)")
        }
        try FundingCheck.check(funded, against: summary)
        guard funded.sum(of: Funding.units) > 0 else {
            throw Halt(code: "mint_nothing", message: "no funded line of \(offering.id) has units")
        }
        self.funded = funded
        self.offering = offering.id
        asset = offering.tokenAsset
        to = offering.treasuryAccount
    }

    /// How many units; the proof says it.
    public var units: Int128 { funded.sum(of: Funding.units) }
    /// How many allotted units are not made because their lines were taken out.
    public var excludedUnits: Int128 { funded.sum(of: Funding.excludedUnits) }

    /// Asset, amount and account.
    public var facts: Facts { ["asset": asset.rawValue, "amount": String(units), "to": to.rawValue] }
    /// The units.
    public var exposure: Exposure? { Exposure(asset: asset.rawValue, amount: units, decimals: 0) }
}
