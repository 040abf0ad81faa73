import Foundation

/// What the machine says about time, processor and memory.
enum Machine {
    /// Nanoseconds of a clock that only goes forward.
    static func nanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds of processor time that this process has used, all threads together.
    static func processorNanoseconds() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The most memory this process has held so far, in bytes.
    static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1_024
    }

    /// The load averages, as the kernel prints them.
    static func load() -> String {
        var loads = [0.0, 0, 0]
        getloadavg(&loads, 3)
        return loads.map { Text.decimal($0, 2) }.joined(separator: " ")
    }

    /// The median time of a durable overwrite of 4 KiB in a directory, in milliseconds.
    static func syncMilliseconds(in directory: String) -> Double {
        let path = directory + "/sync-probe"
        let file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0o600)
        guard file >= 0 else { return .nan }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 7, count: 4_096)
        for index in 0..<64 { pwrite(file, page, page.count, off_t(index * page.count)) }
        fsync(file)
        let times = (0..<64).map { index in
            pwrite(file, page, page.count, off_t(index * page.count))
            let start = nanoseconds()
            fdatasync(file)
            return nanoseconds() - start
        }
        return Double(times.sorted()[32]) / 1e6
    }
}
