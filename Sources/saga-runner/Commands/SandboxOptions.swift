internal import Adapters

/// What follows `sandbox` on the command line.
struct SandboxOptions: Equatable {
    private static let names = [
        "--port", "--faults", "--seed", "--offering", "--callback", "--secret-file", "--journal", "--completion-ms",
        "--quiet-ms",
    ]

    private(set) var port: UInt16 = 0
    private(set) var faults: String?
    private(set) var seed: UInt64?
    private(set) var offerings: [String] = []
    private(set) var callback: String?
    private(set) var secretFile: String?
    private(set) var journal: String?
    private(set) var completion: Int64 = 50
    private(set) var quiet: Int64 = 5_000
    private(set) var asJSON = false
    private(set) var wantsHelp = false

    init(_ arguments: [String]) throws(UsageError) {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                wantsHelp = true
                return
            case "--json": asJSON = true
            default:
                let (name, value) = try Self.option(argument, &rest)
                if name == "--offering" {
                    offerings.append(value)
                } else if values.updateValue(value, forKey: name) != nil {
                    throw UsageError("\(name) is given twice")
                }
            }
        }
        guard values["--port"] != nil else { throw UsageError("--port N is missing; 0 lets the system choose") }
        try take(values)
    }

    private mutating func take(_ values: [String: String]) throws(UsageError) {
        port = try Self.number("--port", values, UInt16.self, "from 0 to 65535") ?? 0
        seed = try Self.number("--seed", values, UInt64.self, "from 0")
        completion = try Self.number("--completion-ms", values, UInt32.self, "of milliseconds").map(Int64.init) ?? 50
        quiet = try Self.number("--quiet-ms", values, UInt32.self, "of milliseconds").map(Int64.init) ?? 5_000
        faults = values["--faults"]
        callback = values["--callback"]
        secretFile = values["--secret-file"]
        journal = values["--journal"]
        if let callback, !callback.hasPrefix("http://127.0.0.1:") {
            throw UsageError("--callback must be on loopback: http://127.0.0.1:PORT/webhooks")
        }
        if callback != nil, secretFile == nil { throw UsageError("--callback needs --secret-file FILE to sign with") }
    }

    private static func number<Number: FixedWidthInteger>(
        _ name: String, _ values: [String: String], _ type: Number.Type, _ range: String
    ) throws(UsageError) -> Number? {
        guard let text = values[name] else { return nil }
        guard let number = Number(text) else { throw UsageError("\(name) must be a whole number \(range)") }
        return number
    }

    private static func option(
        _ argument: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (name: String, value: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard names.contains(name) else {
            let hint = Suggestion.hint(for: name, among: names + ["--json"])
            throw UsageError("\(name) is not an option of this command\(hint)")
        }
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
            throw UsageError("\(name) needs a value")
        }
        return (name, value)
    }
}
