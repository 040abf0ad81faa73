public import SagaEngine

/// The counterparties of a settlement, by the names that configuration, webhooks and metrics use.
public enum Parties {
    /// Holds money and units.
    public static let custodian: CounterpartyName = "custodian"
    /// Keeps the register.
    public static let blockchain: CounterpartyName = "blockchain"
    /// Pays out to investors' bank accounts.
    public static let bank: CounterpartyName = "bank"

    /// The kinds of instruction that a counterparty of this business is given.
    public static func instructions(for party: CounterpartyName) -> Set<String> {
        switch party {
        case custodian: [Refund.kind, Transfer.kind, Mint.kind, UnitDelivery.kind]
        case blockchain: [ChainRecord<MintPosting>.kind]
        case bank: [BankRefund.kind]
        default: []
        }
    }

    /// Whether an instruction is one of this module's own types; adapters refuse to render any other under its kinds.
    public static func recognise(_ instruction: any Instruction) -> Bool {
        instruction is any SettlementInstruction
    }
}

/// Marks this module's instructions. Not public: an instruction declared elsewhere cannot pass for one of them.
protocol SettlementInstruction: Instruction {}
