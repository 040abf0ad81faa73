/// A run of tokens that must not stand in some folder, such as `Task . sleep`.
struct TokenPattern: Sendable {
    /// The run as it would be written.
    let source: String
    private let texts: [String]
    /// Tokens that make the run harmless when they stand right before it: `.sleep(` is somebody's own method.
    private let notAfter: Set<String>

    /// Takes source text and splits it as the lexer would.
    init(_ source: String, notAfter: Set<String> = []) {
        self.source = source
        texts = SwiftLexer.tokens(of: source).map(\.text)
        self.notAfter = notAfter
    }

    /// The lines at which the run stands. A file that declares a function of the run's name calls its own.
    func lines(in tokens: [SwiftToken]) -> [Int] {
        if notAfter.contains("func"), zip(tokens, tokens.dropFirst()).contains(where: declares) { return [] }
        return places(in: tokens)
    }

    private func declares(_ pair: (SwiftToken, SwiftToken)) -> Bool {
        pair.0.text == "func" && pair.1.text == texts.first
    }

    private func places(in tokens: [SwiftToken]) -> [Int] {
        guard let first = texts.first, tokens.count >= texts.count else { return [] }
        return (0...(tokens.count - texts.count)).compactMap { start in
            guard tokens[start].text == first, tokens[start].kind != .string else { return nil }
            guard zip(texts, tokens[start...]).allSatisfy({ $0 == $1.text }) else { return nil }
            if start > 0, notAfter.contains(tokens[start - 1].text) { return nil }
            return tokens[start].line
        }
    }
}
