internal import Adapters

/// Reads what follows a command's words against its declaration.
struct CommandParser {
    /// The most words on one command line.
    static let argumentLimit = 256

    let command: Command
    let declaration: Command.Declaration
    private var operands: [String] = []
    private var values: [String: String] = [:]

    init(_ command: Command, _ declaration: Command.Declaration) {
        self.command = command
        self.declaration = declaration
    }

    /// The checked invocation, or nil when help is asked for.
    mutating func parse(
        _ arguments: [String], in environment: CommandEnvironment
    ) throws(UsageError) -> Invocation? {
        guard arguments.count <= Self.argumentLimit else {
            throw UsageError("more than \(Self.argumentLimit) arguments")
        }
        var rest = arguments[...]
        var onlyOperands = false
        while let argument = rest.popFirst() {
            if onlyOperands || !argument.hasPrefix("-") || argument == "-" {
                operands.append(argument)
            } else if argument == "--" {
                onlyOperands = true
            } else if argument == "-h" || argument == CommandOption.help.name {
                return nil
            } else {
                try takeOption(argument, &rest)
            }
        }
        try check()
        return Invocation(command: command, operands: operands, values: values, environment: environment)
    }

    private mutating func takeOption(_ argument: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard let option = declaration.options.first(where: { $0.name == name }) else {
            let hint = Suggestion.hint(for: name, among: declaration.options.map(\.name))
            throw UsageError("\(name) is not an option of '\(command.name)'\(hint)")
        }
        guard values[name] == nil else { throw UsageError("\(name) is given twice") }
        guard let meaning = option.value else {
            guard parts.count == 1 else { throw UsageError("\(name) takes no value") }
            values[name] = ""
            return
        }
        let next = parts.count == 2 ? parts[1] : rest.popFirst()
        guard let value = next, !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
            throw UsageError("\(name) needs a value: \(name) \(meaning)")
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            let hint = Suggestion.hint(for: value, among: option.choices)
            throw UsageError(
                "\(name) must be one of \(option.choices.joined(separator: ", ")), not \(value)\(hint)")
        }
        values[name] = value
    }

    private func check() throws(UsageError) {
        let needed = declaration.operands.filter { !$0.hasPrefix("[") }
        if operands.count < needed.count { throw UsageError("\(needed[operands.count]) is missing") }
        if operands.count > declaration.operands.count {
            throw UsageError("'\(operands[declaration.operands.count])' is one argument too many")
        }
        for option in declaration.options where option.isRequired && values[option.name] == nil {
            throw UsageError("\(option.usage) is missing")
        }
    }
}
