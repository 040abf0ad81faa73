internal import SagaEngine

/// Words for `saga-runner counterparties list`: whether calls go through, and why not.
struct CounterpartyReport {
    let ink: Ink
    let moments: Moments

    /// One counterparty in a line, and in a second one whose callbacks are refused.
    func lines(_ party: JSONValue) -> [String] {
        let line =
            "\(party.text("name").padded(to: 12))  \(party.integer("under_way")) under way, "
            + "\(party.integer("waiting")) waiting, \(standing(party))"
        return [line] + refused(party, name: "")
    }

    /// What does not go well with one, for somebody whose saga waits for it; nothing when all goes well.
    func troubles(_ party: JSONValue) -> [String] {
        let name = party.text("name")
        let lines = Self.answers(party) ? [] : ["\(name.padded(to: 12))  \(standing(party))"]
        return lines + refused(party, name: lines.isEmpty ? name : "")
    }

    /// Whether nothing stands in the way of calls, and whether its callbacks are believed.
    static func isWell(_ party: JSONValue) -> Bool { answers(party) && (party["refused_callbacks"]?.isNull ?? true) }

    private static func answers(_ party: JSONValue) -> Bool {
        party["switched_off"]?.boolValue != true && party.integer("failures") == 0
            && party["breaker_open"]?.boolValue != true && party["closed_until"]?.stringValue == nil
    }

    private func refused(_ party: JSONValue, name: String) -> [String] {
        guard let refused = party["refused_callbacks"], !refused.isNull else { return [] }
        let count = refused.integer("count")
        let words =
            "\(count) \(count == 1 ? "callback" : "callbacks") refused since the last good one, the last one "
            + "\(refused.text("last_code")), \(moments.full(refused.text("last_at")))"
        let lines = [name.padded(to: 12) + "  " + ink.yellow(words)]
        let remedy = refused.text("remedy")
        return remedy.isEmpty ? lines : lines + ["".padded(to: 12) + "  " + remedy]
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
        let runner = party["breaker_opened_by"]?.shown.map { " (runner \($0))" } ?? ""
        return ink.yellow(party["breaker_open"]?.boolValue == true ? "breaker open\(runner): \(words)" : words)
    }
}
