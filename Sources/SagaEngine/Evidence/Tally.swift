/// What one child contributes to the proof that all of a stage's children have ended.
public protocol Tallied {
    /// The child's contribution.
    var tally: Tally { get }
}

/// Named sums, and whether the element was taken out.
public struct Tally: Sendable, Equatable, Codable {
    /// Name and amount, in a fixed order.
    public let amounts: [Amount]
    /// Whether the element was taken out of the whole.
    public let excluded: Bool

    /// One named sum.
    public struct Amount: Sendable, Equatable, Codable {
        /// What is summed.
        public let name: String
        /// The sum.
        public let value: Int128

        /// Names a sum.
        public init(_ name: String, _ value: Int128) {
            self.name = name
            self.value = value
        }
    }

    /// Describes a contribution.
    public init(_ amounts: [Amount], excluded: Bool = false) {
        self.amounts = amounts
        self.excluded = excluded
    }
}
