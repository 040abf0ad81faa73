/// A rule that does not hold, in words.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The rule's short name, such as `I2`.
    public let invariant: String
    /// What is wrong, where.
    public let message: String

    /// Names a broken rule.
    public init(_ invariant: String, _ message: String) {
        self.invariant = invariant
        self.message = message
    }

    /// `I2: …`.
    public var description: String { "\(invariant): \(message)" }
}
