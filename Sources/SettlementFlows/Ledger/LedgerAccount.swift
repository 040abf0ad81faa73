/// An account of our own ledger, within one offering.
///
/// Customers' accounts have a balance row each, kept per investor; the house's are sums over the posting log, so that
/// no row is written by every line.
public enum LedgerAccount: Hashable, Sendable, CustomStringConvertible {
    /// Money held for one investor; never below zero.
    case escrow(InvestorID)
    /// Units of one investor; never below zero.
    case units(InvestorID)
    /// What the custodian holds in escrow for all, as the house's claim: below zero by what is held.
    case custody
    /// What went back to investors.
    case refunded
    /// What went to the issuer.
    case issuer
    /// Units made and not delivered.
    case treasury
    /// Units made, as the house's duty: below zero by what is made.
    case issued

    /// The account's text: `escrow:INV-1`, `treasury`.
    public var description: String {
        switch self {
        case .escrow(let investor): "escrow:\(investor)"
        case .units(let investor): "units:\(investor)"
        case .custody: "custody"
        case .refunded: "refunded"
        case .issuer: "issuer"
        case .treasury: "treasury"
        case .issued: "issued"
        }
    }

    /// The account of a text, or nil when there is none.
    public init?(_ text: String) {
        switch text {
        case "custody": self = .custody
        case "refunded": self = .refunded
        case "issuer": self = .issuer
        case "treasury": self = .treasury
        case "issued": self = .issued
        default:
            guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
                let investor = InvestorID(rawValue: String(text[text.utf8.index(after: colon)...]))
            else { return nil }
            switch text[..<colon] {
            case "escrow": self = .escrow(investor)
            case "units": self = .units(investor)
            default: return nil
            }
        }
    }
}

extension LedgerAccount: Codable {
    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let account = LedgerAccount(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a ledger account")
        }
        self = account
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
