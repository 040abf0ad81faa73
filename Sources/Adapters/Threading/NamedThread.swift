internal import Foundation

/// Threads that `top -H`, `perf` and debuggers show by their names.
enum NamedThread {
    /// Starts a thread that runs until its body returns.
    static func start(_ name: String, stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            show(name)
            body()
        }
        thread.name = name
        if let stackSize { thread.stackSize = stackSize }
        thread.start()
    }

    /// Tells the system, which keeps 15 bytes. Foundation does not: without this, `top` shows a thread by the name of
    /// whoever started it, and so it does where the system cannot be told.
    private static func show(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var name = name
        _ = name.withUTF8 { write(file, $0.baseAddress, $0.count) }
    }
}
