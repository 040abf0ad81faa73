/// One figure that a book must agree on: what the settlement did, and what the book says.
public struct BookFigure: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Whose book: `custodian`, `blockchain`, `bank` or `ledger`.
    public let book: String
    /// What is compared, such as `escrow` or `units`.
    public let what: String
    /// The asset.
    public let asset: String
    /// By how much the settlement must have changed it, in the asset's smallest unit.
    public let expected: Int128
    /// By how much it has, by what the book says under the settlement's own references.
    public let actual: Int128

    init(_ book: String, _ what: String, _ asset: String, expected: Int128, actual: Int128) {
        self.book = book
        self.what = what
        self.asset = asset
        self.expected = expected
        self.actual = actual
    }

    /// Whether the book agrees.
    public var agrees: Bool { expected == actual }

    /// A sentence for the operator.
    public var description: String { "\(book) \(what): expected \(text(expected)), reads \(text(actual))" }

    /// Money in major units, as everywhere that people read; units as they are.
    private func text(_ amount: Int128) -> String {
        Currency(rawValue: asset).map { Money($0, minorUnits: amount).description } ?? "\(amount) \(asset)"
    }
}
