/// The text of a table's statement as PostgreSQL takes it: `$1` for `?` or `?1`, each with the type of its value.
enum PostgresTableText {
    /// A name for the statement: the same text with values of other types is another statement.
    static func name(of sql: String, _ values: [TableValue]) -> String {
        values.contains(.null) ? sql + values.map { "\u{1F}" + ($0.cast ?? "") }.joined() : sql
    }

    /// Puts numbers and types where the parameters are; a question mark is nothing else in a table's statement.
    static func numbered(_ sql: String, _ values: [TableValue]) -> String {
        var text = ""
        var rest = sql[...]
        var next = 1
        while let mark = rest.firstIndex(of: "?") {
            text += rest[..<mark]
            rest = rest[rest.index(after: mark)...]
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let number = Int(digits) ?? next
            next = number + 1
            precondition(values.indices.contains(number - 1), "a parameter of the statement has no value")
            text += "$\(number)" + (values[number - 1].cast ?? "")
        }
        return text + rest
    }
}

extension TableValue {
    /// How its type is said; what is NULL has the type of its place.
    fileprivate var cast: String? {
        switch self {
        case .null: nil
        case .integer: "::bigint"
        case .text: "::text"
        case .blob: "::bytea"
        }
    }
}
