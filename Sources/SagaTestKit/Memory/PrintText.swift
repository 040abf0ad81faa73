internal import SagaEngine

/// An operator's print as the JSON that its link in the audit chain is made of.
enum PrintText {
    static func json(of print: OperatorPrint) -> [UInt8] {
        var members: [String] = []
        func add(_ name: String, _ value: String) { members.append("\"\(name)\":\(quoted(value))") }
        // Names in byte order; what is absent is left out.
        add("action", print.action)
        add("actor", print.actor)
        add("detail", print.detail)
        add("outcome", print.outcome)
        add("reason", print.reason)
        add("role", print.role)
        if let saga = print.saga { add("saga", saga.rawValue) }
        if let version = print.version { members.append("\"version\":\(version)") }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}": quoted += "\\u00" + Hex.string(CollectionOfOne(UInt8(scalar.value)))
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
