/// One parameter of a statement, sent in binary; statements say its type by a cast (`$1::bigint[]`).
enum PostgresParameter {
    case bigint(Int64)
    case text(String)
    case bytea([UInt8])
    case array(PostgresArray)
    case null

    static func bigint(_ number: Int64?) -> PostgresParameter {
        if let number { .bigint(number) } else { .null }
    }

    static func text(_ text: String?) -> PostgresParameter {
        if let text { .text(text) } else { .null }
    }

    static func numbers(_ numbers: some Collection<Int64>) -> PostgresParameter { .array(PostgresArray(numbers)) }

    static func texts(_ texts: some Collection<String>) -> PostgresParameter { .array(PostgresArray(texts)) }

    /// The bytes to be sent; `nil` for NULL.
    var encoded: [UInt8]? {
        switch self {
        case .bigint(let number):
            var bytes: [UInt8] = []
            bytes.append(bigEndian: UInt64(bitPattern: number))
            return bytes
        case .text(let text): return Array(text.utf8)
        case .bytea(let bytes): return bytes
        case .array(let array): return array.encoded
        case .null: return nil
        }
    }
}
