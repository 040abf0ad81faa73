internal import SagaEngine

/// The record handler that laws write to the books with. A record's body is one word and its arguments.
///
/// `add KEY N` adds to a balance and writes a log line, `require KEY N` demands a balance, `violate` and `fail` do so.
struct LawLedger: RecordHandler {
    static let kind = "law.ledger"
    var kind: String { Self.kind }

    struct Failure: Error {}

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let words = String(decoding: record.body, as: UTF8.self).split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("add", 3):
            let sum = try balance(of: words[1], in: books) + (Int(words[2]) ?? 0)
            try books.set(Array(String(sum).utf8), for: words[1], in: "balance")
            try books.append(record.body, to: "postings", key: words[1], cause: cause)
        case ("require", 3):
            let seen = try balance(of: words[1], in: books)
            if seen != Int(words[2]) {
                throw RecordViolation(code: "law.differs", message: "\(words[1]) is \(seen), not \(words[2])")
            }
        case ("violate", 1):
            throw RecordViolation(code: "law.violated", message: "as asked")
        default:
            throw Failure()
        }
    }

    static func record(_ text: String, by saga: SagaID, at: Timestamp) -> CausedRecord {
        let cause = RecordCause(saga: saga, stage: StageName(rawValue: "post"), at: at)
        return CausedRecord(record: Record(kind: kind, body: Array(text.utf8)), cause: cause)
    }

    private func balance(of key: String, in books: any RecordTransaction) throws -> Int {
        guard let bytes = try books.value(of: key, in: "balance") else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self)) ?? 0
    }
}
