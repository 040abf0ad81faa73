internal import SagaEngine

/// Words for `saga-runner counterparties list`: whether calls go through, and why not.
struct CounterpartyReport {
    let ink: Ink
    let moments: Moments

    /// One counterparty in a line.
    func line(_ party: JSONValue) -> String {
        "\(party.text("name").padded(to: 12))  \(party.integer("under_way")) under way, "
            + "\(party.integer("waiting")) waiting, \(standing(party))"
    }

    private func standing(_ party: JSONValue) -> String {
        if party["switched_off"]?.boolValue == true {
            let why = party.text("switched_off_why")
            return ink.red("switched off by hand" + (why.isEmpty ? "" : " (\(why))"))
        }
        let failures = party.integer("failures")
        let until = party["closed_until"]?.shown.map { "; no call before \(moments.full($0))" } ?? ""
        guard failures > 0 else { return until.isEmpty ? ink.green("in use") : ink.yellow("asked for a pause\(until)") }
        let words =
            "\(failures) \(failures == 1 ? "failure" : "failures") in a row since "
            + "\(moments.full(party.text("failing_since"))), last: \(party.text("last_code"))\(until)"
        return ink.yellow(party["breaker_open"]?.boolValue == true ? "breaker open: \(words)" : words)
    }
}
