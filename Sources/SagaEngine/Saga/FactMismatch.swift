/// A fact that is not as expected.
public struct FactMismatch: Sendable, Equatable, Codable, CustomStringConvertible {
    /// What it is about.
    public let name: String
    /// What we asked for.
    public let expected: String
    /// What the counterparty says; `nil` when it does not say.
    public let actual: String?

    /// States a disagreement.
    public init(name: String, expected: String, actual: String?) {
        self.name = name
        self.expected = expected
        self.actual = actual
    }

    /// A sentence for the operator.
    public var description: String {
        guard let actual else { return "\(name): expected \(expected), but it is missing" }
        let words = "\(name): expected \(expected), but it says \(actual)"
        // Two texts that look alike to people are told apart in words.
        return actual == expected ? words + ", which only looks the same: its bytes are others" : words
    }
}
