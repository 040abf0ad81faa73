import Adapters
import SagaEngine

/// Runs so many settlement-shaped sagas through the engine, with so many begun and not ended at any time.
///
/// Each is the child of one root that is past its point of no return. A feeder starts a page of new ones as others end;
/// that is inside what is measured. The callbacks come through the store's own door, one commit each as webhooks do,
/// and only once the saga that waits is a row and out of memory.
struct EngineRun: Sendable {
    let sagas: Int
    let inFlight: Int
    let place: BenchPlace
    let tape: TransactionTape
    /// How fast callbacks come; `nil` for each as soon as it is waited for.
    var pace: Pace?
    /// Whether the engine's tasks share one thread of their own, or run on the process's pool.
    var onOneThread = true

    struct Outcome: Sendable {
        let figures: StageFigures
        let latencies: [UInt64]
    }

    /// Feeding and calling back go on beside the runner, on the process's pool, as webhooks do in the daemon.
    @concurrent
    func run() async throws -> Outcome {
        let worker = onOneThread ? WorkerExecutor(name: "worker") : nil
        let inner = try await BenchStore.open(at: place, tape: tape)
        let (news, heard) = AsyncStream.makeStream(of: WatchedStore.News.self)
        let store = WatchedStore(inner) { heard.yield($0) }
        let party = BenchParty()
        let runner = try Self.runner(on: store, party, inFlight: inFlight)
        let feeder = try await Feeder(total: sagas, page: max(1, inFlight / 8), store: inner)
        let meter = StageMeter()
        let (due, callBack) = AsyncStream.makeStream(of: String.self)
        let figures = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: worker) { try await runner.run() }
            let tell: @Sendable (String) async throws -> Void = { reference in
                try await Self.callBack(about: reference, party, inner, store)
                runner.wake()
            }
            if let pace { group.addTask { try await Self.callBacks(about: due, at: pace, tell) } }
            try await feeder.start(inFlight)
            runner.wake()
            for await item in news {
                for reference in item.due {
                    if pace == nil { group.addTask { try await tell(reference) } } else { callBack.yield(reference) }
                }
                if item.ended > 0 {
                    if try await feeder.ended(item.ended) { runner.wake() }
                    if feeder.isOver { break }
                }
            }
            let figures = meter.read(stages: sagas * BenchSettlement.stages, tape: tape)
            runner.stop()
            callBack.finish()
            try await group.waitForAll()
            return figures
        }
        let written = try await BenchStore.stages(in: inner)
        await inner.close()
        guard written == figures.stages else {
            throw BenchFailure("\(written) stages are durable, not \(figures.stages)")
        }
        return Outcome(figures: figures, latencies: store.latencies)
    }

    /// Calls back about one reference after the other at a steady rate, each beside the others.
    private static func callBacks(
        about due: AsyncStream<String>, at pace: Pace, _ tell: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await pace.run(due) { reference in group.addTask { try await tell(reference) } }
            try await group.waitForAll()
        }
    }

    private static func runner(on store: WatchedStore, _ party: BenchParty, inFlight: Int) throws -> Runner {
        var registry = FlowRegistry()
        registry.register(BenchSettlement())
        var policies = EnginePolicies()
        // Nobody is asked: every callback comes.
        policies.notices[BenchParty.name] = NoticePolicy(patience: .hours(24), asking: .standard)
        return Runner(
            id: RunnerID("bench"), limits: Runner.Limits(inFlight: inFlight, claimBatch: inFlight, lease: .minutes(10)),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: [party], policies: policies, digest: SHA256Digest(),
                entropy: SystemEntropy()))
    }

    private static func callBack(
        about reference: String, _ party: BenchParty, _ inbox: any ServiceStore, _ store: WatchedStore
    ) async throws {
        guard let notice = party.callbacks.notice(about: reference) else {
            throw BenchFailure("\(reference) is waited for and was never ordered")
        }
        _ = try await inbox.commit([.notice(NewNotice(notice: notice))], under: nil)
        store.accepted(reference, at: Machine.nanoseconds())
    }
}
