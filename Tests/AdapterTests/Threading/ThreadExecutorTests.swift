import Adapters
import Foundation
import Synchronization
import Testing

@Suite struct ThreadExecutorTests {
    private actor Counter {
        let executor: ThreadExecutor
        var count = 0
        var threads: Set<ObjectIdentifier> = []

        init(_ executor: ThreadExecutor) { self.executor = executor }

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        /// The name that the system shows of the thread this runs on.
        func threadName() -> String {
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16) { buffer in
                guard let base = buffer.baseAddress, pthread_getname_np(pthread_self(), base, buffer.count) == 0 else {
                    return ""
                }
                return String(cString: base)
            }
        }

        func add() {
            count += 1
            threads.insert(ObjectIdentifier(Thread.current))
        }
    }

    @Test func `all jobs run one at a time on the one thread`() async {
        let counter = Counter(ThreadExecutor(name: "counter"))
        await withTaskGroup { group in
            for _ in 0..<1_000 { group.addTask { await counter.add() } }
        }
        #expect(await counter.count == 1_000)
        #expect(await counter.threads.count == 1)
    }

    @Test(arguments: [("short", "short"), ("fifteen-letters", "fifteen-letters"), ("one-letter-more!", "one-letter-more")])
    func `the system shows a thread by its name`(given: String, shown: String) async {
        #expect(await Counter(ThreadExecutor(name: given)).threadName() == shown)
    }

    @Test func `executors come and go without their jobs being lost`() async {
        for _ in 0..<200 {
            let counter = Counter(ThreadExecutor(name: "short"))
            await counter.add()
            #expect(await counter.count == 1)
        }
    }
}
