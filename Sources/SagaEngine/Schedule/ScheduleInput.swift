/// What a scheduled flow is started with: JSON whose texts may name the moment.
///
/// In a text `{date}` stands for the local date of the moment (`2026-11-30`) and `{moment}` for when it is due, in UTC
/// (`2026-11-30T14:00:00.000Z`). So the same moment always has the same input.
public struct ScheduleInput: Hashable, Sendable {
    /// The JSON as it was written.
    public let template: JSONValue

    /// Takes JSON as it is.
    public init(_ template: JSONValue) {
        self.template = template
    }

    /// The input for a moment.
    public func bytes(at moment: ScheduledMoment) -> [UInt8] {
        Self.filled(template, date: moment.date, moment: moment.at.rfc3339).bytes()
    }

    private static func filled(_ value: JSONValue, date: String, moment: String) -> JSONValue {
        switch value {
        case .string(let text):
            .string(text.replacing("{date}", with: date).replacing("{moment}", with: moment))
        case .array(let elements): .array(elements.map { filled($0, date: date, moment: moment) })
        case .object(let members):
            .object(members.map { .init($0.name, filled($0.value, date: date, moment: moment)) })
        case .null, .bool, .number: value
        }
    }
}
