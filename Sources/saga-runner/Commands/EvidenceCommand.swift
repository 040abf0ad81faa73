internal import Adapters
internal import SagaEngine

/// `saga-runner evidence`: a document that was brought with a resolution, as it was kept.
enum EvidenceCommand {
    static let command = Command.declared(
        "evidence", .look, "Gets a document that was brought as evidence", operands: ["DIGEST"],
        options: [.value("--to", "FILE", "where to write it; only you may read it there"), .config],
        details: """
            DIGEST is the document's SHA-256, with or without sha256: before it, as prints shows it with the resolution.
            What comes is compared with it. With --json the document is printed in base64 instead. Needs the role
            operator.
            """,
        examples: [
            "saga-runner evidence 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --to statement.pdf"
        ]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let digest = try digest(invocation.operands[0])
        guard invocation["--to"] != nil || invocation.wantsJSON else { throw UsageError("give --to FILE or --json") }
        let (name, content) = try await Door.find(invocation).daemon().document(APIPath("evidence", digest))
        let found = SHA256Digest().hex(content)
        guard found == digest else {
            throw CommandFailure(.failed, "what came is not the document: its SHA-256 is \(found)")
        }
        if let path = invocation["--to"] {
            try await NewFile(path: path).write(content)
        }
        let console = invocation.console
        if invocation.wantsJSON {
            let data = JSONValue.fields(
                ("digest", .string(digest)), ("name", .string(name)), ("bytes", .count(content.count)),
                ("content_base64", invocation["--to"] == nil ? .string(Base64.encode(content)) : nil))
            try await console.write(Answer(data: data).document)
        } else if let path = invocation["--to"] {
            try await console.write("\(PlainText.escaping(name)): \(content.count) bytes, now in \(path)\n")
        }
    }

    private static func digest(_ text: String) throws(UsageError) -> String {
        let prefix = "sha256:"
        let digits = (text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text).lowercased()
        guard digits.utf8.count == 64, digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            throw UsageError("'\(text)' is no SHA-256: 64 hexadecimal digits")
        }
        return digits
    }
}
