/// An offering, and with it its settlement: the saga's id is this name.
public struct OfferingID: TypedName {
    /// `offering id`.
    public static let noun = "offering id"
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
