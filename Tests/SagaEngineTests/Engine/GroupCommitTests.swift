import Dispatch
import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct GroupCommitTests {
    /// Holds every commit until it is told to let go, and remembers their sizes.
    private final class Door: Sendable {
        private let state = Locked<(sizes: [Int], held: [CheckedContinuation<Void, Never>])>(([], []))
        var sizes: [Int] { state.withLock { $0.sizes } }

        func pass(_ batch: [StoreOperation]) async {
            await withCheckedContinuation { place in
                state.withLock { state in
                    state.sizes.append(batch.count)
                    state.held.append(place)
                }
            }
        }

        func untilHeld(_ commits: Int) async {
            while sizes.count < commits { await Task.yield() }
        }

        func letGo() {
            let held = state.withLock { state in
                defer { state.held = [] }
                return state.held
            }
            for place in held { place.resume() }
        }
    }

    /// What comes first runs first, as on the daemon's worker.
    private final class OneThread: TaskExecutor {
        private let queue = DispatchQueue(label: "one-thread")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private func print(_ number: Int) -> StoreOperation {
        .print(
            OperatorPrint(
                actor: "ann", role: "operator", action: "\(number)", saga: nil, reason: "why", version: nil,
                outcome: "done", detail: ""))
    }

    private func commit(_ number: Int, with writes: GroupCommit) async -> StoreError.Code? {
        do {
            _ = try await writes.commit(print(number))
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `what comes while the store syncs is committed together`() async throws {
        let memory = MemoryStore(clock: SimulatedClock(), digest: PlainSHA256())
        let door = Door()
        let store = HookedStore(memory, beforeCommit: { batch in await door.pass(batch) })
        let log = EventLog()
        let writes = GroupCommit(store: store, events: log, onReady: {})
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await writes.run() }
            await withTaskGroup(of: Void.self) { waiting in
                for number in 1...GroupCommit.batchesAtStore {
                    waiting.addTask { #expect(await commit(number, with: writes) == nil) }
                    await door.untilHeld(number)
                }
                for number in 1...20 { waiting.addTask { #expect(await commit(number, with: writes) == nil) } }
                while writes.gathered < 20 { await Task.yield() }
                door.letGo()
                await door.untilHeld(GroupCommit.batchesAtStore + 1)
                door.letGo()
            }
            writes.close()
        }
        #expect(
            door.sizes == Array(repeating: 1, count: GroupCommit.batchesAtStore) + [20],
            "a store that has few batches gets one at once, a busy one whatever has gathered")
        #expect(try await memory.prints(under: nil, limit: 100, offset: 0).count == GroupCommit.batchesAtStore + 20)
    }

    @Test func `what the first of a batch write next is handed over before the last of it go on`() async throws {
        let memory = MemoryStore(clock: SimulatedClock(), digest: PlainSHA256())
        let door = Door()
        let store = HookedStore(memory, beforeCommit: { batch in await door.pass(batch) })
        let writes = GroupCommit(store: store, events: EventLog(), onReady: {})
        let worker = OneThread()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2 * GroupCommit.cohort {
                group.addTask(executorPreference: worker) {
                    #expect(await commit(number, with: writes) == nil)
                    #expect(await commit(1_000 + number, with: writes) == nil)
                }
            }
            while writes.gathered < 2 * GroupCommit.cohort { await Task.yield() }
            group.addTask(executorPreference: worker) { await writes.run() }
            await door.untilHeld(1)
            door.letGo()
            await door.untilHeld(3)
            writes.close()
            door.letGo()
        }
        #expect(door.sizes == [2 * GroupCommit.cohort, GroupCommit.cohort, GroupCommit.cohort])
    }

    @Test func `a store that fails fails all that wait for it, and nobody after them`() async throws {
        let memory = MemoryStore(clock: SimulatedClock(), digest: PlainSHA256())
        let store = FaultyStore(memory, plan: .at(1, .unavailable))
        let log = EventLog()
        let writes = GroupCommit(store: store, events: log, onReady: {})
        await withTaskGroup(of: Void.self) { group in
            await withTaskGroup(of: StoreError.Code?.self) { waiting in
                for number in 0..<5 { waiting.addTask { await commit(number, with: writes) } }
                while writes.gathered < 5 { await Task.yield() }
                group.addTask { await writes.run() }
                for await code in waiting { #expect(code == .unavailable) }
            }
            #expect(await commit(9, with: writes) == nil)
            writes.close()
        }
        #expect(try await memory.prints(under: nil, limit: 100, offset: 0).map(\.print.action) == ["9"])
    }

    @Test func `closing writes what is queued and takes no more`() async throws {
        let memory = MemoryStore(clock: SimulatedClock(), digest: PlainSHA256())
        let writes = GroupCommit(store: memory, events: SilentSink(), onReady: {})
        await withTaskGroup(of: Void.self) { group in
            group.addTask { #expect(await commit(1, with: writes) == nil) }
            while writes.gathered < 1 { await Task.yield() }
            writes.close()
            #expect(await commit(2, with: writes) == .unavailable)
            group.addTask { await writes.run() }
        }
        #expect(try await memory.prints(under: nil, limit: 100, offset: 0).count == 1)
    }
}
