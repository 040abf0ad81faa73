/// The digests of a sealed offering and of its lines, worked out over the rows as they stand now.
public struct RowDigests: Hashable, Sendable {
    /// Of what was sealed: the terms, the investors with their accounts, and the subscription log.
    public let input: ContentDigest
    /// Of the lines in investor id order.
    public let lines: ContentDigest

    /// States them.
    public init(input: ContentDigest, lines: ContentDigest) {
        self.input = input
        self.lines = lines
    }
}
