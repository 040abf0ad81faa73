/// A text that is no name of its kind. The text itself is left out: it may be personal.
public struct NameError: Error, Equatable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Breach: String, Sendable, CaseIterable {
        case empty
        case tooLong = "too_long"
        case controlCharacter = "control_character"
        case pathMark = "path_mark"
        case malformed
    }

    /// What the text should have named: `investor id`.
    public let noun: String
    /// Which rule was broken.
    public let breach: Breach

    /// An error about a kind of name.
    public init(noun: String, breach: Breach) {
        self.noun = noun
        self.breach = breach
    }

    /// The bounded code for metrics and logs.
    public var code: String { "name.\(breach.rawValue)" }

    /// What the name must be like.
    public var description: String {
        switch breach {
        case .empty: "\(noun) must not be empty"
        case .tooLong: "\(noun) must be at most \(NameRule.longest) bytes of UTF-8"
        case .controlCharacter: "\(noun) must not hold control characters"
        case .pathMark: "\(noun) must not hold \"/\" or \"#\""
        case .malformed: "\(noun) is not of its form"
        }
    }
}
