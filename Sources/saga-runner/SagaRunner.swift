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
        case "sandbox"?:
            exit(await SandboxCommand.run(arguments: Array(arguments)))
        case "serve"?:
            exit(await ServeCommand.run(arguments: Array(arguments)))
        case "migrate"?:
            exit(await MigrateCommand.run(arguments: Array(arguments)))
        case "version"?:
            exit(await VersionCommand.run(arguments: Array(arguments)))
        case "config"? where arguments.first == "check":
            exit(await ConfigCommand.run(arguments: Array(arguments.dropFirst())))
        case let command:
            FileHandle.standardError.write(Data("saga-runner: \(command ?? "no command") is not a command\n".utf8))
            exit(2)
        }
    }
}
