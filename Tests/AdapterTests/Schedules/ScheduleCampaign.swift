import Adapters
import SagaEngine
import SagaTestKit

/// Three runners with clocks that are wrong by up to five minutes fire schedules over one store, and die and stand
/// still at any point of it.
///
/// A seed decides everything. What stands still does so between two of its own steps, while the others go on.
actor ScheduleCampaign {
    /// How far a clock may be wrong.
    static let skew = Span.minutes(5)
    static let runnerCount = 3

    struct Tally: Sendable, Equatable {
        var looks = 0
        var deaths = 0
        var pauses = 0
        var repeated = 0
        var outages = 0
    }

    private struct Death: Error {}

    private struct RunnerSlot {
        var scheduler: Scheduler?
        var downUntil = Timestamp(milliseconds: 0)
    }

    let clock = SimulatedClock()
    let store: MemoryStore
    private(set) var tally = Tally()
    /// When a runner looked without dying: from when to when.
    private(set) var looks: [ClosedRange<Timestamp>] = []
    /// How often a schedule's mark was seen to go back, so that something could be decided again.
    private(set) var marksGoneBack = 0
    private var marks: [ByteText: Timestamp] = [:]
    private let schedules: [Schedule]
    private let tables: any TableExecutor
    private let entropy: SeededEntropy
    private let digest = QuickDigest()
    private var slots = Array(repeating: RunnerSlot(), count: runnerCount)
    private var isCalm = false
    private var isPaused = false

    init(seed: UInt64, schedules: [Schedule], in tables: any TableExecutor) {
        self.schedules = schedules
        self.tables = tables
        entropy = SeededEntropy(seed: seed)
        store = MemoryStore(clock: clock, digest: digest)
    }

    /// Lets days pass, and at their end everybody look in peace.
    func run(days: Int64) async throws {
        let end = clock.now() + .hours(24 * days)
        while clock.now() < end {
            if chance(60) { await fail() }
            let due = schedules.compactMap { $0.timing.next(after: clock.now())?.at }.min() ?? end
            var plan: [(at: Timestamp, slot: Int)] = []
            for slot in slots.indices {
                for _ in 0...below(2) {
                    plan.append((due + .minutes(-6) + Span(milliseconds: Int64(below(1_500_000))), slot))
                }
            }
            for (at, slot) in plan.sorted(by: { ($0.at, $0.slot) < ($1.at, $1.slot) }) {
                if at > clock.now() { clock.advance(to: at) }
                try await look(slot)
            }
            if clock.now() < due { clock.advance(to: due) }
        }
        isCalm = true
        clock.advance(by: .hours(2))
        for _ in 0..<2 { for slot in slots.indices { try await look(slot) } }
    }

    /// The ids of all sagas that were started.
    func sagas() async throws -> [String] {
        var ids: [String] = []
        while true {
            let page = try await store.search(SagaQuery(offset: ids.count, limit: SagaQuery.maximumLimit))
            guard !page.rows.isEmpty else { return ids }
            ids += page.rows.map(\.id.rawValue)
        }
    }

    /// Everybody dies, for up to four days.
    private func fail() async {
        tally.outages += 1
        for slot in slots.indices { slots[slot].scheduler = nil }
        clock.advance(by: Span(milliseconds: Int64(below(4 * 86_400_000))))
    }

    private func look(_ slot: Int) async throws {
        guard clock.now() >= slots[slot].downUntil else { return }
        tally.looks += 1
        do {
            let start = clock.now()
            if let scheduler = slots[slot].scheduler {
                _ = try await scheduler.round()
            } else {
                let scheduler = makeScheduler(slot)
                try await scheduler.adopt()
                _ = try await scheduler.round()
                slots[slot].scheduler = scheduler
            }
            looks.append(start...clock.now())
        } catch is Death {
            tally.deaths += 1
            slots[slot].scheduler = nil
            slots[slot].downUntil = clock.now() + Span(milliseconds: Int64(below(5_400_000)))
        }
    }

    /// A life of a runner; each has a clock of its own.
    private func makeScheduler(_ slot: Int) -> Scheduler {
        let range = UInt64(2 * Self.skew.milliseconds + 1)
        let error = Span(milliseconds: Int64(below(range)) - Self.skew.milliseconds)
        return Scheduler(
            schedules, in: StruckTables(base: tables) { try await self.strike(slot) }, zones: SystemZones(),
            clock: SkewedClock(base: clock, error: error),
            start: { saga, flow, input in
                try await self.strike(slot)
                let isNew = try await self.submit(saga, flow, input)
                try await self.strike(slot)
                return isNew
            })
    }

    private func submit(_ saga: SagaID, _ flow: FlowID, _ input: [UInt8]) async throws -> Bool {
        let genesis = ChainLink.genesis(of: saga, flow: flow, input: input, by: digest)
        let new = NewSaga(id: saga, flow: flow, input: input, genesis: genesis)
        switch try await store.commit([.submit(new)], under: nil).first {
        case .submitted: return true
        case .exists(_, same: true):
            tally.repeated += 1
            return false
        default: throw ActionRefused(.state, "\(saga) exists with other content")
        }
    }

    /// What may happen between any two steps.
    private func strike(_ slot: Int) async throws {
        for record in try await ScheduleBook(in: tables).records() {
            if let known = marks[record.name], record.mark < known { marksGoneBack += 1 }
            marks[record.name] = record.mark
        }
        if isCalm { return }
        if chance(25) { throw Death() }
        guard !isPaused, chance(25) else { return }
        tally.pauses += 1
        isPaused = true
        defer { isPaused = false }
        for other in slots.indices where other != slot {
            clock.advance(by: Span(milliseconds: Int64(below(1_500_000))))
            try await look(other)
        }
    }

    private func below(_ count: UInt64) -> UInt64 { entropy.next() % count }

    /// Once in so many times.
    private func chance(_ count: UInt64) -> Bool { below(count) == 0 }
}

/// A clock that is wrong by the same all the time.
private struct SkewedClock: SagaClock {
    let base: SimulatedClock
    let error: Span

    func now() -> Timestamp { base.now() + error }

    func sleep(until moment: Timestamp) async {
        await base.sleep(until: moment + Span(milliseconds: -error.milliseconds))
    }
}

/// Tables whose user may die or stand still before and after whatever it does.
struct StruckTables: TableExecutor {
    let base: any TableExecutor
    let strike: @Sendable () async throws -> Void

    func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await strike()
        let value = try await base.write(urgency, job)
        try await strike()
        return value
    }

    func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await base.read(job)
    }
}
