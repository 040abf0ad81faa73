/// A word, a number or a mark of Swift source, outside comments and the text of strings.
struct SwiftToken: Sendable, Equatable {
    enum Kind: Sendable {
        case word
        case number
        case mark
        /// A string literal; its own text is left out, the code it interpolates follows as tokens.
        case string
    }

    let kind: Kind
    let text: String
    /// The line the token stands on, counted from one.
    let line: Int
}
