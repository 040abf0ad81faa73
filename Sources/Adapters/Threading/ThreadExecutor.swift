internal import Foundation

/// A serial executor that is one thread of its own, for actors whose work blocks in C: databases and files.
///
/// Such work on the cooperative pool would hold a thread that other tasks wait for. The thread ends when the last
/// actor on it is gone.
public final class ThreadExecutor: SerialExecutor {
    private let jobs: JobQueue

    /// A new thread; its name shows in debuggers and in `top -H`.
    public init(name: String) {
        let jobs = JobQueue()
        self.jobs = jobs
        NamedThread.start(name) { jobs.runUntilClosed() }
    }

    deinit {
        jobs.close()
    }

    /// Runs a job on the thread, after the jobs before it.
    public func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(UnownedJob(job), on: self)
    }
}

/// The jobs that wait for the thread.
///
/// Unchecked: every access to `waiting` and `isClosed` holds the condition's lock.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [(job: UnownedJob, executor: ThreadExecutor)] = []
    private var isClosed = false

    func append(_ job: UnownedJob, on executor: ThreadExecutor) {
        condition.withLock {
            waiting.append((job, executor))
            condition.signal()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    func runUntilClosed() {
        while let batch = next() {
            // Each entry keeps its executor until its job is done: the job may drop the last actor on it.
            for (job, executor) in batch {
                job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
    }

    private func next() -> [(job: UnownedJob, executor: ThreadExecutor)]? {
        condition.withLock {
            while waiting.isEmpty && !isClosed { condition.wait() }
            defer { waiting.removeAll() }
            return waiting.isEmpty ? nil : waiting
        }
    }
}
