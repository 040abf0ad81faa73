import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct TurningBackTests {
    /// Waits for a moment in milliseconds, and can be called off unless something is said to have moved.
    private struct Sale: Saga, Compensable {
        typealias Input = Int64
        typealias Output = Int64
        static let name = "sale"
        enum Stage: String, SagaStage { case forgotten, day, opening, untouched }
        let hasMoved: Locked<Bool>
        /// Whether money has gone back before it is seen that something has moved.
        var seesTooLate = false

        func run(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 {
            try await saga.lookBack(.forgotten) { true }
            try await saga.sleep(.day, until: Timestamp(milliseconds: input))
            return 1
        }

        func compensate(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 {
            if seesTooLate { try await saga.pointOfNoReturn() }
            _ = try await saga.look(.opening) { try look() }
            try await saga.pointOfNoReturn()
            return 2
        }

        func proveUntouched(_ input: Int64, in saga: SagaContext<Stage>) async throws {
            try await saga.lookBack(.untouched) { try look() }
        }

        private func look() throws -> Bool {
            if hasMoved.withLock({ $0 }) { throw CannotTurnBack(message: "it has moved; resume") }
            return true
        }
    }

    /// Hands a sale in that waits for ever, in a life of the data, and lets a test look on.
    private func sell(
        restored: Bool, hasMoved: Bool, seesTooLate: Bool = false, _ body: (Bench, Locked<Bool>) async throws -> Void
    ) async throws {
        let moved = Locked(hasMoved)
        let bench = Bench(
            Bench.Setup(register: { $0.register(Sale(hasMoved: moved, seesTooLate: seesTooLate)) }))
        if restored { _ = try await bench.memory.commit([.reincarnate(reason: "test")], under: nil) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.runner.run() }
            let input = Array("\((bench.clock.now() + .hours(9)).milliseconds)".utf8)
            _ = try await bench.operations.submit(bench.id, flow: Sale.flow, input: input)
            if restored { try await passQuietTime(bench) }
            try await bench.until(.waiting, cause: .awaitingMoment)
            try await body(bench, moved)
            bench.runner.stop()
            try await group.waitForAll()
        }
    }

    /// The party's quiet time after a restore is longer than a bench lets pass by itself.
    private func passQuietTime(_ bench: Bench) async throws {
        let quiet = bench.clock.now() + bench.party.terms.quietTime
        try await bench.until(.waiting, .compensating, cause: .awaitingMoment, inNoTime: true)
        #expect(try await bench.predicament().message.contains("before the restore"))
        bench.clock.advance(to: quiet)
        let isQuiet = try await bench.pass {
            let row = try await bench.row()
            return try row.standing.readPredicament()?.message.contains("before the restore") != true
        }
        #expect(isQuiet)
    }

    private func stages(_ bench: Bench) async throws -> [String] {
        try await bench.journal().filter { $0.kind == .value }.map(\.stage.rawValue)
    }

    @Test func `in data that was never restored nothing is forgotten, so nothing is looked for`() async throws {
        try await sell(restored: false, hasMoved: true) { bench, _ in
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            #expect(try await stages(bench) == [])
        }
    }

    @Test func `after a restore a look waits until all that was sent before has arrived`() async throws {
        try await sell(restored: true, hasMoved: false) { bench, _ in
            try await bench.act(.discard)
            try await bench.until(.cancelled)
            #expect(try await stages(bench) == ["forgotten", "untouched"])
            let since = try await bench.memory.incarnation().since
            let first = try #require(try await bench.journal().first { $0.kind == .value })
            #expect(first.at >= since + bench.party.terms.quietTime)
        }
    }

    @Test(arguments: [OperatorAction.discard, .cancel])
    func `what cannot be called off says so, is not called off otherwise, and goes forward when it is resumed`(
        action: OperatorAction
    ) async throws {
        try await sell(restored: true, hasMoved: true) { bench, moved in
            try await bench.act(action)
            try await bench.until(.stuck, cause: .impossible)
            #expect(try await bench.predicament().message == "it has moved; resume")
            for other in [OperatorAction.discard, .cancel] {
                await #expect(throws: ActionRefused.self) { try await bench.act(other) }
            }
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingMoment)
            moved.withLock { $0 = false }
            try await bench.act(action)
            try await bench.until(.cancelled)
        }
    }

    @Test func `a calling off that is past its point of no return never goes forward`() async throws {
        try await sell(restored: false, hasMoved: true, seesTooLate: true) { bench, moved in
            try await bench.act(.cancel)
            try await bench.until(.stuck, cause: .halted)
            try await bench.act(.resume)
            try await bench.until(.stuck, cause: .halted)
            moved.withLock { $0 = false }
            try await bench.act(.resume)
            try await bench.until(.cancelled)
        }
    }
}
