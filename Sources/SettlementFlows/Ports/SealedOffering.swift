/// An offering whose content is fixed, and the digest of that content.
public struct SealedOffering: Hashable, Sendable {
    /// The terms.
    public let offering: Offering
    /// The digest of the terms, the investors and the subscription log.
    public let input: ContentDigest

    /// A sealed offering from its parts.
    public init(offering: Offering, input: ContentDigest) {
        self.offering = offering
        self.input = input
    }
}
