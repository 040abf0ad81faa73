public import SagaEngine

/// Delivers a funded investor's units from the treasury to their token account, out of an approved mint.
public struct UnitDelivery: ApprovedInstruction, SettlementInstruction {
    /// `custody.deliver`.
    public static let kind = "custody.deliver"
    /// The custodian.
    public static var counterparty: CounterpartyName { Parties.custodian }

    /// The approval of the units' making.
    public let minted: Approved<Mint>
    /// Whose offering it is.
    public let offering: OfferingID
    /// Who gets the units.
    public let investor: InvestorID
    /// Their token account.
    public let to: AccountID
    /// Where their units stand on the chain.
    public let tokenAddress: TokenAddress
    /// How many units; the funded line says it.
    public let units: Units

    /// Orders a funded line's units out of a mint.
    ///
    /// - Throws: ``Halt`` when the mint is another offering's or smaller, or the line has no units.
    public init(_ funding: Funding, from minted: Approved<Mint>) throws(Halt) {
        guard minted.instruction.offering == funding.offering,
            minted.address.saga.rawValue.isSameBytes(as: funding.offering.rawValue)
        else {
            throw Halt(
                code: "delivery_wrong_offering",
                message: "the mint given is not of \(funding.offering), whose line it is")
        }
        let count = try funding.units.signed
        guard count > 0, count <= minted.instruction.units else {
            throw Halt(
                code: "delivery_amount",
                message: "\(funding.investor) cannot get \(count) of \(minted.instruction.units) minted units")
        }
        self.minted = minted
        offering = funding.offering
        investor = funding.investor
        to = funding.tokenAccount
        tokenAddress = funding.tokenAddress
        units = funding.units
    }

    /// What the units are units of.
    public var asset: AssetID { minted.instruction.asset }

    /// Asset, amount and accounts.
    public var facts: Facts {
        [
            "asset": asset.rawValue, "amount": units.description, "from": minted.instruction.to.rawValue,
            "to": to.rawValue,
        ]
    }

    /// The units.
    public var exposure: Exposure? {
        Int128(exactly: units.count).map { Exposure(asset: asset.rawValue, amount: $0, decimals: 0) }
    }

    /// Writes the object that its `Encodable` makes.
    public func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("minted", minted)
            line.member("offering", offering)
            line.member("investor", investor)
            line.member("to", to)
            line.member("tokenAddress", tokenAddress)
            line.member("units", units.description)
        }
    }
}
