/// What a finished load holds.
public struct LoadedPart: Hashable, Sendable {
    /// How many rows.
    public let rows: Int
    /// The digest of the rows' fields in order; quoting, line ends and a byte order mark do not change it.
    public let digest: ContentDigest

    /// A part from its count and digest.
    public init(rows: Int, digest: ContentDigest) {
        self.rows = rows
        self.digest = digest
    }
}
