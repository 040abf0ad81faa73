extension Rule {
    /// Folders that exist on one machine alone, written without slashes so that the table is not its own finding.
    private static let machineFolders = ["work", "root", "home", "Users"].map { "/\($0)/" }

    /// Words about how the text came to be; the repository speaks of the product alone.
    private static let making = [
        ["co-authored", "by"], ["generated", "with"], ["language", "model"], ["assistant", "said"], ["../", "shared"],
        ["my", "brief"], ["time", "box"], ["next", "session"], ["previous", "session"],
    ].flatMap { pair in
        pair[0] == "../" ? [pair.joined()] : [pair.joined(separator: " "), pair.joined(separator: "-")]
    }

    /// What may stand before a path.
    private static let separators: Set<Character> = [" ", "\"", "'", "`", "(", "=", ":", ",", "\t", "[", "<", ">"]

    static let origins = Rule("the repository speaks of the product alone") { (file: TreeFile) in
        guard !file.isUnder(["Tests/TidyTests"]) else { return [] }
        let lowered = file.text.lowercased()
        let isSuspect =
            machineFolders.contains(where: file.text.contains) || making.contains(where: lowered.contains)
            || lowered.contains("issue ") || lowered.contains("issues/")
        return isSuspect ? file.lines.enumerated().flatMap { origins(in: $1, line: $0 + 1, of: file) } : []
    }

    private static func origins(in line: Substring, line number: Int, of file: TreeFile) -> [Finding] {
        let lowered = line.lowercased()
        let folders = machineFolders.filter { startsPath($0, in: line) }.map { "'\($0)' exists on one machine only" }
        let words = making.filter(lowered.contains).map { "'\($0)' says how it was made" }
        let issue = namesIssue(lowered) ? ["it names an issue by number; say the reason itself"] : []
        return (folders + words + issue).map { file.finding(line: number, $0) }
    }

    /// Whether an absolute path begins with the folder; one that only has it in its middle, or a URL, does not.
    private static func startsPath(_ folder: String, in line: Substring) -> Bool {
        line.split(whereSeparator: separators.contains).contains { $0.hasPrefix(folder) }
    }

    private static func namesIssue(_ lowered: String) -> Bool {
        ["issue #", "issue ", "issues/"].contains { word in
            lowered.split(separator: word, omittingEmptySubsequences: false).dropFirst().contains {
                $0.first?.isNumber == true
            }
        }
    }
}
