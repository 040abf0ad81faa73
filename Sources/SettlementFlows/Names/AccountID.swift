/// An account at the custodian: escrow, deposit, token, issuer's or treasury.
public struct AccountID: TypedName {
    /// `account`.
    public static let noun = "account"
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
