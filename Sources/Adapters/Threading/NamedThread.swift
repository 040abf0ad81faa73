internal import Foundation

/// Threads that `top -H`, `perf` and debuggers show by their names.
enum NamedThread {
    /// The longest name that Linux keeps of a thread, in bytes.
    private static let longestName = 15

    /// Starts a thread that runs until its body returns.
    static func start(_ name: String, stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            // Foundation keeps the name to itself: the system would show that of whoever started the thread.
            pthread_setname_np(pthread_self(), String(decoding: name.utf8.prefix(longestName), as: UTF8.self))
            body()
        }
        thread.name = name
        if let stackSize { thread.stackSize = stackSize }
        thread.start()
    }
}
