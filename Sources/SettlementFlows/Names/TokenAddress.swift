/// Where an investor's units stand on the chain.
public struct TokenAddress: TypedName {
    /// `token address`.
    public static let noun = "token address"
    /// Printable text; its form is the chain adapter's business.
    public static let rule = NameRule.printable
    /// The name as it came.
    public let rawValue: String

    /// The name, or nil when the text breaks the rule.
    public init?(rawValue: String) {
        guard Self.rule.accepts(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}
