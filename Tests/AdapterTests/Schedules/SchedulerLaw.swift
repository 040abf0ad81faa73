import Adapters
import SagaEngine
import SagaTestKit
import Testing

/// What schedulers keep to between them, on every kind of database.
enum SchedulerLaw: String, CaseIterable, CustomTestStringConvertible {
    case newOnesDoNotLookBack = "a new schedule is in force from now on"
    case whatWasPassedOverStaysSo = "what one runner passed over no runner fires that stood still meanwhile"
    case whatWasDecidedIsFired = "what was decided and not started is started by whoever comes"
    case changedTimesBeginAnew = "changed times begin anew, and lose nothing of the old ones"
    case changedTermsGoOn = "with the same times it goes on from where it was"
    case removedOnesAreForgotten = "a schedule that was away does not catch up on that time"
    case theLastToStartDecides = "a runner that started earlier leaves alone what has other terms now"
    case refusalsAreFinal = "what is refused is not tried again, and what this program lacks is"
    case oldFiringsAreForgotten = "of the firings that are over a hundred are kept"
    case decisionsAreWhole = "a decision that fails in its middle has decided nothing"
    case aheadIsTold = "a mark ahead of the clock is told, and nothing is fired"

    var testDescription: String { rawValue }

    func check(in kind: TableKind) async throws {
        try await kind.use { tables in
            let desk = SchedulerDesk(tables)
            switch self {
            case .newOnesDoNotLookBack: try await desk.newOnesDoNotLookBack()
            case .whatWasPassedOverStaysSo: try await desk.whatWasPassedOverStaysSo()
            case .whatWasDecidedIsFired: try await desk.whatWasDecidedIsFired()
            case .changedTimesBeginAnew: try await desk.changedTimesBeginAnew()
            case .changedTermsGoOn: try await desk.changedTermsGoOn()
            case .removedOnesAreForgotten: try await desk.removedOnesAreForgotten()
            case .theLastToStartDecides: try await desk.theLastToStartDecides()
            case .refusalsAreFinal: try await desk.refusalsAreFinal()
            case .oldFiringsAreForgotten: try await desk.oldFiringsAreForgotten()
            case .decisionsAreWhole: try await desk.decisionsAreWhole()
            case .aheadIsTold: try await desk.aheadIsTold()
            }
        }
    }
}

@Suite struct SchedulerTests {
    @Test(arguments: SchedulerLaw.allCases, [TableKind.sqlite, .sqliteStore])
    func `a scheduler keeps the law`(law: SchedulerLaw, kind: TableKind) async throws {
        try await law.check(in: kind)
    }
}

/// Schedulers over one set of tables, at 2026-01-01T00:00:00Z, and what they started.
struct SchedulerDesk {
    private struct Gone: Error {}

    let tables: any TableExecutor
    let clock = SimulatedClock()
    let started = Locked<[String]>([])
    let told = Locked<[ScheduleEvent]>([])
    let refusal = Locked<ActionRefused?>(nil)

    init(_ tables: any TableExecutor) {
        self.tables = tables
    }

