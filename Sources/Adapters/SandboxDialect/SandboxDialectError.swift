/// Why a text is not of the sandbox's dialect.
public struct SandboxDialectError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, of a bounded set.
    public let code: Code
    /// The member of the document that is wrong, by its name in the dialect.
    public let member: String?

    /// What can be wrong.
    public enum Code: String, Sendable, CaseIterable {
        /// It is no JSON, or larger or deeper than the limits.
        case notJSON = "dialect.not_json"
        /// It is JSON of another shape.
        case notAnObject = "dialect.not_an_object"
        /// A member that must be there is not, or is no string.
        case missing = "dialect.missing"
        /// A member has a value that the dialect does not know.
        case unknownValue = "dialect.unknown_value"
        /// The order cannot be carried out as stated.
        case badOrder = "dialect.bad_order"
    }

    init(_ code: Code, _ member: String? = nil) {
        self.code = code
        self.member = member
    }

    /// The fault in words; it holds nothing of the text.
    public var description: String {
        member.map { "\(code.rawValue): \($0)" } ?? code.rawValue
    }
}
