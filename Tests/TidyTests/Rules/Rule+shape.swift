extension Rule {
    private static let longestFile = 500
    private static let longestFunction = 70
    private static let longestLine = 120
    /// A line that carries text may be longer: breaking a sentence or a row of a table helps nobody.
    private static let longestText = 140

    private static func limit(of line: some StringProtocol) -> Int {
        line.contains("\"") || line.contains(" ") && !line.contains(where: { "{}()=/".contains($0) })
            ? longestText : longestLine
    }

    static let length = Rule("files, functions and lines are short") { (file: TreeFile) in
        let isSwift = file.path.hasSuffix(".swift")
        guard isSwift || file.isUnder(["scripts", ".ci"]) else { return [] }
        var findings: [Finding] = []
        let lines = file.text.hasSuffix("\n") ? file.lines.dropLast() : file.lines[...]
        if lines.count > longestFile {
            findings.append(file.finding("\(lines.count) lines of at most \(longestFile): a noun is missing"))
        }
        for (index, line) in lines.enumerated() where line.utf8.count > longestLine {
            let limit = limit(of: line)
            guard line.count > limit else { continue }
            findings.append(file.finding(line: index + 1, "\(line.count) characters of at most \(limit)"))
        }
        for function in file.functions where function.length > longestFunction {
            findings.append(
                file.finding(
                    line: function.line,
                    "'\(function.name)' has \(function.length) lines of at most \(longestFunction): split it"))
        }
        return findings
    }

    /// A file named for one type may hold this many small ones beside it.
    private static let mostPublicTypes = 4

    static let publicTypes = Rule("a file is named for its public type") { (file: TreeFile) in
        guard file.path.hasSuffix(".swift"), file.isUnder(["Sources"]) else { return [] }
        let types = file.publicTypes
        let base = String(file.name.dropLast(".swift".count))
        // `Type+topic.swift` extends, and a plural names a family: Facts, StoreOperations.
        guard let first = types.first, !base.contains("+"), !base.hasSuffix("s") else { return [] }
        if !types.contains(where: { $0.name == base }) {
            return [file.finding(line: first.line, "no public type here is called \(base): name the file for its type")]
        }
        guard types.count > mostPublicTypes else { return [] }
        return [file.finding("\(types.count) public types in one file, at most \(mostPublicTypes): one file each")]
    }

    /// Spelled in small letters so that a search for them finds only the real ones.
    private static let marks = ["todo", "fixme", "xxx", "hack"].map { $0.uppercased() }

    static let leftovers = Rule("nothing is left over") { (tree: [TreeFile]) in
        tree.flatMap { file in placeholders(file, in: tree) + unfinished(file) }
    }

    private static func placeholders(_ file: TreeFile, in tree: [TreeFile]) -> [Finding] {
        let isPlaceholder = [".gitkeep", "Placeholder.swift", "Module.swift"].contains(file.name)
        guard isPlaceholder, tree.contains(where: { $0.path != file.path && $0.isUnder([file.folder]) }) else {
            return []
        }
        return [file.finding("its folder has files now: delete it")]
    }

    private static func unfinished(_ file: TreeFile) -> [Finding] {
        guard file.isUnder(["Sources", "Tests", "Benchmarks", "scripts", ".ci", "config"]) else { return [] }
        guard marks.contains(where: file.text.contains) else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            let words = line.split(whereSeparator: { !$0.isLetter && $0 != "_" }).map(String.init)
            return marks.filter(words.contains).map {
                file.finding(line: index + 1, "\($0): finish it, or write an issue")
            }
        }
    }
}
