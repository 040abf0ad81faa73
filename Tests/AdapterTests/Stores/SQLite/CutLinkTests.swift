import Adapters
import SagaEngine
import SagaTestKit
import Testing

@Suite(.serialized) struct CutLinkTests {
    struct Echo: Saga {
        typealias Input = Int64
        typealias Output = Int64
        static let name = "echo"
        enum Stage: String, SagaStage { case one }
        func run(_ input: Int64, in saga: SagaContext<Stage>) async throws -> Int64 {
            try await saga.step(.one) { input }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [32, 31])
    func `a saga with a cut link delays nobody`(_ length: Int) async throws {
        let folder = try ScratchFolder()
        let clock = SimulatedClock()
        let store = try await SQLiteStore.open(folder.configuration(clock: clock))
        let hand = StoreHand(store: store, clock: clock)
        for name in ["BROKEN", "NEIGHBOUR"] {
            _ = try await store.commit([.submit(try hand.seed(name, flow: Echo.flow, input: "7"))], under: nil)
        }
        await store.close()
        try folder.dropGuards()
        try folder.edit(
            "UPDATE progress SET head = substr(head, 1, \(length)) "
                + "WHERE number = (SELECT number FROM saga WHERE id = 'BROKEN')")
        let again = try await SQLiteStore.open(folder.configuration(clock: clock))
        var registry = FlowRegistry()
        registry.register(Echo())
        let runner = Runner(
            id: RunnerID("r1"),
            ports: Runner.Ports(
                store: again, registry: registry, counterparties: [], digest: PlainSHA256(),
                entropy: SeededEntropy(seed: 7)))
        let id = try hand.id("NEIGHBOUR")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            var status = SagaStatus.running
            for _ in 0..<100_000 {
                status = try await again.row(of: id)?.standing.status ?? status
                if status == .completed { break }
                if let moment = clock.nextMoment { clock.advance(to: moment) }
                await Task.yield()
            }
            #expect(status == .completed, "\(status)")
            runner.stop()
            try await group.waitForAll()
        }
        let broken = try #require(try await again.row(of: try hand.id("BROKEN")))
        #expect(broken.standing.status == (length == ChainLink.size ? .completed : .stuck))
        await again.close()
    }
}
