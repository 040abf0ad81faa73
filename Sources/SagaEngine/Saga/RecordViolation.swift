/// A rule of the books that a record would break.
public struct RecordViolation: Error, Sendable, Equatable, Codable {
    /// A bounded code, fit for metrics.
    public let code: String
    /// Which rule, which account and by how much, for the operator.
    public let message: String

    /// Names the rule that would be broken.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
