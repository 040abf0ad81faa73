/// One of the sandbox's three counterparties, with its place in the sandbox's addresses.
public enum SandboxParty: String, Sendable, CaseIterable {
    /// Holds money and units.
    case custodian
    /// Records balances.
    case blockchain
    /// Pays out.
    case bank

    /// Where everything of the party stands.
    public var root: String {
        switch self {
        case .custodian: "/custody/v1"
        case .blockchain: "/chain/v1"
        case .bank: "/bank/v1"
        }
    }

    /// Where its orders stand.
    public var collection: String {
        switch self {
        case .custodian: root + "/instructions"
        case .blockchain: root + "/records"
        case .bank: root + "/payments"
        }
    }

    /// Where many references are asked about at a time.
    public var lookup: String { root + "/lookup" }
}
