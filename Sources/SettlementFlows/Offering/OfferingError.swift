/// An offering whose terms contradict themselves or go beyond the limits.
public struct OfferingError: Error, Equatable, CustomStringConvertible {
    /// The key of `offering.json` that is wrong, such as `unit_price`.
    public let key: String
    /// What it must be, as the end of a sentence that begins with the key.
    public let requirement: String

    /// An error about a key.
    public init(key: String, requirement: String) {
        self.key = key
        self.requirement = requirement
    }

    /// The bounded code for metrics and logs.
    public var code: String { "offering.invalid" }

    /// The key and what it must be.
    public var description: String { "\(key) \(requirement)" }
}
