internal import SagaEngine

/// What the ledger keeps about one offering: written when it is published and when its units are made, read by all
/// lines.
struct OfferingRow: Codable, Equatable {
    var bounds: PostingSet.Bounds
    var minted: Int128 = 0
    var causes: [String]
}

/// What the ledger keeps about one line: its two balances, its bounds and how far it is.
struct LineRow: Codable, Equatable {
    enum Phase: String, Codable {
        case opened, funded, excluded, returned
    }

    var bounds: PostingSet.Bounds
    var phase: Phase
    var escrow: Int128 = 0
    var units: Int128 = 0
    var refunded: Int128 = 0
    var transferred: Int128 = 0
    var distributed: Int128 = 0
    var causes: [String] = []
}

/// The ledger's place in the books: spaces, keys and the log.
enum LedgerSpace {
    static let offerings = "ledger.offering"
    static let lines = "ledger.line"
    static let log = "ledger.posting"

    static func key(of set: PostingSet) -> String {
        set.investor.map { "\(set.offering)/\($0)" } ?? set.offering.rawValue
    }
}
