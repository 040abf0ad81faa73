import Adapters
import SagaEngine
import SagaTestKit
import SettlementFlows

/// One recorded saga, put before today's runner as it was just before it ended.
///
/// The outside is deaf: whatever the flow would send, ask or write besides its end shows in what is returned.
struct JournalReplay {
    static let digest = PlainSHA256()

    /// What the runner did.
    struct Outcome {
        let appends: [Append]
        let calls: [String]
    }

    private let store: ReplayStore
    private let runner: Runner
    private let parties: [DeafParty]

    /// - Throws: when today's code does not know the saga's flow and version.
    init(_ saga: RecordedSaga, among run: [RecordedSaga]) throws {
        let clock = SimulatedClock(now: saga.entries.last?.at ?? Timestamp(milliseconds: 0))
        let book = try MemoryOfferingBook(
            offering: SampleTerms().offering(after: clock.now()), units: OfferingSettlementTests.three)
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: book, books: MockSettlementBooks(world: MockWorld(clock: clock)) { [] },
            neighbours: NoNeighbours())
        guard let flow = saga.flow, registry.all.contains(flow) else { throw ForgottenFlow(name: saga.head.flow) }
        store = ReplayStore(saga, flow: flow, among: run, clock: clock)
        parties = [Parties.custodian, Parties.blockchain, Parties.bank].map { DeafParty(name: $0) }
        runner = Runner(
            id: RunnerID("replay"),
            ports: Runner.Ports(
                store: store, registry: registry, counterparties: parties, digest: Self.digest,
                entropy: SeededEntropy(seed: 1)))
    }

    func outcome() async throws -> Outcome {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            for await _ in store.written { break }
            runner.stop()
            try await group.waitForAll()
        }
        return Outcome(appends: store.appends, calls: parties.flatMap(\.calls))
    }
}

/// A recorded saga that nothing can run any more.
struct ForgottenFlow: Error, CustomStringConvertible {
    let name: String

    var description: String {
        "\(name) is no longer among the flows, but sagas may still run under it: keep the version until none does"
    }
}

/// A counterparty that understands everything and answers nothing.
final class DeafParty: Counterparty {
    let terms: CounterpartyTerms
    private let heard = Locked<[String]>([])

    init(name: CounterpartyName) {
        terms = CounterpartyTerms(
            name: name, quietTime: .seconds(1), keyRetention: .forever, settlement: .noticeOrFind,
            instructions: Parties.instructions(for: name))
    }

    var calls: [String] { heard.withLock { $0 } }

    private func hear(_ verb: String, _ key: IdempotencyKey) {
        heard.withLock { $0.append("\(terms.name) \(verb) \(key)") }
    }

    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        hear("render", key)
        throw Unrenderable("nothing is to be sent")
    }

    func deliver(_ request: WireRequest) async -> Delivery {
        hear("deliver", request.key)
        return .unknown(CallFailure(code: "deaf"), Exchange(status: "deaf", latency: .zero))
    }

    func find(_ request: WireRequest) async -> Finding {
        hear("find", request.key)
        return .notYetKnown(CallFailure(code: "deaf"), Exchange(status: "deaf", latency: .zero))
    }

    func requestNotice(for request: WireRequest) async -> NoticeRequest {
        hear("resend", request.key)
        return .failed(CallFailure(code: "deaf"), Exchange(status: "deaf", latency: .zero))
    }
}
