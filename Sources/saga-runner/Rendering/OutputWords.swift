internal import SagaEngine

/// What a saga ended with, a member a line; what is longer than a line is left to `--json`.
struct OutputWords {
    private static let lineLimit = 100

    let output: JSONValue

    var lines: [String] {
        guard let members = output.objectValue else { return [Self.short(output)] }
        let width = members.map(\.name.count).max() ?? 0
        return members.map { "\($0.name.padded(to: width))  \(Self.short($0.value))" }
    }

    private static func short(_ value: JSONValue) -> String {
        if let list = value.arrayValue, !list.isEmpty { return "\(list.count) entries (see --json)" }
        let text = value.stringValue ?? value.text()
        return text.count <= lineLimit ? text : text.prefix(lineLimit - 1) + "…"
    }
}