    private func schedule(
        _ cron: String = "0 * * * *", _ catchUp: CatchUp = .all, input: JSONValue = [:], name: String = "s",
        zone: String = "UTC"
    ) throws -> Schedule {
        Schedule(
            name: try #require(ScheduleName(rawValue: name)),
            timing: ScheduleTiming(cron: try CronExpression(cron), zone: try #require(SystemZones().zone(named: zone))),
            flow: FlowID(name: "count", version: 1), input: ScheduleInput(input), catchUp: catchUp)
    }

    /// A runner's scheduler; `strike` is called before and after whatever it writes.
    private func scheduler(
        _ schedules: Schedule..., strike: @escaping @Sendable () async throws -> Void = {}
    ) -> Scheduler {
        let (started, told, refusal) = (started, told, refusal)
        return Scheduler(
            schedules, in: StruckTables(base: tables, strike: strike), zones: SystemZones(), clock: clock,
            start: { saga, _, input in
                if let refused = refusal.withLock({ $0 }) { throw refused }
                let line = "\(saga) \(String(decoding: input, as: UTF8.self))"
                return started.withLock { started in
                    defer { if !started.contains(line) { started.append(line) } }
                    return !started.contains(line)
                }
            }, tell: { event in told.withLock { $0.append(event) } })
    }

    /// The hours that were fired, with the day's first.
    private var hours: [String] {
        started.withLock { $0.map { String($0.dropFirst("schedule-s-2026-01-".count).prefix(5)) } }
    }

    func newOnesDoNotLookBack() async throws {
        let scheduler = try scheduler(schedule())
        try await scheduler.adopt()
        let next = try await scheduler.round()
        #expect(hours == [] && next == clock.now() + Scheduler.longestWait)
        clock.advance(by: .seconds(3_590))
        #expect(try await scheduler.round() == clock.now() + .seconds(10))
        clock.advance(by: .seconds(10))
        _ = try await scheduler.round()
        _ = try await scheduler.round()
        #expect(hours == ["01T01"])
        #expect(started.withLock { $0 } == ["schedule-s-2026-01-01T01:00+00:00 {}"])
        // Another life of a runner finds it in force and catches up.
        clock.advance(by: .hours(3))
        let again = try self.scheduler(schedule())
        try await again.adopt()
        _ = try await again.round()
        #expect(hours == ["01T01", "01T02", "01T03", "01T04"])
    }

    func whatWasPassedOverStaysSo() async throws {
        let plain = try scheduler(schedule("0 * * * *", .skip))
        try await plain.adopt()
        let isFirst = Locked(true)
        let clock = clock
        let slow = try scheduler(schedule("0 * * * *", .skip)) {
            let pauses = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            guard pauses else { return }
            clock.advance(by: .minutes(30))
            _ = try await plain.round()
        }
        clock.advance(by: .minutes(61))
        // It finds 01:00 on time, stands still before it decides, and the other one passes over it.
        _ = try await slow.round()
        #expect(hours == [])
        #expect(told.withLock { $0 }.contains { if case .missed(_, 0, 1) = $0 { true } else { false } })
        clock.advance(by: .minutes(30))
        _ = try await slow.round()
        #expect(hours == ["01T02"])
    }

    func whatWasDecidedIsFired() async throws {
        for writes in 1...3 {
            started.withLock { $0 = [] }
            let left = Locked(2 * writes)
            let mortal = try scheduler(schedule()) {
                // It dies between what it has written and what it would do next.
                let rest = left.withLock { left in
                    left -= 1
                    return left
                }
                if rest <= 0 { throw Gone() }
            }
            try await scheduler(schedule()).adopt()
            clock.advance(by: .hours(1))
            await #expect(throws: Gone.self) {
                while true { _ = try await mortal.round(); clock.advance(by: .hours(1)) }
            }
            let heir = try scheduler(schedule())
            _ = try await heir.round()
            let count = hours.count
            #expect(count >= 1 && Set(hours).count == count)
            _ = try await heir.round()
            #expect(hours.count == count)
        }
    }

    func changedTimesBeginAnew() async throws {
        let old = try scheduler(schedule("0 * * * *"))
        try await old.adopt()
        clock.advance(by: .minutes(150))
        let new = try scheduler(schedule("30 * * * *"))
        try await new.adopt()
        _ = try await new.round()
        #expect(hours == ["01T01", "01T02"], "due by the terms that were in force; half past two is not after now")
        clock.advance(by: .minutes(60))
        _ = try await new.round()
        _ = try await old.round()
        #expect(hours == ["01T01", "01T02", "01T03"])
        #expect(started.withLock { $0.last?.contains("T03:30") } == true)
        #expect(told.withLock { $0 }.contains { if case .superseded = $0 { true } else { false } })
    }

