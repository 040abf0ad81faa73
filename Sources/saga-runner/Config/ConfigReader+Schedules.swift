internal import Adapters
internal import SagaEngine

extension ConfigReader {
    /// The most schedules.
    static let scheduleLimit = 100

    func schedules() -> [RunnerConfig.ScheduleEntry] {
        guard let value = root.value("schedules") else { return [] }
        guard let list = value.arrayValue, list.count <= Self.scheduleLimit else {
            root.mistake(
                "schedules", "is no list of at most \(Self.scheduleLimit)", "write [{\"name\": …, \"cron\": …}]")
            return []
        }
        var entries: [RunnerConfig.ScheduleEntry] = []
        for (index, value) in list.enumerated() {
            let section = ConfigSection(value, path: "schedules[\(index)]", mistakes: mistakes)
            defer { section.close() }
            guard let entry = schedule(section) else { continue }
            guard !entries.contains(where: { $0.schedule.name == entry.schedule.name }) else {
                section.mistake("name", "\(entry.schedule.name) is another schedule's, too", "give each its own")
                continue
            }
            entries.append(entry)
        }
        return entries
    }

    /// One schedule; every key is read, so that all mistakes are named. `nil` only where one is: it has been noted by
    /// then, and a configuration with mistakes is refused as a whole.
    private func schedule(_ section: ConfigSection) -> RunnerConfig.ScheduleEntry? {
        let name = scheduleName(section)
        let cron = cron(section)
        let zone = zone(section)
        let (flow, input) = (flow(section), section.value("input"))
        let catchUp: CatchUp = section.choice("catch_up", default: .last)
        let grace = section.span("grace", in: .minutes(1)...Schedule.longestGrace, default: Schedule.usualGrace)
        let isEnabled = section.flag("enabled", default: true)
        guard let input else {
            section.mistake("input", "is missing", "write what the flow is started with, {} for nothing")
            return nil
        }
        guard let name, let cron, let zone, let flow else { return nil }
        let timing = ScheduleTiming(cron: cron, zone: zone)
        guard let moment = timing.next(after: Timestamp(milliseconds: 0)) else {
            section.mistake("cron", "is never due in \(zone.name)", "write a time that comes")
            return nil
        }
        let schedule = Schedule(
            name: name, timing: timing, flow: flow.id, input: ScheduleInput(input), catchUp: catchUp, grace: grace)
        if let fault = flow.fault(in: schedule.input.bytes(at: moment)) {
            let member = fault.field.map { ", member \($0)" } ?? ""
            section.mistake("input", "does not fit \(flow.id)\(member): \(fault.code.meaning)", "see the flow's page")
            return nil
        }
        return RunnerConfig.ScheduleEntry(schedule: schedule, isEnabled: isEnabled)
    }

    private func scheduleName(_ section: ConfigSection) -> ScheduleName? {
        let text = section.text("name")
        guard !text.isEmpty else { return nil }
        if let name = ScheduleName(rawValue: text) { return name }
        section.mistake(
            "name", "is no name for a schedule",
            "write up to \(ScheduleName.maximumLength) letters, digits, '.', '_' and '-', a letter or digit first")
        return nil
    }

    private func cron(_ section: ConfigSection) -> CronExpression? {
        let text = section.text("cron")
        guard !text.isEmpty else { return nil }
        do {
            return try CronExpression(text)
        } catch {
            section.mistake("cron", (error.field.map { "\($0): " } ?? "") + error.wrong, error.remedy)
            return nil
        }
    }

    private func zone(_ section: ConfigSection) -> (any ZoneRules)? {
        let name = section.text("zone")
        guard !name.isEmpty else { return nil }
        if let zone = SystemZones().zone(named: name) { return zone }
        let hint = Suggestion.hint(for: name, among: SystemZones().names)
        section.mistake(
            "zone", "there is no time zone \(name.prefix(60))",
            "write a name of the tz database, as Asia/Singapore or UTC, and have tzdata installed\(hint)")
        return nil
    }

    private func flow(_ section: ConfigSection) -> FlowForm? {
        let text = section.text("flow")
        guard !text.isEmpty else { return nil }
        if let form = schedulable.first(where: { $0.id.description == text }) { return form }
        let names = schedulable.map(\.id.description)
        let remedy = names.isEmpty ? "this program has none yet" : "there are " + names.joined(separator: ", ")
        if ChartedFlow.named(text) != nil {
            section.mistake(
                "flow", "\(text) is not for schedules: its sagas are named by what they do, so that it is done once",
                remedy)
        } else {
            section.mistake("flow", "no flow \(text.prefix(60)) may be scheduled", "write name@version; \(remedy)")
        }
        return nil
    }
}
