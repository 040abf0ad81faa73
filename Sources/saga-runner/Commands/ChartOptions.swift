/// What follows `chart` on the command line.
struct ChartOptions: Equatable {
    /// What is printed or written.
    enum Target: Equatable {
        case chart(flow: String)
        case page(flow: String)
        case allPages(directory: String)
        case help
    }

    let target: Target
    let asJSON: Bool

    init(_ arguments: [String]) throws(UsageError) {
        var flow: String?
        var directory: String?
        var flags: Set<String> = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                (target, asJSON) = (.help, false)
                return
            case "--all", "--page", "--json": flags.insert(argument)
            case "--directory":
                guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
                    throw UsageError("--directory needs a folder")
                }
                directory = value
            case _ where argument.hasPrefix("-"): throw UsageError("\(argument) is not an option of this command")
            case _ where flow == nil: flow = argument
            case _: throw UsageError("one flow at a time: \(argument) is one too many")
            }
        }
        asJSON = flags.contains("--json")
        target = try Self.target(flow, directory, flags)
    }

    private static func target(
        _ flow: String?, _ directory: String?, _ flags: Set<String>
    ) throws(UsageError) -> Target {
        if flags.contains("--all") {
            guard flow == nil, flags == ["--all"] else { throw UsageError("--all takes --directory DIR and no more") }
            guard let directory else { throw UsageError("--all needs --directory DIR to write the pages to") }
            return .allPages(directory: directory)
        }
        guard directory == nil else { throw UsageError("--directory goes with --all") }
        guard let flow else { throw UsageError("FLOW is missing") }
        guard !flags.contains("--page") || !flags.contains("--json") else {
            throw UsageError("--page prints Markdown, --json prints JSON: choose one")
        }
        return flags.contains("--page") ? .page(flow: flow) : .chart(flow: flow)
    }
}
