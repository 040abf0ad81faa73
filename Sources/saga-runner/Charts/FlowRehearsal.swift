internal import Adapters
internal import SagaEngine
internal import SagaTestKit
internal import SettlementFlows

/// One scripted settlement in memory, against mocks, on a clock that moves on when all rest.
struct FlowRehearsal {
    /// How often it is looked whether the rehearsal has come where it should; the scripts need a few thousand looks.
    static let patience = 400_000
    /// After so many looks time passes even while a call is under way, since the call may be waiting for it.
    private static let busyPatience = 300

    private let script: RehearsalScript
    private let clock = SimulatedClock()
    private let recorder = TraceRecorder()
    private let book: MemoryOfferingBook
    private let world: MockWorld
    private let store: MemoryStore
    private let runner: Runner
    private let operations: Operations

    init(_ script: RehearsalScript) throws {
        self.script = script
        book = try MemoryOfferingBook(offering: script.terms.offering(after: clock.now()), units: script.units)
        let store = MemoryStore(clock: clock, digest: PlainSHA256(), handlers: FlowCatalogue.recordHandlers)
        self.store = store
        world = MockWorld(faults: Adapters.FaultPlan(rules: script.faults), clock: clock)
        let books = MockSettlementBooks(world: world) {
            store.books.log(LedgerHandler.log).map { MockSettlementBooks.Line(key: $0.key, body: $0.body) }
        }
        var registry = FlowRegistry()
        FlowCatalogue.register(into: &registry, book: book, books: books, neighbours: NoNeighbours())
        runner = Runner(
            id: RunnerID("rehearsal"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: world.settlementParties, digest: PlainSHA256(),
                entropy: SeededEntropy(seed: 1), events: recorder))
        operations = Operations(runner: runner, singleHanded: true)
        try world.openAccounts(of: book)
    }

    /// Plays the script to its end; answers what each flow did, the longest way first, whatever came in between.
    func traces(of flows: [FlowID]) async throws -> [FlowTrace] {
        if script.isRestored { _ = try await store.commit([.reincarnate(reason: script.name)], under: nil) }
        let operations = operations
        world.hook(
            MockHooks(notice: { notice in
                do {
                    _ = try await operations.accept(notice)
                    return true
                } catch {
                    // Not acknowledged, so it is sent again.
                    return false
                }
            }))
        let stuck = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            group.addTask { await world.run() }
            defer { group.cancelAll() }
            return try await play(flows)
        }
        // A saga's end is told after it is written; with the runner gone, everything has been told.
        return flows.flatMap { Self.ordered(recorder.traces(of: $0)) } + stuck
    }

    /// Returns the traces of what was stuck when the person came.
    private func play(_ flows: [FlowID]) async throws -> [FlowTrace] {
        let id = try Self.saga(book.offering.id.rawValue)
        _ = try await operations.submit(
            id, flow: OfferingSettlement.flow, input: try JournalEncoder().encode(book.sealed))
        var stuck: [FlowTrace] = []
        if let intervention = script.intervention {
            let saga = try Self.saga(intervention.saga)
            // A moment that is waited for would pass unseen if time went by before the saga has come to wait for it.
            try await until(saga, timePasses: intervention.cause != .awaitingMoment) {
                try Self.predicament(of: $0)?.cause == intervention.cause
            }
            stuck = flows.flatMap { recorder.traces(of: $0) }.filter { $0.ending == .stuck }
            try await act(intervention.action, on: saga)
        }
        try await until(id) { $0.standing.status.isTerminal }
        return stuck
    }

    /// Acts as a person does who tries again when a runner is just looking at the saga.
    private func act(_ action: OperatorAction, on saga: SagaID) async throws {
        let person = Operator(name: "rehearsal", role: .admin)
        for _ in 1...Self.patience {
            do {
                _ = try await operations.act(action, on: saga, by: person, reason: script.name, version: nil)
                return
            } catch let refused as ActionRefused where refused.code == .busy {
                await Task.yield()
            }
        }
        throw RehearsalStalled(script: script.name, saga: saga)
    }

    private func until(
        _ saga: SagaID, timePasses: Bool = true, _ isThere: (SagaRow) throws -> Bool
    ) async throws {
        for look in 1...Self.patience {
            // Taken before the saga is looked at: a wait that begins later is never slept through unseen.
            let isAtRest = runner.active == 0 || look.isMultiple(of: Self.busyPatience)
            let moment = timePasses && isAtRest ? clock.nextMoment : nil
            if let row = try await store.row(of: saga), try isThere(row) { return }
            if let moment { clock.advance(to: moment) }
            await Task.yield()
        }
        throw RehearsalStalled(script: script.name, saga: saga)
    }

    private static func predicament(of row: SagaRow) throws -> Predicament? {
        guard row.standing.status == .stuck || row.standing.status == .waiting else { return nil }
        return try row.standing.readPredicament()
    }

    private static func saga(_ text: String) throws(ScriptMistake) -> SagaID {
        guard let id = SagaID(rawValue: text) else { throw ScriptMistake(description: "\(text) is no saga's id") }
        return id
    }

    /// Which saga came first depends on the machine; what they did does not.
    private static func ordered(_ traces: [FlowTrace]) -> [FlowTrace] {
        traces.map { (trace: $0, words: $0.steps.map(\.stage.rawValue).joined(separator: " ")) }
            .sorted { left, right in
                let (long, short) = (left.trace.steps.count, right.trace.steps.count)
                return long == short ? left.words < right.words : long > short
            }
            .map(\.trace)
    }
}

/// A rehearsal that did not come where its script leads.
struct RehearsalStalled: Error, CustomStringConvertible {
    let script: String
    let saga: SagaID

    var description: String {
        "the rehearsal of '\(script)' stopped at \(saga): the flows have changed, and its script must follow"
    }
}

/// A script that names what cannot be.
struct ScriptMistake: Error, CustomStringConvertible {
    let description: String
}
