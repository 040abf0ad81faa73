/// A function, initialiser or subscript with a body.
struct FunctionSpan: Sendable, Equatable {
    let name: String
    let line: Int
    /// Lines from the one that names it to the one that closes its body.
    let length: Int
}

extension TreeFile {
    /// Every function of the file that has a body, nested ones too.
    var functions: [FunctionSpan] {
        tokens.indices.compactMap { index in
            guard tokens[index].kind == .word, ["func", "init", "deinit", "subscript"].contains(tokens[index].text)
            else {
                return nil
            }
            // `.init(…)` and `self.init(…)` are calls.
            if index > 0, tokens[index - 1].text == "." { return nil }
            guard let open = bodyStart(after: index), let close = closing(of: open) else { return nil }
            let isNamed = tokens[index].text == "func" && index + 1 < tokens.count
            return FunctionSpan(
                name: isNamed ? tokens[index + 1].text : tokens[index].text, line: tokens[index].line,
                length: tokens[close].line - tokens[index].line + 1)
        }
    }

    private static let declarations: Set<String> = [
        "func", "var", "let", "init", "deinit", "subscript", "static", "mutating", "nonmutating", "associatedtype",
        "typealias", "case", "struct", "class", "enum", "actor", "extension", "protocol", "public", "private",
        "internal",
        "fileprivate", "package", "override", "nonisolated", "indirect", "}",
    ]

    /// The brace that opens the body of the declaration at `index`; nil for a protocol's requirement.
    private func bodyStart(after index: Int) -> Int? {
        var depth = 0
        // Two on: the name itself may be a word such as `init` or `case` in backticks.
        var position = index + (tokens[index].text == "func" ? 2 : 1)
        while position < tokens.count {
            let text = tokens[position].kind == .string ? "" : tokens[position].text
            switch text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return position
            case _ where depth == 0 && Self.declarations.contains(text): return nil
            default: break
            }
            position += 1
        }
        return nil
    }

    private func closing(of open: Int) -> Int? {
        var depth = 0
        for position in open..<tokens.count where tokens[position].kind == .mark {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }

    /// The public types declared at the file's top level, with their lines.
    var publicTypes: [(name: String, line: Int)] {
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        var depth = 0
        var isPublic = false
        var found: [(name: String, line: Int)] = []
        for (index, token) in tokens.enumerated() {
            if ["{", "(", "["].contains(token.text) { depth += 1 }
            if ["}", ")", "]"].contains(token.text) { depth -= 1 }
            guard depth == 0, token.kind == .word else { continue }
            if token.text == "public" || token.text == "open" { isPublic = true }
            if ["extension", "import", "func", "var", "let", "internal"].contains(token.text) { isPublic = false }
            if kinds.contains(token.text), isPublic, index + 1 < tokens.count {
                found.append((tokens[index + 1].text, token.line))
                isPublic = false
            }
        }
        return found
    }
}
