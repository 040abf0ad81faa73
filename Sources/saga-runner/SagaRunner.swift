internal import Foundation

@main
struct SagaRunner {
    static func main() async {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        var arguments = CommandLine.arguments.dropFirst()
        switch arguments.popFirst() {
        case "allot"?:
            exit(await AllotCommand.run(arguments: Array(arguments)))
        case "chart"?:
            exit(await ChartCommand.run(arguments: Array(arguments)))
        case "sandbox"?:
            exit(await SandboxCommand.run(arguments: Array(arguments)))
        case let command:
            FileHandle.standardError.write(Data("saga-runner: \(command ?? "no command") is not a command\n".utf8))
            exit(2)
        }
    }
}
