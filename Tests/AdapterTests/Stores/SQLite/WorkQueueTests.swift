import Testing

@testable import Adapters

@Suite struct WorkQueueTests {
    @Test func `the more urgent class goes first, and within a class the first come`() {
        let queue = WorkQueue<Int>(limit: 10)
        for (item, jobClass) in [(1, StoreJobClass.bulk), (2, .sagas), (3, .webhooks), (4, .sagas), (5, .webhooks)] {
            #expect(queue.add(item, jobClass) == nil)
        }
        #expect((0..<5).map { _ in queue.next() } == [3, 5, 2, 4, 1])
    }

    @Test func `nobody is passed over for ever`() {
        let queue = WorkQueue<Int>(limit: 100)
        _ = queue.add(-1, .bulk)
        for item in 0..<50 { _ = queue.add(item, .webhooks) }
        let served = (0..<20).compactMap { _ in queue.next() }
        #expect(served.firstIndex(of: -1) == WorkQueue<Int>.patience)
    }

    @Test func `a class that is full refuses, and leaves room to the others`() {
        let queue = WorkQueue<Int>(limit: 2)
        #expect(queue.add(1, .bulk) == nil)
        #expect(queue.add(2, .bulk) == nil)
        #expect(queue.add(3, .bulk) == .full)
        #expect(queue.add(4, .sagas) == nil)
    }

    @Test func `what was taken before the end is served, and nothing after it`() {
        let queue = WorkQueue<Int>(limit: 2)
        _ = queue.add(1, .sagas)
        queue.close()
        #expect(queue.add(2, .sagas) == .closed)
        #expect(queue.next() == 1)
        #expect(queue.next() == nil)
    }

    @Test func `only what is wanted is taken along`() {
        let queue = WorkQueue<Int>(limit: 5)
        for item in [1, 2, 3] { _ = queue.add(item, .sagas) }
        #expect(queue.nextIfReady { $0 == 1 } == 1)
        #expect(queue.nextIfReady { $0 == 3 } == nil)
        #expect(queue.next() == 2)
    }
}