    func changedTermsGoOn() async throws {
        try await scheduler(schedule("0 * * * *", .skip)).adopt()
        clock.advance(by: .minutes(150))
        let new = try scheduler(schedule("0 * * * *", .all, input: ["date": "{date}"]))
        try await new.adopt()
        _ = try await new.round()
        #expect(
            started.withLock { $0 } == [
                #"schedule-s-2026-01-01T01:00+00:00 {"date":"2026-01-01"}"#,
                #"schedule-s-2026-01-01T02:00+00:00 {"date":"2026-01-01"}"#,
            ])
    }

    func removedOnesAreForgotten() async throws {
        try await scheduler(schedule()).adopt()
        clock.advance(by: .minutes(61))
        let other = try scheduler(schedule("0 0 1 1 *", name: "other"))
        try await other.adopt()
        _ = try await other.round()
        #expect(hours == ["01T01"], "it was still due before it went, and is started by a runner that lacks it")
        clock.advance(by: .hours(24))
        let again = try scheduler(schedule())
        try await again.adopt()
        clock.advance(by: .hours(1))
        _ = try await again.round()
        #expect(hours == ["01T01", "02T02"])
    }

    func theLastToStartDecides() async throws {
        let old = try scheduler(schedule("0 * * * *", .all, input: ["n": 1]))
        try await old.adopt()
        let new = try scheduler(schedule("0 * * * *", .all, input: ["n": 2]))
        try await new.adopt()
        clock.advance(by: .hours(1))
        _ = try await old.round()
        #expect(hours == [])
        _ = try await new.round()
        #expect(started.withLock { $0.map { String($0.suffix(7)) } } == [#"{"n":2}"#])
    }

    func refusalsAreFinal() async throws {
        let scheduler = try scheduler(schedule())
        try await scheduler.adopt()
        clock.advance(by: .hours(1))
        refusal.withLock { $0 = ActionRefused(.notFound, "no such flow") }
        _ = try await scheduler.round()
        refusal.withLock { $0 = nil }
        _ = try await scheduler.round()
        #expect(hours == ["01T01"], "a flow that was not there may come")
        clock.advance(by: .hours(1))
        refusal.withLock { $0 = ActionRefused(.state, "other content") }
        _ = try await scheduler.round()
        refusal.withLock { $0 = nil }
        _ = try await scheduler.round()
        #expect(hours == ["01T01"])
        let name = try #require(ScheduleName(rawValue: "s"))
        let newest = try #require(try await ScheduleBook(in: tables).newest(of: name))
        #expect(newest.state == .refused && newest.detail == "other content")
        #expect(newest.saga == "schedule-s-2026-01-01T02:00+00:00")
    }

    func oldFiringsAreForgotten() async throws {
        let scheduler = try scheduler(schedule("* * * * *"))
        try await scheduler.adopt()
        refusal.withLock { $0 = ActionRefused(.notFound, "no such flow") }
        clock.advance(by: .minutes(3))
        _ = try await scheduler.round()
        clock.advance(by: .minutes(15))
        _ = try await scheduler.round()
        refusal.withLock { $0 = nil }
        for _ in 0..<20 {
            clock.advance(by: .minutes(10))
            _ = try await scheduler.round()
        }
        #expect(started.withLock { $0.count } == 218)
        let count = try await tables.read { connection in
            try connection.firstRow("SELECT count(*), max(state) FROM schedule_firing") { [$0.int64(0), $0.int64(1)] }
        }
        #expect(count == [Int64(ScheduleBook.kept), 1])
        // What is open is kept however old it is.
        refusal.withLock { $0 = ActionRefused(.notFound, "no such flow") }
        for _ in 0..<30 {
            clock.advance(by: .minutes(10))
            _ = try await scheduler.round()
        }
        refusal.withLock { $0 = nil }
        _ = try await scheduler.round()
        #expect(started.withLock { $0.count } == 518)
    }

    func decisionsAreWhole() async throws {
        let scheduler = try scheduler(schedule())
        try await scheduler.adopt()
        clock.advance(by: .hours(1))
        func rename(_ from: String, _ to: String) async throws {
            try await tables.write(.sagas) { try $0.execute("ALTER TABLE \(from) RENAME TO \(to)") }
        }
        try await rename("schedule_firing", "firing_elsewhere")
        await #expect(throws: (any Error).self) { _ = try await scheduler.round() }
        try await rename("firing_elsewhere", "schedule_firing")
        _ = try await scheduler.round()
        #expect(hours == ["01T01"])
    }

    /// Runners on connections of their own look at the same time.
    func manyDecideOnce(over others: [any TableExecutor]) async throws {
        let schedules = try ["a", "b", "s"].map { try schedule("0 * * * *", .last, name: $0) }
        let runners = others.map { tables in
            Scheduler(
                schedules, in: tables, zones: SystemZones(), clock: clock,
                start: { [started] saga, _, _ in
                    started.withLock { started in
                        defer { started.append(saga.rawValue) }
                        return !started.contains(saga.rawValue)
                    }
                }, tell: { [told] event in told.withLock { $0.append(event) } })
        }
        for _ in 0..<10 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for runner in runners {
                    group.addTask {
                        try await runner.adopt()
                        _ = try await runner.round()
                    }
                }
                try await group.waitForAll()
            }
            clock.advance(by: .minutes(150))
        }
        // In each of nine rounds each schedule has missed the two or three moments since the last one, and makes up for
        // the newest.
        let events = told.withLock { $0 }
        var (missed, begun) = (0, 0)
        for event in events {
            if case .missed(_, 1, _) = event { missed += 1 }
            if case .begun = event { begun += 1 }
        }
        #expect(missed == 27)
        // In four of them an hour is just over, which is on time.
        let distinct = Set<String>(started.withLock { $0 })
        #expect(distinct.count == 39)
        #expect(begun == 3)
    }

    func aheadIsTold() async throws {
        let scheduler = try scheduler(schedule())
        try await scheduler.adopt()
        clock.advance(by: .hours(1))
        _ = try await scheduler.round()
        clock.advance(to: clock.now() + .hours(-1))
        _ = try await scheduler.round()
        let mark = clock.now() + .hours(1)
        let name = try #require(ScheduleName(rawValue: "s"))
        #expect(told.withLock { $0.last } == .ahead(name, until: mark))
        #expect(hours == ["01T01"])
    }
}
