internal import Adapters
internal import SagaEngine

/// A command's failure as the API's own error document, for whoever reads the output with a program.
enum FailureDocument {
    /// The document, with the line end behind it; `nil` for what has had its document already.
    static func text(_ error: any Error) -> String? {
        switch error {
        case is CommandStatus, is LateFailure: nil
        case let usage as UsageError: text(CommandFailure(.wrongUsage, "\(usage)"))
        case let failure as CommandFailure: text(failure)
        case let fault as ConfigFault: text(fault)
        default: text(CommandFailure(.failed, "\(error)"))
        }
    }

    /// Writes the document where `--json` is among the arguments; one that cannot be written has nowhere to be told.
    static func write(_ error: any Error, for arguments: [String], to output: OutputFile) async {
        guard arguments.contains(CommandOption.json.name), let text = text(error) else { return }
        do {
            try await output.write(text)
        } catch {
            return
        }
    }

    private static func text(_ failure: CommandFailure) -> String {
        document(
            failure.code ?? code(of: failure.status), failure.description, failure.details,
            requestID: failure.requestID)
    }

    private static func text(_ fault: ConfigFault) -> String {
        document("config.invalid", "\(fault)", .fields(("mistakes", .array(fault.mistakes.map(\.json)))))
    }

    private static func document(
        _ code: String, _ message: String, _ details: JSONValue?, requestID: String? = nil
    ) -> String {
        let error = JSONValue.fields(
            ("code", .string(code)), ("message", .string(message)), ("details", details),
            ("request_id", requestID.map { .string($0) }))
        return JSONValue.fields(("error", error)).text() + "\n"
    }

    /// The code of a failure that no daemon has given one.
    private static func code(of status: CommandStatus) -> String {
        switch status {
        case .done, .failed: "command.failed"
        case .wrongUsage: "command.usage"
        case .notFound: "command.not_found"
        case .refused: "command.refused"
        }
    }
}

/// A failure after the command has printed its one document.
struct LateFailure: Error, CustomStringConvertible {
    let error: any Error

    var description: String { "\(error)" }
}

extension ConfigMistake {
    /// The mistake for a program.
    fileprivate var json: JSONValue {
        .fields(("path", .string(path)), ("wrong", .string(wrong)), ("remedy", .string(remedy)))
    }
}
