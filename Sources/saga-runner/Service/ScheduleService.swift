internal import Adapters
internal import SagaEngine

/// Fires schedules until it is told to stop: sleeps until the next moment, looks, and sleeps again.
struct ScheduleService: Sendable {
    private let scheduler: Scheduler
    private let isEmpty: Bool
    private let clock: any SagaClock
    private let log: ScheduleLog
    private let stopped = Locked(false)

    /// Fires the schedules of a configuration that are switched on.
    init(
        _ entries: [RunnerConfig.ScheduleEntry], store: any ServiceStore, operations: Operations, log: ScheduleLog
    ) {
        let schedules = entries.filter(\.isEnabled).map(\.schedule)
        isEmpty = schedules.isEmpty
        clock = store.clock
        self.log = log
        let stopped = stopped
        scheduler = Scheduler(
            schedules, in: store, zones: SystemZones(), clock: store.clock,
            start: { saga, flow, input in
                guard !stopped.withLock({ $0 }) else { throw StoreError(.unavailable, "the daemon is stopping") }
                return try await operations.submit(saga, flow: flow, input: input)
            }, tell: { log.tell($0) })
    }

    /// Starts nothing any more; what was decided is started by another runner, or after the next start.
    func stop() { stopped.withLock { $0 = true } }

    /// Works until the task is cancelled, or at once ends when no schedule is in force and nothing is left of one.
    func run() async {
        var isAdopted = false
        while !Task.isCancelled, !stopped.withLock({ $0 }) {
            var next = clock.now() + Scheduler.longestWait
            do {
                if !isAdopted { try await scheduler.adopt() }
                isAdopted = true
                next = try await scheduler.round()
                if isEmpty { return }
            } catch {
                if !stopped.withLock({ $0 }) { log.tellFailure(error) }
            }
            await clock.sleep(until: next)
        }
    }
}
