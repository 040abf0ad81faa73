internal import SettlementFlows

/// What follows `allot` on the command line.
struct AllotOptions: Equatable {
    private(set) var offering = ""
    private(set) var subscriptions = ""
    private(set) var investors: String?
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
            case "--json":
                asJSON = true
            default:
                let (name, value) = try Self.option(argument, &rest)
                guard values.updateValue(value, forKey: name) == nil else { throw UsageError("\(name) is given twice") }
            }
        }
        guard let offering = values["--offering"] else { throw UsageError("--offering FILE is missing") }
        guard let subscriptions = values["--subscriptions"] else {
            throw UsageError("--subscriptions FILE is missing")
        }
        self.offering = offering
        self.subscriptions = subscriptions
        investors = values["--investors"]
    }

    /// The file that a part was read from.
    func path(of part: OfferingPart) -> String {
        switch part {
        case .investors: investors ?? part.rawValue
        case .subscriptions: subscriptions
        }
    }

    private static func option(
        _ argument: String, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> (name: String, value: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard ["--offering", "--subscriptions", "--investors"].contains(name) else {
            throw UsageError("\(name) is not an option of this command")
        }
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
            throw UsageError("\(name) needs a file")
        }
        return (name, value)
    }
}
