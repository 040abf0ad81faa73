internal import Adapters
internal import SagaEngine

/// Logs and counts what schedules do. What goes on is told when it begins, not at each look.
struct ScheduleLog: Sendable {
    /// How many things that go on are remembered.
    private static let limit = 1_000

    let logger: Logger
    let metrics: Metrics
    private let goingOn = Locked<Set<ByteText>>([])

    init(logger: Logger, metrics: Metrics) {
        self.logger = logger
        self.metrics = metrics
    }

    func tell(_ event: ScheduleEvent) {
        switch event {
        case .begun(let name, let anew):
            logger.log("schedule.begun", .info, ["schedule": name.rawValue, "times": anew ? "changed" : "new"])
        case .ended(let name): logger.log("schedule.ended", .info, ["schedule": name.rawValue])
        case .fired(let firing, let isNew, let late):
            count(firing.schedule, isNew ? "started" : "repeated")
            logger.log("schedule.fired", .info, fields(firing) + [.init("late_ms", .count(late.milliseconds))])
        case .missed(let name, let madeUpFor, let passedOver):
            metrics.count(
                "saga_runner_schedule_missed_total", "Moments that no runner was there for.",
                ["schedule": name.rawValue, "outcome": "made_up_for"], by: Int64(madeUpFor))
            metrics.count(
                "saga_runner_schedule_missed_total", "Moments that no runner was there for.",
                ["schedule": name.rawValue, "outcome": "passed_over"], by: Int64(passedOver))
            logger.log(
                LogLine(
                    "schedule.missed", .warning,
                    [
                        .init("schedule", .string(name.rawValue)), .init("made_up_for", .count(madeUpFor)),
                        .init("passed_over", .count(passedOver)),
                    ]))
        case .refused(let firing, let why):
            count(firing.schedule, "refused")
            logger.log("schedule.refused", .error, fields(firing) + [.init("detail", .string(why))])
        case .held(let firing, let why):
            guard isNew("held \(firing.saga)") else { return }
            count(firing.schedule, "held")
            logger.log("schedule.held", .warning, fields(firing) + [.init("detail", .string(why))])
        case .superseded(let name):
            guard isNew("superseded \(name)") else { return }
            logger.log("schedule.superseded", .warning, ["schedule": name.rawValue])
        case .ahead(let name, let until):
            guard isNew("ahead \(name) \(until.rfc3339)") else { return }
            logger.log("schedule.ahead", .error, ["schedule": name.rawValue, "until": until.rfc3339])
        }
    }

    func tellFailure(_ error: any Error) {
        metrics.count("saga_runner_schedule_failures_total", "Looks at schedules that failed.")
        logger.log("schedule.failed", .error, ["detail": "\(error)"])
    }

    private func isNew(_ what: String) -> Bool {
        goingOn.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            return known.insert(ByteText(what)).inserted
        }
    }

    private func count(_ schedule: ByteText, _ outcome: String) {
        metrics.count(
            "saga_runner_schedule_firings_total", "Firings of schedules, by what became of them.",
            ["schedule": schedule.rawValue, "outcome": outcome])
    }

    private func fields(_ firing: ScheduleFiring) -> [JSONValue.Member] {
        [
            .init("schedule", .string(firing.schedule.rawValue)), .init("moment", .string(firing.moment.rawValue)),
            .init("saga", .string(firing.saga.rawValue)),
        ]
    }
}

extension Logger {
    fileprivate func log(_ event: String, _ level: LogLevel, _ fields: [JSONValue.Member]) {
        log(LogLine(event, level, fields))
    }
}
