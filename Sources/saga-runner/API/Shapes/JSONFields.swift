internal import SagaEngine

extension JSONValue {
    /// An object of the fields that have a value.
    static func fields(_ fields: (String, JSONValue?)...) -> JSONValue {
        .object(fields.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// A whole number.
    static func count(_ number: some FixedWidthInteger) -> JSONValue { .number(JSONNumber(number)) }

    /// The members of this object with further ones behind them.
    func adding(members: [Member]) -> JSONValue { .object((objectValue ?? []) + members) }

    /// A moment as RFC 3339.
    static func time(_ moment: Timestamp) -> JSONValue { .string(moment.rfc3339) }

    /// The members of this object with further ones behind them.
    func adding(_ fields: (String, JSONValue?)...) -> JSONValue {
        .object((objectValue ?? []) + fields.compactMap { name, value in value.map { Member(name, $0) } })
    }
}
