import SagaEngine
import SagaTestKit
import Testing

@Suite struct FaultyStoreTests {
    private let memory = MemoryStore(clock: SimulatedClock(), digest: PlainSHA256())
    private let tally = FaultTally()

    private func print(_ action: String) -> StoreOperation {
        .print(
            OperatorPrint(
                actor: "ops", role: "operator", action: action, saga: nil, reason: "", version: nil, outcome: "done",
                detail: ""))
    }

    /// Tries one commit in a new life; the code of the error, or `nil` when there was none.
    private func life(_ action: String, plan: FaultPlan) async -> (store: FaultyStore, code: StoreError.Code?) {
        let store = FaultyStore(memory, plan: plan, tally: tally)
        do {
            _ = try await store.commit([print(action)], under: nil)
            return (store, nil)
        } catch {
            return (store, error.code)
        }
    }

    @Test(
        arguments: [
            (StoreFault.none, nil, true), (.crashBefore, .simulated, false), (.crashAfter, .simulated, true),
            (.errorAfterApplying, .unavailable, true), (.unavailable, .unavailable, false),
        ] as [(StoreFault, StoreError.Code?, Bool)])
    func `each fault writes or not, and says what it says`(
        _ fault: StoreFault, _ code: StoreError.Code?, _ isWritten: Bool
    ) async throws {
        let (store, seen) = await life("first", plan: .at(1, fault))
        #expect(seen == code)
        #expect(try await memory.prints(under: nil, limit: 9, offset: 0).count == (isWritten ? 1 : 0))
        #expect(store.isDead == fault.isCrash)
        #expect(tally.count(of: fault) == 1)
        #expect(tally.points == 1)
    }

    @Test func `a dead life can do nothing more, and its store lives on`() async throws {
        let (store, _) = await life("first", plan: .at(1, .crashAfter))
        let simulated = StoreError(.simulated, "the process has crashed")
        await #expect(throws: simulated) { try await store.commit([print("second")], under: nil) }
        await #expect(throws: simulated) { try await store.prints(under: nil, limit: 1, offset: 0) }
        await #expect(throws: simulated) { try await store.load([]) }
        await #expect(throws: simulated) { try await store.nextWake(for: []) }
        #expect(tally.points == 1)
        #expect(try await memory.prints(under: nil, limit: 9, offset: 0).map(\.print.action) == ["first"])
    }

    @Test func `persist points are counted over all lives`() async throws {
        let plan = FaultPlan.at([2: .crashBefore, 4: .unavailable])
        var codes: [StoreError.Code?] = []
        for action in ["1", "2", "3", "4", "5"] { codes.append(await life(action, plan: plan).code) }
        #expect(codes == [nil, .simulated, nil, .unavailable, nil])
        #expect(tally.points == 5)
        #expect(tally.faults == 2)
        let written = try await memory.prints(under: nil, limit: 9, offset: 0).map(\.print.action)
        #expect(written == ["5", "3", "1"])
    }

    @Test func `a random plan repeats by its seed, strikes with every fault and ends where it is told to`() {
        let plan = FaultPlan.random(seed: 42, oneIn: 10, until: 4_000)
        let again = FaultPlan.random(seed: 42, oneIn: 10, until: 4_000)
        let faults = (1...5_000).map(plan.fault(at:))
        #expect((1...5_000).map(again.fault(at:)) == faults)
        #expect(Set(faults) == Set(StoreFault.allCases))
        #expect(faults[4_000...].allSatisfy { $0 == .none })
        let struck = faults.count { $0 != .none }
        #expect((300...500).contains(struck))
    }
}
