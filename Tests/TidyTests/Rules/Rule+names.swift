extension Rule {
    static let bannedNames = Rule("banned names stay out") { (file: TreeFile) in
        BannedName.all
            .filter { file.isUnder($0.folders) && !file.isUnder($0.exceptIn) }
            .flatMap { ban in
                ban.pattern.lines(in: file.tokens).map { file.finding(line: $0, ban.remedy) }
            }
    }

    static let emptyCatch = Rule("no error is swallowed by an empty catch") { (file: TreeFile) in
        guard file.isUnder(["Sources", "Benchmarks"]) else { return [] }
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "catch", tokens[index].kind == .word else { return nil }
            guard let open = tokens[index...].firstIndex(where: { $0.text == "{" && $0.kind == .mark }) else {
                return nil
            }
            guard open + 1 < tokens.count, tokens[open + 1].text == "}" else { return nil }
            return file.finding(line: tokens[index].line, "an empty catch: handle the error, or throw it on")
        }
    }

    private static let floats: Set<String> = ["Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat"]

    static let floatingPoint = Rule("money, units and time are never floating point") { (file: TreeFile) in
        guard file.isUnder(["Sources/SagaEngine", "Sources/SettlementFlows"]) else { return [] }
        return file.tokens.filter { token in
            switch token.kind {
            case .word: floats.contains(token.text)
            case .number: token.text.contains(".")
            case .mark, .string: false
            }
        }.map {
            file.finding(line: $0.line, "'\($0.text)' is floating point: use checked integers (Money, Units, Span)")
        }
    }

    /// Folders of SettlementFlows that hold values and ports; every other folder is a flow.
    private static let valueFolders = ["Allotment", "Instructions", "Ledger", "Money", "Names", "Offering", "Ports"]
        .map { "Sources/SettlementFlows/\($0)" }

    static let unorderedCollections = Rule("flows hold nothing whose order changes from run to run") {
        (file: TreeFile) in
        guard file.isUnder(["Sources/SettlementFlows"]), !file.isUnder(valueFolders) else { return [] }
        let named = file.tokens.filter { $0.kind == .word && ["Set", "Dictionary"].contains($0.text) }.map(\.line)
        return (named + file.dictionaryLines).map {
            file.finding(line: $0, "a Set or Dictionary in a flow: its order differs from run to run; use an array")
        }
    }
}

extension TreeFile {
    /// The lines of `[Key: Value]`, as a type or as a literal.
    var dictionaryLines: [Int] {
        var open: [(mark: String, line: Int)] = []
        var choices = 0
        var lines: [Int] = []
        for (index, token) in tokens.enumerated() where token.kind == .mark {
            switch token.text {
            case "(", "[", "{":
                // A key path's label stands before a colon, too: `value[keyPath: sum]`.
                let isKeyPath = token.text == "[" && tokens[(index + 1)...].first?.text == "keyPath"
                open.append((isKeyPath ? "(" : token.text, token.line))
                choices = 0
            case ")", "]", "}":
                if !open.isEmpty { open.removeLast() }
                choices = 0
            case "?":
                choices += 1
            case ":":
                if let last = open.last, last.mark == "[", choices == 0 { lines.append(last.line) }
                choices = max(0, choices - 1)
            default:
                break
            }
        }
        return lines
    }
}
