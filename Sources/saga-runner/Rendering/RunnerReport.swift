internal import SagaEngine

/// Words for `saga-runner runners`.
struct RunnerReport {
    let ink: Ink
    let moments: Moments

    /// One daemon in a line.
    func line(_ runner: JSONValue) -> String {
        let held = runner.integer("held")
        let isAlive = runner["alive"]?.boolValue == true
        let silence = ConfigSpan.text(.seconds(runner.integer("silent_ms") / 1_000))
        let standing =
            isAlive
            ? ink.green("alive") + ", holds \(held) \(held == 1 ? "saga" : "sagas")"
            : ink.red("gone") + ", no sign of life for \(silence)"
                + (held == 0 ? "" : "; \(held) \(held == 1 ? "saga is" : "sagas are") taken over when its lease ends")
        let address = runner.text("address")
        return "\(runner.text("name"))  \(runner.text("version"))  \(runner.text("host"))  "
            + (address.isEmpty ? "" : "\(address)  ") + "since \(moments.full(runner.text("since")))  " + standing
    }
}
