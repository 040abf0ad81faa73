internal import Glibc

/// Catches jobs that a simulation's thread hands to the global executor: a bare `Task`, say.
///
/// The concurrency runtime offers a hook for every job that goes there. It is process-wide, so it passes on whatever
/// does not come from a thread that is running a simulation.
enum EscapeTrap {
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        precondition(pthread_key_create(&key, nil) == 0, "the process has run out of thread keys")
        install()
        return key
    }()

    /// Says which simulation the calling thread runs from now on.
    static func set(_ executor: SeededExecutor?) {
        pthread_setspecific(key, executor.map { Unmanaged.passUnretained($0).toOpaque() })
    }

    fileprivate static var current: SeededExecutor? {
        pthread_getspecific(key).map { Unmanaged<SeededExecutor>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func install() {
        guard let hook = dlsym(dlopen(nil, RTLD_NOW), "swift_task_enqueueGlobal_hook") else { return }
        hook.assumingMemoryBound(to: Hook?.self).pointee = { job, original in
            guard let simulation = EscapeTrap.current else {
                original(job)
                return
            }
            simulation.takeEscaped(job)
        }
    }
}
