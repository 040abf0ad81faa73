import SagaTestKit
import Testing

@testable import SagaEngine

/// A runner over a memory store, with a clock that runs as fast as the runner sleeps.
struct Bench {
    let id = SagaID(trusted: "PAY-1")
    let clock = SimulatedClock()
    let party: ToyParty
    let memory: MemoryStore
    let store: any SagaStore
    let runner: Runner
    let operations: Operations
    let events = EventLog()

    /// What a test wants to be different.
    struct Setup {
        var party = ToyParty()
        var handlers: [any RecordHandler] = []
        var policies = EnginePolicies()
        var singleHanded = true
        /// A store between the runner and the memory.
        var wrap: (any SagaStore) -> any SagaStore = { $0 }
        var register: (inout FlowRegistry) -> Void = { _ in }
        /// The gate, by the bench's clock.
        var gate: (any SagaClock) -> any Gatekeeper = { _ in OpenGate() }
    }

    init(_ setup: Setup = Setup()) {
        party = setup.party
        memory = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: setup.handlers)
        store = setup.wrap(memory)
        var registry = FlowRegistry()
        registry.register(Payout())
        registry.register(Payroll())
        setup.register(&registry)
        runner = Runner(
            id: RunnerID("r1"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: [party], gate: setup.gate(clock),
                policies: setup.policies, digest: PlainSHA256(), entropy: SeededEntropy(seed: 7), events: events))
        operations = Operations(runner: runner, singleHanded: setup.singleHanded)
    }

    static func use(_ setup: Setup = Setup(), _ body: (Bench) async throws -> Void) async throws {
        let bench = Bench(setup)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.runner.run() }
            do {
                try await body(bench)
            } catch {
                bench.runner.stop()
                throw error
            }
            bench.runner.stop()
            try await group.waitForAll()
        }
    }

    /// Runs one improvised flow as the bench's saga.
    static func run(_ script: @escaping Improvised.Body, then body: (Bench) async throws -> Void) async throws {
        try await run(Setup(), script, then: body)
    }

    /// Runs one improvised flow as the bench's saga, on a bench of its own kind.
    static func run(
        _ setup: Setup, input: String = "41", _ script: @escaping Improvised.Body,
        then body: (Bench) async throws -> Void
    ) async throws {
        var setup = setup
        let others = setup.register
        setup.register = { registry in
            others(&registry)
            registry.register(Improvised(script))
        }
        try await use(setup) { bench in
            _ = try await bench.operations.submit(bench.id, flow: Improvised.flow, input: Array(input.utf8))
            try await body(bench)
        }
    }

    func row(_ saga: SagaID? = nil) async throws -> SagaRow {
        try #require(try await memory.row(of: saga ?? id))
    }

    func predicament(_ saga: SagaID? = nil) async throws -> Predicament {
        try #require(try await row(saga).standing.readPredicament())
    }

    func journal(_ saga: SagaID? = nil) async throws -> [JournalEntry] {
        try await memory.journal(of: saga ?? id, after: 0, limit: 500)
    }

    /// Acts as an operator on whatever version there is.
    @discardableResult
    func act(_ action: OperatorAction, on saga: SagaID? = nil) async throws -> Int {
        try await operations.act(
            action, on: saga ?? id, by: Operator(name: "ann", role: .operator), reason: "cleared up", version: nil)
    }

    /// A notice about an instruction of the bench's saga comes in.
    func tell(
        _ stage: String, amount: String = "42", id notice: String = "n1", verdict: Notice.Verdict = .settled,
        of saga: SagaID? = nil
    ) async throws {
        _ = try await operations.accept(
            party.notice("\(saga ?? id)/\(stage)", amount: amount, id: notice, verdict: verdict))
    }

    /// Lets time pass until the saga stands so.
    func until(
        _ statuses: SagaStatus..., cause: Predicament.Cause? = nil, of saga: SagaID? = nil, inNoTime: Bool = false
    ) async throws {
        let stands = try await pass(inNoTime: inNoTime) {
            guard let row = try await memory.row(of: saga ?? id), statuses.contains(row.standing.status) else {
                return false
            }
            guard let cause else { return true }
            // Of the row that was read: by another look it may have gone on.
            return try row.standing.readPredicament()?.cause == cause
        }
        guard !stands else { return }
        Issue.record("the saga never stood so: \(String(describing: try await memory.row(of: saga ?? id)))")
    }

    /// Lets time pass until something is so, or waits for it while the clock stands; whether it came to be.
    ///
    /// Before the runner has claimed anything it looks idle, and time passes for it, too.
    func pass(inNoTime: Bool = false, until isSo: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<200_000 {
            if try await isSo() { return true }
            await Task.yield()
            if inNoTime { continue }
            if let moment = clock.nextMoment, runner.active == 0, moment < clock.now() + .seconds(6) {
                clock.advance(to: moment)
            }
        }
        return false
    }
}

/// A flow that a test writes on the spot.
struct Improvised: Saga {
    typealias Body = @Sendable (Int64, SagaContext<Stage>) async throws -> Int64
    typealias Input = Int64
    typealias Output = Int64
    static let name = "improvised"
    enum Stage: String, SagaStage { case one, two, three, four, five }

    private let body: Body

    init(_ body: @escaping Body) { self.body = body }

    func run(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 { try await body(input, saga) }
}

/// Keeps all events.
final class EventLog: EventSink {
    private let events = Locked<[EngineEvent]>([])
    func record(_ event: EngineEvent) { events.withLock { $0.append(event) } }
    var all: [EngineEvent] { events.withLock { $0 } }
}

/// Refuses every record of thirteen.
struct ToyBooks: RecordHandler {
    let kind = "toy.book"

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        guard record.body != Array("13".utf8) else {
            throw RecordViolation(code: "books.thirteen", message: "thirteen is never booked")
        }
        try books.append(record.body, to: "entries", key: cause.stage.rawValue, cause: cause)
    }
}
