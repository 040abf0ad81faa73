import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// Each moment is fired once, whatever runners and clocks do.
@Suite struct ScheduleCampaignTests {
    /// Two zones whose clocks change on other days, at times of day that are left out and come twice.
    static func schedules() throws -> [Schedule] {
        let terms: [(String, String, String, CatchUp)] = [
            ("london", "30 1 * * *", "Europe/London", .all),
            ("new-york", "30 2 * * *", "America/New_York", .all),
            ("new-york-hours", "15 */8 * * SAT,SUN", "America/New_York", .all),
            ("london-punctual", "0 22 * * MON-FRI", "Europe/London", .skip),
            ("new-york-last", "0 22 * * *", "America/New_York", .last),
        ]
        return try terms.map { name, cron, zone, catchUp in
            Schedule(
                name: try #require(ScheduleName(rawValue: name)),
                timing: ScheduleTiming(
                    cron: try CronExpression(cron), zone: try #require(SystemZones().zone(named: zone))),
                flow: FlowID(name: "count", version: 1), input: ScheduleInput(["date": "{date}"]), catchUp: catchUp)
        }
    }

    @Test(arguments: [(1, 1_000), (2, 100), (5, 100)] as [(UInt64, Int64)])
    func `a schedule fires once with three runners over a thousand days, two zones, wrong clocks and deaths`(
        seed: UInt64, days: Int64
    ) async throws {
        try await TableKind.sqlite.use { try await Self.check(seed: seed, days: days, in: $0) }
    }

    @Test func `it does beside the sagas in a SQLite store, too`() async throws {
        try await TableKind.sqliteStore.use { try await Self.check(seed: 3, days: 30, in: $0) }
    }

    static func check(seed: UInt64, days: Int64, in tables: any TableExecutor) async throws {
        let schedules = try schedules()
        let campaign = ScheduleCampaign(seed: seed, schedules: schedules, in: tables)
        try await campaign.run(days: days)
        let (sagas, looks, tally) = (try await campaign.sagas(), await campaign.looks, await campaign.tally)
        let began = try await ScheduleBook(in: tables).records()
        // What every clock has passed is decided; what any clock has passed may be.
        let end = campaign.clock.now() + Span(milliseconds: -ScheduleCampaign.skew.milliseconds)
        for schedule in schedules {
            let fired = Set(sagas.filter { $0.hasPrefix("schedule-\(schedule.name)-2") })
            let since = try #require(began.first { $0.name.rawValue == schedule.name.rawValue }).since
            var due: [ScheduledMoment] = []
            schedule.timing.forEachMoment(after: since, through: campaign.clock.now() + ScheduleCampaign.skew) {
                due.append($0)
                return true
            }
            let all = Set(due.map { schedule.saga(at: $0).rawValue })
            due = due.filter { $0.at <= end }
            #expect(fired.subtracting(all) == [], "seed \(seed): \(schedule.name) fired what was not due")
            let must = schedule.catchUp == .all ? due : Self.seenInTime(due, by: looks)
            let lost = Set(must.map { schedule.saga(at: $0).rawValue }).subtracting(fired)
            #expect(lost == [], "seed \(seed): \(schedule.name) lost a firing")
            if schedule.catchUp == .skip, days > 300 { #expect(fired.count < all.count, "nothing was ever missed") }
        }
        // Each day once, and none left out: said without the schedule's own arithmetic.
        for name in ["london", "new-york"] {
            let dates = sagas.filter { $0.hasPrefix("schedule-\(name)-2") }.map {
                $0.dropFirst("schedule-\(name)-".count).prefix(10)
            }
            #expect(Set(dates).count == dates.count && dates.count >= days - 1)
            let days = dates.compactMap { Timestamp(rfc3339: "\($0)T00:00:00Z") }.sorted()
            #expect(zip(days, days.dropFirst()).allSatisfy { $1 - $0 == .hours(24) })
        }
        #expect(try await Self.open(tables) == 0)
        #expect(await campaign.marksGoneBack == 0)
        // The campaign did what it is for.
        guard days > 300 else { return }
        #expect(tally.deaths > 500 && tally.pauses > 500 && tally.outages > 10 && tally.repeated > 100, "\(tally)")
    }

    /// The moments that somebody looked at when, by every clock there may be, they were over and not yet missed.
    private static func seenInTime(
        _ moments: [ScheduledMoment], by looks: [ClosedRange<Timestamp>]
    ) -> [ScheduledMoment] {
        let looks = looks.sorted { $0.lowerBound < $1.lowerBound }
        let (skew, grace) = (ScheduleCampaign.skew, Schedule.usualGrace)
        var place = 0
        return moments.filter { moment in
            let (first, last) = (moment.at + skew, moment.at + .milliseconds(grace.milliseconds - skew.milliseconds))
            while place < looks.count, looks[place].lowerBound < first { place += 1 }
            return looks[place...].prefix { $0.lowerBound <= last }.contains { $0.upperBound <= last }
        }
    }

    private static func open(_ tables: any TableExecutor) async throws -> Int64? {
        try await tables.read { connection in
            try connection.firstRow("SELECT count(*) FROM schedule_firing WHERE state = 0") { $0.int64(0) }
        }
    }
}

/// The same in PostgreSQL, where runners are on several machines.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLScheduleTests {
    @Test func `a schedule fires once over PostgreSQL`() async throws {
        try await TableKind.postgreSQL.use { try await ScheduleCampaignTests.check(seed: 4, days: 30, in: $0) }
    }

    @Test func `runners on connections of their own decide each moment once`() async throws {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        _ = try await PostgresStore.migrate(configuration)
        let threads = (0..<4).map { _ in PostgresTableThreads(configuration) }
        do {
            try await SchedulerDesk(threads[0]).manyDecideOnce(over: threads)
        } catch {
            for thread in threads { await thread.close() }
            try schema.drop()
            throw error
        }
        for thread in threads { await thread.close() }
        try schema.drop()
    }

    @Test(arguments: SchedulerLaw.allCases)
    func `a scheduler keeps the law in PostgreSQL`(law: SchedulerLaw) async throws {
        try await law.check(in: .postgreSQL)
    }
}
