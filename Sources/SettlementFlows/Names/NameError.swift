/// A text that is no name of its kind. The text itself is left out: it may be personal.
public struct NameError: Error, Equatable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Breach: String, Sendable, CaseIterable {
        case empty
        case tooLong = "too_long"
        case controlCharacter = "control_character"
        case pathMark = "path_mark"
        case unseenCharacter = "unseen_character"
        case dots
        case malformed
    }

    /// What the text should have named: `investor id`.
    public let noun: String
    /// Which rule was broken.
    public let breach: Breach
    /// Which character breaks it and where: `U+202E at character 7`; `nil` where that is not told.
    public let place: String?

    /// An error about a kind of name.
    public init(noun: String, breach: Breach, place: String? = nil) {
        self.noun = noun
        self.breach = breach
        self.place = place
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
        case .unseenCharacter:
            "\(noun) must not hold characters that are not seen or that turn the text"
                + (place.map { " (\($0)): write it without" } ?? "")
        case .dots: "\(noun) must not be \".\" or \"..\", which is a folder in every path"
        case .malformed: "\(noun) is not of its form"
        }
    }
}
