internal import SagaEngine

extension GateTurn {
    /// How much it matters: that a counterparty goes away may need a person, that it comes back does not.
    var logLevel: LogLevel {
        switch kind {
        case .breakerOpened, .switchedOff: .warning
        case .breakerTrying, .breakerReopened, .breakerClosed, .askedToWait, .switchedOn: .info
        }
    }

    /// The turn as a log line.
    func logLine(of party: CounterpartyName) -> LogLine {
        var fields = [text("counterparty", party.rawValue)]
        if let code { fields.append(text("code", code)) }
        if failures > 0 { fields.append(.init("failures", .number(JSONNumber(failures)))) }
        if let since { fields.append(text("since", since.rfc3339)) }
        if let until { fields.append(text("until", until.rfc3339)) }
        fields.append(text("detail", sentence(about: party)))
        return LogLine("counterparty.\(kind.rawValue)", logLevel, fields)
    }

    private func text(_ name: String, _ value: String) -> JSONValue.Member { .init(name, .string(value)) }
}
