/// One text file of the repository, as the rules see it.
struct TreeFile: Sendable {
    /// The path from the repository's root, with forward slashes.
    let path: String
    let text: String
    let isExecutable: Bool
    /// The Swift tokens of the file; empty for any other language.
    let tokens: [SwiftToken]

    init(_ path: String, _ text: String, isExecutable: Bool = false) {
        self.path = path
        self.text = text
        self.isExecutable = isExecutable
        tokens = path.hasSuffix(".swift") ? SwiftLexer.tokens(of: text) : []
    }

    var name: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The folder the file lies in, without a slash at its end; empty at the root.
    var folder: String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    var lines: [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    func isUnder(_ folders: [String]) -> Bool {
        folders.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    func finding(line: Int = 1, _ message: String) -> Finding {
        Finding(path: path, line: line, message: message)
    }
}
