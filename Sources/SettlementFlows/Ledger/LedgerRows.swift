internal import SagaEngine

/// What the ledger keeps about one offering: written when it is published and when its units are made, read by all
/// lines.
struct OfferingRow: Codable, Equatable, JSONReadable, JSONWritable {
    var bounds: PostingSet.Bounds
    var minted: Int128 = 0
    var causes: [String]
}

/// What the ledger keeps about one line: its two balances, its bounds and how far it is.
struct LineRow: Codable, Equatable, JSONReadable, JSONWritable {
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

extension OfferingRow {
    init(_ object: JSONObject) throws(CodecError) {
        self.init(
            bounds: try object.value("bounds"), minted: try object.integer("minted"),
            causes: try object.strings("causes"))
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("bounds", bounds)
            line.member("minted", minted)
            line.array("causes", of: causes)
        }
    }
}

extension LineRow {
    init(_ object: JSONObject) throws(CodecError) {
        self.init(
            bounds: try object.value("bounds"), phase: try object.choice("phase"),
            escrow: try object.integer("escrow"), units: try object.integer("units"),
            refunded: try object.integer("refunded"), transferred: try object.integer("transferred"),
            distributed: try object.integer("distributed"), causes: try object.strings("causes"))
    }

    func write(to line: inout JSONLine) throws(CodecError) {
        try line.object { line throws(CodecError) in
            try line.member("bounds", bounds)
            line.member("phase", phase)
            line.member("escrow", escrow)
            line.member("units", units)
            line.member("refunded", refunded)
            line.member("transferred", transferred)
            line.member("distributed", distributed)
            line.array("causes", of: causes)
        }
    }
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
