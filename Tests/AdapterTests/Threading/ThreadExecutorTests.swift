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
        func threadName() throws -> String {
            let name = try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            return String(name.prefix { $0 != "\n" })
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

    @Test(arguments: ["brief", "fifteen-letters", "sixteen-letters!"])
    func `the system shows a thread by its name`(name: String) async throws {
        // The system keeps 15 bytes.
        #expect(try await Counter(ThreadExecutor(name: name)).threadName() == name.prefix(15))
    }

    @Test func `executors come and go without their jobs being lost`() async {
        for _ in 0..<200 {
            let counter = Counter(ThreadExecutor(name: "short"))
            await counter.add()
            #expect(await counter.count == 1)
        }
    }
}
