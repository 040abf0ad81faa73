internal import Adapters
internal import SagaEngine

/// Who may speak to the daemon: names, roles and the digests of tokens. The tokens themselves are nowhere.
struct TokenBook: Sendable {
    /// What a line must look like.
    static let form = "write: NAME viewer|operator|admin SHA256-OF-TOKEN (64 hexadecimal digits)"
    /// The most tokens.
    static let limit = 1_000
    /// The longest token that is looked at, in bytes.
    static let longestToken = 512

    private struct Entry: Sendable {
        let actor: Operator
        let digest: [UInt8]
    }

    private var entries: [Entry] = []

    /// Whether nobody may speak to the daemon.
    var isEmpty: Bool { entries.isEmpty }

    /// Nobody.
    init() {}

    /// Reads a token file: `name role sha256-of-token` a line; empty lines and those that begin with `#` are skipped.
    ///
    /// - Returns: the book, and what is wrong in which line.
    static func read(_ text: String) -> (book: TokenBook, faults: [String]) {
        var book = TokenBook()
        var faults: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split { $0.isWhitespace }.map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 3, let role = Operator.Role(rawValue: words[1]), words[2].utf8.count == 64,
                let digest = Adapters.Hex.decode(words[2]), first.utf8.count <= 64
            else {
                faults.append("line \(index + 1) is no token line")
                continue
            }
            if let unseen = PlainText.unseen(in: first) {
                faults.append("line \(index + 1) has a name with \(unseen), which is not seen or turns the text")
                continue
            }
            guard !book.entries.contains(where: { $0.actor.name.isSameBytes(as: first) && $0.actor.role != role })
            else {
                faults.append("line \(index + 1) gives \(first) another role than a line above it")
                continue
            }
            guard !book.entries.contains(where: { $0.digest == digest }) else {
                faults.append("line \(index + 1) has the token of another line")
                continue
            }
            book.entries.append(Entry(actor: Operator(name: first, role: role), digest: digest))
        }
        if book.entries.count > limit { faults.append("there are more than \(limit) tokens") }
        return (book, faults)
    }

    /// Who a token belongs to. Every entry is compared, in constant time, so that time tells nothing.
    func actor(for token: String) -> Operator? {
        guard token.utf8.count <= Self.longestToken else { return nil }
        let digest = SHA256Digest.hash(token)
        var found: Operator?
        for entry in entries where ConstantTime.equals(entry.digest, digest) { found = entry.actor }
        return found
    }
}
