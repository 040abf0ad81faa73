/// A command line that has been read and checked against its command.
struct Invocation: Sendable {
    let command: Command
    /// What is neither an option nor a value, in order.
    let operands: [String]
    let environment: CommandEnvironment
    private let values: [String: String]

    init(command: Command, operands: [String], values: [String: String], environment: CommandEnvironment) {
        self.command = command
        self.operands = operands
        self.values = values
        self.environment = environment
    }

    var console: Console { environment.console }

    /// Whether the answer is to be one JSON document.
    var wantsJSON: Bool { has(CommandOption.json.name) }

    /// The value of an option, if it is given.
    subscript(option: String) -> String? { values[option] }

    /// Whether an option is given.
    func has(_ option: String) -> Bool { values[option] != nil }

    /// The value of a required option.
    func required(_ option: String) throws(UsageError) -> String {
        guard let value = values[option] else { throw UsageError("\(option) is missing") }
        return value
    }

    /// The value of an option that is a whole number.
    func integer(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = values[option] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError("\(option) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
