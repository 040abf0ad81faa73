public import SagaEngine

/// Fires schedules: decides what is due, and starts the sagas of what was decided.
///
/// Any number of schedulers work on one store, whatever their clocks say. A moment is decided once, since that moves
/// the schedule's mark on; what was decided is started at least once by whoever comes, and is one saga by its id.
public struct Scheduler: Sendable {
    /// Starts a saga, or learns that it exists; answers whether it is new.
    public typealias Start = @Sendable (SagaID, FlowID, [UInt8]) async throws -> Bool

    /// The longest time between two looks.
    public static let longestWait = Span.minutes(1)
    /// How far ahead of the clock a mark may be before it is told; clocks of runners may lie that far apart.
    static let tolerance = Span.minutes(30)
    /// How often a decision is tried while others decide, too.
    private static let attempts = 100

    private let schedules: [Schedule]
    private let book: ScheduleBook
    private let zones: any ZoneSource
    private let clock: any SagaClock
    private let start: Start
    private let tell: @Sendable (ScheduleEvent) -> Void

    /// Schedules over tables that exist.
    ///
    /// - Parameters:
    ///   - schedules: Those that are in force, each with a name of its own.
    ///   - tables: The store's tables.
    ///   - zones: Where time zones are looked up.
    ///   - clock: The store's clock.
    ///   - start: What starts a saga.
    ///   - tell: Who hears what happens.
    public init(
        _ schedules: [Schedule], in tables: any TableExecutor, zones: any ZoneSource, clock: any SagaClock,
        start: @escaping Start, tell: @escaping @Sendable (ScheduleEvent) -> Void = { _ in }
    ) {
        precondition(Set(schedules.map(\.name)).count == schedules.count, "a schedule's name is its own")
        self.schedules = schedules
        self.zones = zones
        self.clock = clock
        self.start = start
        self.tell = tell
        book = ScheduleBook(in: tables)
    }

    // MARK: Terms

    /// Puts these schedules in force in the place of all others; once, when a runner starts.
    ///
    /// What was still due before by the terms that were in force is decided by them.
    public func adopt() async throws {
        for schedule in schedules {
            try await insist { try await adopt(schedule, in: try await book.records()) }
        }
        try await insist {
            let others = try await book.records().filter { record in
                !schedules.contains { $0.name.rawValue.isSameBytes(as: record.name.rawValue) }
            }
            for record in others {
                let (old, look, now) = past(of: record)
                guard try await book.end(record, look, of: old, at: now) else { return false }
                tell(.ended(record.name))
                report(look, of: old)
            }
            return true
        }
    }

    private func adopt(_ schedule: Schedule, in records: [ScheduleRecord]) async throws -> Bool {
        guard let record = Self.record(of: schedule, in: records) else {
            guard try await book.begin(schedule, at: clock.now()) else { return false }
            tell(.begun(schedule.name, anew: false))
            return true
        }
        let terms = ScheduleRecord.Terms(schedule)
        guard terms != record.terms else { return true }
        guard !terms.isSameTiming(as: record.terms) else {
            return try await book.change(record, from: nil, nil, to: schedule, at: clock.now())
        }
        let (old, look, now) = past(of: record)
        guard try await book.change(record, from: old, look, to: schedule, at: now) else { return false }
        report(look, of: old)
        tell(.begun(schedule.name, anew: true))
        return true
    }

    /// What stored terms still bring until now.
    private func past(of record: ScheduleRecord) -> (old: Schedule?, look: ScheduleLook?, now: Timestamp) {
        let now = clock.now()
        let old = record.terms.schedule(named: record.name, zones: zones)
        return (old, old?.look(after: record.mark, at: now), now)
    }

    private func insist(_ body: () async throws -> Bool) async throws {
        for _ in 0..<Self.attempts where try await body() { return }
        throw StoreError(.unavailable, "other runners change the schedules all the time")
    }

    private static func record(of schedule: Schedule, in records: [ScheduleRecord]) -> ScheduleRecord? {
        records.first { $0.name.rawValue.isSameBytes(as: schedule.name.rawValue) }
    }

    // MARK: Rounds

    /// Decides what is due and starts what was decided.
    ///
    /// - Returns: When to look again.
    public func round() async throws -> Timestamp {
        var next = clock.now() + Self.longestWait
        let records = try await book.records()
        for schedule in schedules {
            guard let mark = try await decide(schedule, records) else { continue }
            if let moment = schedule.timing.next(after: mark), moment.at < next { next = moment.at }
        }
        try await startOpen()
        return next
    }

    /// Decides what is due of a schedule; answers how far it is decided, nil when it is not this runner's.
    private func decide(_ schedule: Schedule, _ known: [ScheduleRecord]) async throws -> Timestamp? {
        var records = known
        for _ in 0..<Self.attempts {
            guard let record = Self.record(of: schedule, in: records), record.terms == ScheduleRecord.Terms(schedule)
            else {
                tell(.superseded(schedule.name))
                return nil
            }
            let now = clock.now()
            if now + Self.tolerance < record.mark { tell(.ahead(schedule.name, until: record.mark)) }
            guard let look = schedule.look(after: record.mark, at: now) else { return record.mark }
            if try await book.decide(look, of: schedule, as: record, at: now) {
                report(look, of: schedule)
                return look.mark
            }
            records = try await book.records()
        }
        throw StoreError(.unavailable, "other runners decide about \(schedule.name) all the time")
    }

    private func report(_ look: ScheduleLook?, of schedule: Schedule?) {
        guard let look, let schedule, look.madeUpFor + look.passedOver > 0 else { return }
        tell(.missed(schedule.name, madeUpFor: look.madeUpFor, passedOver: look.passedOver))
    }

    /// Starts the sagas of all firings that are open, also those that another runner decided and did not come to.
    private func startOpen() async throws {
        var last: ScheduleFiring?
        while true {
            let page = try await book.open(after: last)
            for firing in page { try await start(firing) }
            guard page.count == ScheduleBook.page else { return }
            last = page.last
        }
    }

    private func start(_ firing: ScheduleFiring) async throws {
        guard let saga = SagaID(rawValue: firing.saga.rawValue), let flow = FlowID(firing.flow.rawValue) else {
            throw StoreError(.corrupt, "the firing \(firing.saga) cannot be read")
        }
        do {
            let isNew = try await start(saga, flow, firing.input)
            try await book.settle(firing)
            tell(.fired(firing, isNew: isNew, late: clock.now() - firing.at))
        } catch let refused as ActionRefused {
            switch refused.code {
            case .state, .invalid:
                try await book.settle(firing, refused: refused.message)
                tell(.refused(firing, refused.message))
            case .notFound, .forbidden, .needsSecondPerson, .stale, .busy:
                // A flow that this program lacks: another runner may have it.
                tell(.held(firing, refused.message))
            }
        }
    }
}
