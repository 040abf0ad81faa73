/// What an amount is an amount of: a currency or a token.
public struct AssetID: TypedName {
    /// `asset`.
    public static let noun = "asset"
    /// Printable text.
    public static let rule = NameRule.printable
    /// The name as it came.
    public let rawValue: String

    /// The name, or nil when the text breaks the rule.
    public init?(rawValue: String) {
        guard Self.rule.accepts(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}
