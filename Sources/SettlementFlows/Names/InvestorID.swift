/// An investor as journals, audits and logs may name them; it says nothing personal.
public struct InvestorID: TypedName {
    /// `investor id`.
    public static let noun = "investor id"
    /// A part of a saga's path.
    public static let rule = NameRule.pathPart
    /// The name as it came.
    public let rawValue: String

    /// The name, or nil when the text breaks the rule.
    public init?(rawValue: String) {
        guard Self.rule.accepts(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}
