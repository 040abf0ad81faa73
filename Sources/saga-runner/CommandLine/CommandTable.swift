internal import Adapters

/// All commands: finds the one that is meant, checks its arguments, runs it, and turns the outcome into a status.
struct CommandTable: Sendable {
    let commands: [Command]

    /// Runs the command with what follows the program's name, and answers with the exit status.
    func run(_ arguments: [String], in environment: CommandEnvironment) async -> Int32 {
        do {
            return try await dispatch(arguments, in: environment)
        } catch {
            await FailureDocument.write(error, for: arguments, to: environment.console.output)
            return await tell(error, of: arguments, environment.console)
        }
    }

    /// Says on standard error why the command did not do what it was asked for; answers with its status.
    private func tell(_ error: any Error, of arguments: [String], _ console: Console) async -> Int32 {
        switch error {
        case let error as UsageError:
            await console.say("saga-runner: \(error)\nTry: saga-runner \(topic(of: arguments))--help")
            return CommandStatus.wrongUsage.rawValue
        case let failure as CommandFailure:
            await console.say("saga-runner \(topic(of: arguments))".trimmedEnd + ": \(failure)")
            return failure.status.rawValue
        case let status as CommandStatus: return status.rawValue
        case let error:
            await console.say("saga-runner \(topic(of: arguments))".trimmedEnd + ": \(error)")
            return CommandStatus.failed.rawValue
        }
    }

    /// The command whose words the arguments begin with.
    func command(for arguments: [String]) -> Command? {
        commands.filter { arguments.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
    }

    private func dispatch(_ arguments: [String], in environment: CommandEnvironment) async throws -> Int32 {
        guard let first = arguments.first, !["help", "--help", "-h"].contains(first) else {
            try await help(arguments, in: environment)
            return CommandStatus.done.rawValue
        }
        guard let command = command(for: arguments) else { return try await groupHelp(arguments, in: environment) }
        let rest = Array(arguments.dropFirst(command.words.count))
        switch command.body {
        case .own(let help, let run):
            guard rest.contains("--help") || rest.contains("-h") else { return await run(rest) }
            try await environment.console.write(help)
        case .declared(let declaration):
            var parser = CommandParser(command, declaration)
            if let invocation = try parser.parse(rest, in: environment) {
                try await declaration.action(invocation)
            } else {
                try await environment.console.write(command.help)
            }
        }
        return CommandStatus.done.rawValue
    }

    /// `saga-runner`, `saga-runner help`, `saga-runner help notices list`.
    private func help(_ arguments: [String], in environment: CommandEnvironment) async throws {
        let topic = Array(arguments.dropFirst())
        if topic.isEmpty {
            try await environment.console.write(CommandOverview(table: self, ink: environment.console.ink).text)
        } else if let command = command(for: topic) {
            try await environment.console.write(command.help)
        } else {
            throw unknown(topic[0])
        }
    }

    /// `saga-runner notices`: the first word of several commands alone, or followed by none of them.
    private func groupHelp(_ arguments: [String], in environment: CommandEnvironment) async throws -> Int32 {
        let members = commands.filter { $0.words.first == arguments[0] }
        guard !members.isEmpty else { throw unknown(arguments[0]) }
        let next = arguments.dropFirst().first
        guard let next, next != "--help", next != "-h" else {
            try await environment.console.write(
                CommandOverview(table: self, ink: environment.console.ink).list(members))
            return (next == nil ? CommandStatus.wrongUsage : .done).rawValue
        }
        let hint = Suggestion.hint(for: next, among: members.compactMap { $0.words.dropFirst().first })
        throw UsageError("'\(arguments[0]) \(next)' is not a command\(hint)")
    }

    private func unknown(_ word: String) -> UsageError {
        var seen: Set<String> = []
        let names = commands.compactMap(\.words.first).filter { seen.insert($0).inserted }
        return UsageError("'\(word)' is not a command\(Suggestion.hint(for: word, among: names))")
    }

    private func topic(of arguments: [String]) -> String {
        command(for: arguments).map { $0.name + " " } ?? ""
    }
}

extension String {
    /// The text without spaces at its end.
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
