internal import Adapters
internal import Foundation

/// Where a command's answer and its messages go, and whether somebody looks at them on a terminal.
struct Console: Sendable {
    let output: OutputFile
    let messages: OutputFile
    /// Whether the answer is seen on a terminal that shows colours.
    let hasColours: Bool
    /// Whether messages are seen on a terminal, where a line of progress may be overwritten.
    let showsProgress: Bool

    init(
        output: OutputFile, messages: OutputFile, hasColours: Bool = false, showsProgress: Bool = false
    ) {
        self.output = output
        self.messages = messages
        self.hasColours = hasColours
        self.showsProgress = showsProgress
    }

    /// The process's own; `NO_COLOR` and a dumb terminal are respected.
    static func standard(_ variables: [String: String]) -> Console {
        let isPlain = !(variables["NO_COLOR"] ?? "").isEmpty || variables["TERM"] == "dumb"
        return Console(
            output: .standardOutput, messages: .standardError, hasColours: !isPlain && isatty(STDOUT_FILENO) == 1,
            showsProgress: !isPlain && isatty(STDERR_FILENO) == 1)
    }

    /// Styles for what is printed on the output.
    var ink: Ink { Ink(isOn: hasColours) }

    func write(_ text: String) async throws(OutputError) {
        try await output.write(text)
    }

    /// A message for people. One that cannot be written has nowhere to be told; the exit status says the rest.
    func say(_ text: String) async {
        do {
            try await messages.write(text + "\n")
        } catch {
            return
        }
    }

    /// A line of progress: overwritten by the next one on a terminal, not shown elsewhere.
    func progress(_ text: String) async {
        guard showsProgress else { return }
        do {
            try await messages.write("\r\u{1B}[2K" + text)
        } catch {
            return
        }
    }

    /// Takes the line of progress away.
    func endProgress() async {
        await progress("")
    }
}
