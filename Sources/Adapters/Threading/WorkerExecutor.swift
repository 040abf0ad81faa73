internal import Foundation

/// A task executor that is one thread of its own: everything a runner does between two waits happens there, in turn.
///
/// One thread leaves the other core to the store, and what runs on it needs no hand-over from core to core. Work that
/// blocks must not be given to it.
public final class WorkerExecutor: TaskExecutor {
    private let jobs: WorkerJobs

    /// A new thread; its name shows in debuggers and in `top -H`.
    public init(name: String) {
        let jobs = WorkerJobs()
        self.jobs = jobs
        NamedThread.start(name, stackSize: 4 << 20) { jobs.runUntilClosed() }
    }

    deinit {
        jobs.close()
    }

    /// Runs a job on the thread, after the jobs before it.
    public func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(UnownedJob(job), on: self)
    }
}

/// The jobs that wait for the worker.
///
/// Unchecked: every access to what varies holds the condition's lock.
private final class WorkerJobs: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [UnownedJob] = []
    /// Kept while jobs wait: the job that runs may drop the last task on it.
    private var executor: WorkerExecutor?
    private var isClosed = false
    private var sleeps = false

    func append(_ job: UnownedJob, on executor: WorkerExecutor) {
        condition.lock()
        if waiting.isEmpty { self.executor = executor }
        waiting.append(job)
        let wakes = sleeps
        sleeps = false
        condition.unlock()
        if wakes { condition.signal() }
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        condition.signal()
    }

    func runUntilClosed() {
        var batch: [UnownedJob] = []
        while let executor = next(into: &batch) {
            let reference = executor.asUnownedTaskExecutor()
            for job in batch { job.runSynchronously(on: reference) }
            batch.removeAll(keepingCapacity: true)
        }
    }

    /// Swaps the waiting jobs with an empty array; answers whose they are, or `nil` when there will be no more.
    private func next(into batch: inout [UnownedJob]) -> WorkerExecutor? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty && !isClosed {
            sleeps = true
            condition.wait()
        }
        swap(&waiting, &batch)
        defer { executor = nil }
        return executor
    }
}
