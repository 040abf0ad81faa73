import Adapters
import SagaEngine

/// Starts new sagas as others end, so that the number in flight stays the same until none is left to start.
final class Feeder {
    private static let rootID = "SG-BENCH"
    private static let stage = StageName(rawValue: "line")

    private let total: Int
    private let page: Int
    private let store: any ServiceStore
    private let root: SagaNumber
    private let id: SagaID
    private var started = 0
    private var free = 0
    private var finished = 0

    var isOver: Bool { finished == total }

    init(total: Int, page: Int, store: any ServiceStore) async throws {
        self.total = total
        self.page = page
        self.store = store
        guard let id = SagaID(rawValue: Self.rootID) else { throw BenchFailure("\(Self.rootID) is no id") }
        self.id = id
        // A flow that no runner knows: the root is nobody's work, and only has children.
        let flow = FlowID(name: "bench-root", version: 1)
        let genesis = ChainLink.genesis(of: id, flow: flow, input: [], by: SHA256Digest())
        let results = try await store.commit(
            [.submit(NewSaga(id: id, flow: flow, input: [], genesis: genesis))], under: nil)
        guard case .submitted(let number)? = results.first else { throw BenchFailure("the root is not new") }
        root = number
    }

    func start(_ count: Int) async throws {
        let last = min(total, started + count)
        let children = try (started..<last).map { try child($0) }
        let spawn = Spawn(stage: Self.stage, children: children, pivoted: true)
        let append = Append(
            saga: root, right: .version(0), entries: [], disposition: .sleep(Wake(onChildren: true)),
            standing: Standing(status: .waiting, pivoted: true), spawn: spawn)
        let results = try await store.commit([.append(append)], under: nil)
        guard case .appended? = results.first else { throw BenchFailure("children cannot be started: \(results)") }
        started = last
    }

    /// Notes that some ended; starts others when a page of them has.
    func ended(_ count: Int) async throws -> Bool {
        finished += count
        free += count
        guard started < total, free >= page else { return false }
        let room = free
        free = 0
        try await start(room)
        return true
    }

    private func child(_ number: Int) throws -> Spawn.Child {
        let line = BenchLine(number: number)
        guard let element = ElementID(rawValue: line.investor) else { throw BenchFailure("no name for a line") }
        let input = try JournalEncoder().encode(line)
        let id = id.child(of: Self.stage, element: element)
        let genesis = ChainLink.genesis(of: id, flow: BenchSettlement.flow, input: input, by: SHA256Digest())
        return Spawn.Child(
            element: element, saga: NewSaga(id: id, flow: BenchSettlement.flow, input: input, genesis: genesis))
    }
}
