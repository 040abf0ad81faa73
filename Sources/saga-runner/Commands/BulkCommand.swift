internal import SagaEngine

/// An action over every saga that matches: first the exact set and its value, then the outcome of each.
struct BulkCommand {
    let name: String
    let terms: String
    /// What the action itself needs to know.
    let members: [JSONValue.Member]

    func run(_ invocation: Invocation) async throws {
        if invocation.has("--dry-run") {
            // What was done to the set that is named, and what is only looked at, must not look alike.
            guard !invocation.has("--set") else {
                throw UsageError("--dry-run shows what matches now, --set acts on what was shown: give one of them")
            }
            try await look(invocation)
        } else if let set = invocation["--set"] {
            try await act(on: set, invocation)
        } else {
            throw UsageError("look first: \(name) --where \(terms.shellQuoted) --dry-run; then give its --set")
        }
    }

    private func body(_ more: [JSONValue.Member]) -> JSONValue {
        .object([.init("action", .string(name)), .init("where", .string(terms))] + more)
    }

    private func look(_ invocation: Invocation) async throws {
        let daemon = try await Door.find(invocation).daemon()
        let answer = try await daemon.post(APIPath("sagas", "bulk"), body([.init("dry_run", true)]))
        guard !invocation.wantsJSON else { return try await invocation.console.write(answer.document) }
        let ink = invocation.console.ink
        let words = StatusWords(ink: ink)
        var text = ""
        for saga in answer.data.list("sagas") {
            text += words.status(saga.text("status"), width: 14) + saga.text("id")
            text += "  version \(saga.integer("version")), exposed \(StatusWords.exposures(saga.list("exposures")))"
            if let refused = saga["refused"]?.stringValue { text += "  " + ink.red("refused: \(refused)") }
            text += "\n"
        }
        let count = answer.data.integer("count")
        let refused = answer.data.list("sagas").count { $0["refused"]?.stringValue != nil }
        text += ink.bold("\(count) \(count == 1 ? "saga" : "sagas"), exposed: ")
        text += StatusWords.exposures(answer.data.list("exposures")) + "\n"
        if refused > 0 { text += "\(name) would be refused for \(refused) of them\n" }
        if count > refused {
            let set = answer.data.text("set")
            text += "to do it: saga-runner \(name) --where \(terms.shellQuoted) --set \(set) --reason TEXT\n"
        }
        try await invocation.console.write(text)
    }

    private func act(on set: String, _ invocation: Invocation) async throws {
        let reason = try invocation.required("--reason")
        let daemon = try await Door.find(invocation).daemon()
        let more: [JSONValue.Member] =
            [.init("dry_run", false), .init("set", .string(set)), .init("reason", .string(reason))] + members
        let answer = try await daemon.post(
            APIPath("sagas", "bulk"), body(more), timeout: DaemonClient.longTimeout)
        let refused = answer.data.integer("refused")
        if invocation.wantsJSON {
            try await invocation.console.write(answer.document)
        } else {
            try await invocation.console.write(outcomes(answer.data, invocation.console.ink))
        }
        if refused > 0 { throw CommandStatus.refused }
    }

    private func outcomes(_ data: JSONValue, _ ink: Ink) -> String {
        var text = ""
        for outcome in data.list("outcomes") {
            let isDone = outcome.text("outcome") == "done"
            text += isDone ? ink.green("done     ") : ink.red("refused  ")
            text += outcome.text("id")
            if !isDone { text += "  \(outcome.text("outcome")): \(outcome.text("message"))" }
            text += "\n"
        }
        text += "\(data.integer("done")) done, \(data.integer("refused")) refused\n"
        guard data.integer("done") > 0 else { return text }
        return text + "of each that is done: \(ActionWords.sentence(name))\n"
    }
}
