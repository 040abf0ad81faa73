internal import Foundation
internal import SagaEngine

/// A thread of its own for something that blocks and must never be touched by two threads, such as a connection.
///
/// What lives on it is made there and goes there; nobody outside ever holds it, so it need not be `Sendable`.
final class ResidentThread<Resident, Item: Sendable>: Sendable {
    private struct Life {
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Where work for the thread is left.
    let queue: WorkQueue<Item>
    private let life = Locked(Life())

    private init(queue: WorkQueue<Item>) {
        self.queue = queue
    }

    deinit {
        queue.close()
    }

    /// Starts a thread, makes its resident on it, and from then on gives it one item after the other.
    static func start(
        name: String, limit: Int, resident make: @escaping @Sendable () throws(StoreError) -> Resident,
        work: @escaping @Sendable (Resident, Item, WorkQueue<Item>) -> Void
    ) async throws(StoreError) -> ResidentThread {
        let queue = WorkQueue<Item>(limit: limit)
        let thread = ResidentThread(queue: queue)
        let failure: StoreError? = await withCheckedContinuation { started in
            let body = Thread { [weak thread] in
                Self.live(on: queue, started: started, make, work)
                thread?.end()
            }
            body.name = name
            body.stackSize = 4 << 20
            body.start()
        }
        if let failure { throw failure }
        return thread
    }

    /// Lets the thread finish what it has been given, and waits until its resident is gone.
    func stop() async {
        queue.close()
        await withCheckedContinuation { waiter in
            let hasEnded = life.withLock { life in
                if !life.hasEnded { life.waiters.append(waiter) }
                return life.hasEnded
            }
            if hasEnded { waiter.resume() }
        }
    }

    private static func live(
        on queue: WorkQueue<Item>, started: CheckedContinuation<StoreError?, Never>,
        _ make: @Sendable () throws(StoreError) -> Resident,
        _ work: @Sendable (Resident, Item, WorkQueue<Item>) -> Void
    ) {
        let resident: Resident
        do {
            resident = try make()
        } catch {
            started.resume(returning: error)
            return
        }
        started.resume(returning: nil)
        while let item = queue.next() { work(resident, item, queue) }
    }

    private func end() {
        let waiters = life.withLock { life in
            life.hasEnded = true
            defer { life.waiters = [] }
            return life.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
