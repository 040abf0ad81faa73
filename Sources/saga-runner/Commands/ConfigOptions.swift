internal import Adapters

/// A command line of `--config FILE` and a few switches.
struct ConfigOptions: Equatable {
    /// The configuration's path.
    private(set) var config = ""
    /// Whether help is asked for; nothing else is read then.
    private(set) var wantsHelp = false
    private var given: Set<String> = []

    /// Reads a command line.
    ///
    /// - Parameters:
    ///   - arguments: what follows the command's words.
    ///   - flags: the switches it knows.
    /// - Throws: ``UsageError`` for what it does not know, and when there is no configuration at all.
    init(_ arguments: [String], flags: [String]) throws(UsageError) {
        var option: String?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
                return
            }
            if flags.contains(argument) {
                given.insert(argument)
            } else if argument == "--config" {
                guard option == nil, let value = rest.popFirst(), !value.isEmpty else {
                    throw UsageError("--config needs one FILE")
                }
                option = value
            } else if argument.hasPrefix("--config="), option == nil {
                option = String(argument.dropFirst("--config=".count))
            } else {
                let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
                let hint = Suggestion.hint(for: name, among: flags + ["--config"])
                throw UsageError("\(argument) is not an option of this command\(hint)")
            }
        }
        config = try ConfigPath.find(option: option)
    }

    /// Whether a switch is given.
    func has(_ flag: String) -> Bool { given.contains(flag) }
}
