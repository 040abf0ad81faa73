/// One parameter of a statement, sent in binary; statements say its type by a cast (`$1::bigint[]`).
enum PostgresParameter: Sendable {
    case bigint(Int64)
    case text(String)
    case bytea([UInt8])
    case array(PostgresArray)
    /// What was encoded before.
    case encoded([UInt8])
    case null

    static func bigint(_ number: Int64?) -> PostgresParameter {
        if let number { .bigint(number) } else { .null }
    }

    static func text(_ text: String?) -> PostgresParameter {
        if let text { .text(text) } else { .null }
    }

    static func numbers(_ numbers: some Collection<Int64>) -> PostgresParameter { .array(PostgresArray(numbers)) }

    static func texts(_ texts: some Collection<String>) -> PostgresParameter { .array(PostgresArray(texts)) }

    /// Whether it is NULL, and nothing is sent.
    var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// How many bytes it is sent as.
    var encodedCount: Int {
        switch self {
        case .bigint: 8
        case .text(let text): text.utf8.count
        case .bytea(let bytes), .encoded(let bytes): bytes.count
        case .array(let array): array.encodedCount
        case .null: 0
        }
    }

    /// Writes the bytes to be sent.
    func encode(into bytes: inout [UInt8]) {
        switch self {
        case .bigint(let number): bytes.append(bigEndian: UInt64(bitPattern: number))
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .bytea(let content), .encoded(let content): bytes.append(contentsOf: content)
        case .array(let array): array.encode(into: &bytes)
        case .null: break
        }
    }

    /// The same, encoded.
    var asSent: PostgresParameter {
        guard !isNull else { return .null }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encodedCount)
        encode(into: &bytes)
        return .encoded(bytes)
    }
}
