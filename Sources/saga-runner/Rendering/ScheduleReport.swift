internal import SagaEngine

/// Words for `saga-runner schedules`.
struct ScheduleReport {
    let ink: Ink
    let moments: Moments

    /// One schedule: its terms, then when it is due, then what it started last.
    func lines(_ schedule: JSONValue) -> [String] {
        [
            "\(schedule.text("name"))  \(schedule.text("cron")) \(schedule.text("zone"))  \(schedule.text("flow"))"
                + "  catch up: \(schedule.text("catch_up"))", "  next  \(next(schedule))", "  last  \(last(schedule))",
        ]
    }

    private func next(_ schedule: JSONValue) -> String {
        switch schedule.text("standing") {
        case "off": return ink.yellow("switched off in the configuration")
        case "superseded": return ink.yellow("never here: a runner that started later has other terms for it")
        case "starting": return ink.yellow("not in force yet")
        default:
            let moment = schedule.text("next_moment")
            return moment.isEmpty ? "never" : "\(moment), \(moments.full(schedule.text("next_at")))"
        }
    }

    private func last(_ schedule: JSONValue) -> String {
        let moment = schedule.text("last_moment")
        guard !moment.isEmpty else { return "never" }
        switch schedule.text("last_state") {
        case "refused":
            return "\(moment)  " + ink.red("refused: \(schedule.text("last_detail"))")
        case "decided": return "\(moment)  " + ink.yellow("decided, not started yet: \(schedule.text("last_saga"))")
        default: return "\(moment)  \(schedule.text("last_saga"))"
        }
    }
}
