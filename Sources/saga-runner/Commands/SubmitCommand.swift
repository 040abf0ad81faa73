internal import Adapters
internal import SagaEngine

/// `saga-runner submit`: starts a saga of any flow; its id comes from its input.
enum SubmitCommand {
    private static let inputLimit = 1 << 20

    static let command = Command.declared(
        "submit", .start, "Starts a saga of any flow that may be started by hand", operands: ["FLOW"],
        options: [.required("--input", "FILE", "the flow's input (JSON)"), .config],
        details: """
            The flow derives the saga's id from its input: the same input again answers with the saga that exists (0),
            other content under the same id is refused (4). Prints the saga's id and waits for nothing.
            """,
        examples: ["saga-runner submit offering-settlement --input settlement.json"]
    ) { try await run($0) }

    private static func run(_ invocation: Invocation) async throws {
        let path = try invocation.required("--input")
        let bytes = try await FileReader(path: path).all(limit: inputLimit)
        let input: JSONValue
        do throws(CodecError) {
            input = try JSONValue.parse(bytes)
        } catch {
            throw CommandFailure(.failed, "\(path), byte \(error.offset): it is no JSON: \(error.code.meaning)")
        }
        let daemon = try await Door.find(invocation).daemon()
        let answer: Answer
        do {
            answer = try await daemon.post(
                APIPath("sagas"), ["flow": .string(invocation.operands[0]), "input": input])
        } catch let failure as CommandFailure where failure.code == "request.invalid" {
            throw failure.about(path)
        }
        let saga = answer.data.text("saga")
        try await invocation.console.write(invocation.wantsJSON ? answer.document : saga + "\n")
        if answer.data["created"]?.boolValue == false {
            try await Resubmission.tell(of: saga, at: daemon, to: invocation.console)
        }
    }
}
