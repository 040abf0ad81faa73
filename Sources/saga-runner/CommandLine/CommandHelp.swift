/// The help text of a declared command.
struct CommandHelp {
    private static let width = 100

    let command: Command
    let declaration: Command.Declaration

    var text: String {
        var text = usage + "\n\n" + command.summary + ".\n"
        if !declaration.details.isEmpty { text += "\n" + declaration.details + "\n" }
        text += "\n" + options + "\n" + status + "\n"
        text += declaration.examples.count == 1 ? "\nExample:\n" : "\nExamples:\n"
        for example in declaration.examples { text += "  " + example + "\n" }
        return text + "\n"
    }

    private var usage: String {
        let words =
            declaration.operands
            + declaration.options.filter { $0 != .help }.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
        let head = "Usage: saga-runner \(command.name)"
        var lines = [head]
        for word in words {
            if lines[lines.count - 1].count + word.count + 1 > Self.width { lines.append("      ") }
            lines[lines.count - 1] += " " + word
        }
        return lines.joined(separator: "\n")
    }

    private var options: String {
        let width = (declaration.options.map(\.usage.count).max() ?? 0) + 2
        return declaration.options.map { option in
            var line = "  " + option.usage.padded(to: width) + option.summary
            if !option.choices.isEmpty { line += ": " + option.choices.joined(separator: ", ") }
            return line + "\n"
        }.joined()
    }

    private var status: String {
        "Exit status: " + CommandStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ") + "."
    }
}

extension String {
    /// The text with spaces after it until it is `width` characters wide.
    func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }

    /// The text with spaces before it until it is `width` characters wide.
    func rightAligned(to width: Int) -> String {
        count >= width ? self : String(repeating: " ", count: width - count) + self
    }
}
