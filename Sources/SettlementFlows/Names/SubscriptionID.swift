/// One subscription in an offering's log, from its apply to its end.
public struct SubscriptionID: TypedName {
    /// `subscription id`.
    public static let noun = "subscription id"
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
