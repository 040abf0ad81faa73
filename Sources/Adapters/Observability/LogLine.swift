public import SagaEngine

/// One thing that happened, as a name and a few fields; never a payload, an account, a name or a secret.
public struct LogLine: Sendable, Equatable {
    /// The event's name, of the table in `docs/reference/logging.md`.
    public let event: String
    /// How much it matters.
    public let level: LogLevel
    /// The fields in the order they are written.
    public let fields: [JSONValue.Member]

    /// The longest text a field carries, in bytes; more is cut.
    public static let longestText = 512

    /// Describes an event.
    public init(_ event: String, _ level: LogLevel, _ fields: [JSONValue.Member] = []) {
        self.event = event
        self.level = level
        self.fields = fields
    }

    /// One line of JSON, without its newline.
    func json(at now: Timestamp) -> String {
        var members: [JSONValue.Member] = [
            .init("at", .string(now.rfc3339)), .init("level", .string(level.rawValue)), .init("event", .string(event)),
        ]
        for field in fields { members.append(.init(field.name, Self.bounded(field.value))) }
        return JSONValue.object(members).text()
    }

    /// One line for a person, without its newline.
    func human(at now: Timestamp) -> String {
        let time = now.rfc3339.dropFirst(11).dropLast(1)
        let level = self.level.rawValue.uppercased()
        let padded = level + String(repeating: " ", count: max(0, 7 - level.count))
        let fields = self.fields.map { field in
            let value = Self.bounded(field.value)
            return "\(field.name)=\(value.stringValue ?? value.text())"
        }
        let text = ([String(time), padded, event] + fields).joined(separator: " ")
        // A value that came from outside must not write lines of its own or paint the terminal.
        return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    private static func bounded(_ value: JSONValue) -> JSONValue {
        guard case .string(let text) = value, text.utf8.count > longestText else { return value }
        return .string(String(decoding: text.utf8.prefix(longestText), as: UTF8.self) + "…")
    }
}
