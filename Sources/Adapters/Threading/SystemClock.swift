internal import Foundation
public import SagaEngine

/// The system's time, and one thread that wakes everybody whose moment has come.
///
/// A sleep costs an entry in a heap, not a timer of the system's: a daemon has one for every deadline near enough.
public final class SystemClock: SagaClock {
    private let timers: SystemTimers

    /// Starts the thread.
    public init() {
        let timers = SystemTimers()
        self.timers = timers
        NamedThread.start("timers") { timers.runUntilClosed() }
    }

    deinit {
        timers.close()
    }

    /// The moment now.
    public func now() -> Timestamp { Self.moment() }

    /// Returns once `moment` has come, or earlier when the task is cancelled.
    public func sleep(until moment: Timestamp) async {
        let timers = timers
        let ticket = timers.ticket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { timers.add(ticket, moment, $0) }
        } onCancel: {
            timers.cancel(ticket)
        }
    }

    fileprivate static func moment() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Who sleeps until when.
///
/// Unchecked: every access to what varies holds the condition's lock.
private final class SystemTimers: @unchecked Sendable {
    /// The thread looks at the clock at least this often while somebody sleeps: the clock may have been set.
    private static let longestNap: TimeInterval = 60

    private let condition = NSCondition()
    private var heap = TimerHeap()
    private var asleep: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var cancelled: Set<UInt64> = []
    private var lastTicket: UInt64 = 0
    private var isClosed = false

    func ticket() -> UInt64 {
        condition.withLock {
            lastTicket += 1
            return lastTicket
        }
    }

    func add(_ ticket: UInt64, _ moment: Timestamp, _ sleeper: CheckedContinuation<Void, Never>) {
        let isOver = condition.withLock { () -> Bool in
            if cancelled.remove(ticket) != nil || isClosed || moment <= SystemClock.moment() { return true }
            asleep[ticket] = sleeper
            let isFirst = heap.push(TimerHeap.Timer(moment: moment, ticket: ticket))
            if isFirst { condition.signal() }
            return false
        }
        if isOver { sleeper.resume() }
    }

    func cancel(_ ticket: UInt64) {
        let sleeper = condition.withLock { () -> CheckedContinuation<Void, Never>? in
            let sleeper = asleep.removeValue(forKey: ticket)
            // A cancellation may come before the sleep it is for.
            if sleeper == nil { cancelled.insert(ticket) }
            if heap.count > 64, heap.count > 2 * asleep.count { heap.keep { asleep[$0.ticket] != nil } }
            return sleeper
        }
        sleeper?.resume()
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    func runUntilClosed() {
        while let due = next() {
            for sleeper in due { sleeper.resume() }
        }
    }

    private func next() -> [CheckedContinuation<Void, Never>]? {
        condition.withLock {
            while true {
                let now = SystemClock.moment()
                var due: [CheckedContinuation<Void, Never>] = []
                while let first = heap.first, first.moment <= now {
                    heap.pop()
                    if let sleeper = asleep.removeValue(forKey: first.ticket) { due.append(sleeper) }
                }
                if !due.isEmpty { return due }
                if isClosed { return nil }
                if let first = heap.first {
                    let nap = min(Double((first.moment - now).milliseconds) / 1_000, Self.longestNap)
                    _ = condition.wait(until: Foundation.Date(timeIntervalSinceNow: nap))
                } else {
                    condition.wait()
                }
            }
        }
    }
}

/// A binary heap of moments, the earliest first.
struct TimerHeap {
    struct Timer: Comparable {
        let moment: Timestamp
        let ticket: UInt64

        static func < (left: Timer, right: Timer) -> Bool {
            left.moment == right.moment ? left.ticket < right.ticket : left.moment < right.moment
        }
    }

    private var timers: [Timer] = []

    var count: Int { timers.count }
    var first: Timer? { timers.first }

    /// Adds a timer; answers whether it is the first now.
    mutating func push(_ timer: Timer) -> Bool {
        timers.append(timer)
        var child = timers.count - 1
        while child > 0, timers[child] < timers[(child - 1) / 2] {
            timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
        return child == 0
    }

    /// Takes the first timer away.
    mutating func pop() {
        guard let last = timers.popLast(), !timers.isEmpty else { return }
        timers[0] = last
        sink(from: 0)
    }

    /// Drops what is not wanted any more.
    mutating func keep(_ isWanted: (Timer) -> Bool) {
        timers = timers.filter(isWanted)
        timers.sort()
    }

    private mutating func sink(from root: Int) {
        var parent = root
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < timers.count && timers[child] < timers[least] { least = child }
            if least == parent { return }
            timers.swapAt(parent, least)
            parent = least
        }
    }
}
