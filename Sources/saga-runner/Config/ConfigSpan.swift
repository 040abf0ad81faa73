internal import SagaEngine

/// Lengths of time as people write them: a whole number and its unit, such as `500ms`, `5s`, `2m`, `1h`, `7d`.
enum ConfigSpan {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The span of a text; `nil` when it has no unit or is longer than a century.
    static func span(_ text: String) -> Span? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }), let count = Int64(digits)
        else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds <= 36_525 * 86_400_000 else { return nil }
        return Span(milliseconds: milliseconds)
    }

    /// The text of a span, in the largest unit that it is whole in.
    static func text(_ span: Span) -> String {
        let unit = units.last { span.milliseconds % $0.milliseconds == 0 && span.milliseconds >= $0.milliseconds }
        guard let unit else { return "\(span.milliseconds)ms" }
        return "\(span.milliseconds / unit.milliseconds)\(unit.name)"
    }
}
