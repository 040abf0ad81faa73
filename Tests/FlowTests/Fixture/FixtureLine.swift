import SagaEngine

/// One investor of the fixture's offering.
struct FixtureLine: Codable, Sendable {
    var investor: String
    var paid: Int128
    var payable: Int128
    var units: Int128
    var refundsByBank: Bool

    var escrow: String { "ESC-\(investor)" }
    var deposit: String { "DEP-\(investor)" }
    var token: String { "TOK-\(investor)" }
    var refund: Int128 { paid - payable }
}

/// The fixture's offering: what a settlement is started with.
struct FixtureOffering: Codable, Sendable {
    var name: String
    var allotmentAt: Timestamp
    var lines: [FixtureLine]

    var issuer: String { "ISS-\(name)" }
    var treasury: String { "TRE-\(name)" }
    var asset: String { "DABS-\(name)" }
}

/// One line with what it needs to know of its offering.
struct FixtureElement: Codable, Sendable {
    var line: FixtureLine
    var issuer: String
    var treasury: String
    var asset: String
}

/// The lines of an offering in order.
struct FixtureSource: ElementSource {
    let offering: FixtureOffering

    var digest: String { "\(offering.name)/\(offering.lines.count)" }

    func page(after: ElementID?, limit: Int) async throws -> [SourceElement<FixtureElement>] {
        offering.lines.compactMap { line -> SourceElement<FixtureElement>? in
            guard let id = ElementID(rawValue: line.investor), after.map({ $0.rawValue < line.investor }) ?? true else {
                return nil
            }
            let element = FixtureElement(
                line: line, issuer: offering.issuer, treasury: offering.treasury, asset: offering.asset)
            return SourceElement(id: id, element: element)
        }
        .prefix(limit).map { $0 }
    }
}

/// Minor units as the counterparties read them.
func money(_ minor: Int128) -> String {
    let cents = minor % 100
    return "\(minor / 100).\(cents < 10 ? "0" : "")\(cents)"
}
