internal import Foundation

@main
struct SagaRunner {
    static func main() async {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await CommandTable.all.run(arguments, in: .process))
    }
}
