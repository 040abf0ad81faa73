extension Timestamp {
    /// The moment of a text in RFC 3339's UTC form with at most milliseconds, or nil; see `RFC3339`.
    public init?(rfc3339 text: some StringProtocol) {
        guard let milliseconds = RFC3339.milliseconds(text) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// The moment as `2026-03-16T09:00:00.000Z`; one outside the years 0 to 9999 reads as the nearest inside.
    public var rfc3339: String {
        RFC3339.text(min(max(milliseconds, RFC3339.first), RFC3339.last))
    }
}
