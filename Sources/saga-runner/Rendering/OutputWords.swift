internal import SagaEngine

/// What a saga ended with, a member a line, in words; what is longer than a line is left to `--json`.
struct OutputWords {
    private static let lineLimit = 100

    let output: JSONValue

    var lines: [String] {
        guard let members = output.objectValue else { return [Self.short(output)] }
        let width = members.map(\.name.count).max() ?? 0
        return members.map { "\($0.name.padded(to: width))  \(Self.short($0.value))" }
    }

    private static func short(_ value: JSONValue) -> String {
        let text = words(value)
        return text.count <= lineLimit ? text : text.prefix(lineLimit - 1) + "…"
    }

    private static func words(_ value: JSONValue) -> String {
        if value.isNull { return "none" }
        if let list = value.arrayValue { return words(list) }
        guard let members = value.objectValue else { return value.shown ?? PlainText.escaping(value.text()) }
        let (amount, currency) = (value["amount"]?.shown, value["currency"]?.shown)
        if members.count == 2, let amount, let currency {
            return "\(amount) \(currency)"
        }
        return members.map { "\($0.name) \(words($0.value))" }.joined(separator: ", ")
    }

    /// A list by its length; of figures that are compared, whether they agree.
    private static func words(_ list: [JSONValue]) -> String {
        guard !list.isEmpty else { return "none" }
        let compared = list.filter { $0["expected"] != nil && $0["actual"] != nil }
        guard compared.count == list.count else {
            return "\(list.count) \(list.count == 1 ? "entry" : "entries") (see --json)"
        }
        let different = compared.count { $0["expected"] != $0["actual"] }
        return "\(list.count), " + (different == 0 ? "all agree" : "\(different) do not agree") + " (see --json)"
    }
}
