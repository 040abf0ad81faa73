internal import Foundation

/// What a running process has used so far, as Linux tells it.
package struct ProcessUsage: Sendable {
    /// The most memory it has held at a time, in bytes.
    package let peakMemory: Int
    /// Processor time of all its threads, in microseconds.
    package let processor: Int
    /// Processor time of the children that have ended, and theirs, in microseconds.
    package let processorOfEnded: Int
    /// Who started it.
    package let parent: Int32

    /// Reads what the kernel keeps about a process that has not ended.
    package init(of process: Int32) throws {
        let status = try Self.text("/proc/\(process)/status")
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").compactMap({ Int($0) }).first
        else { throw TheatreFailure("/proc/\(process)/status tells no VmHWM") }
        peakMemory = kibibytes << 10
        // The name in parentheses may hold anything, so fields are counted from its end on: state is the first.
        let fields = try Self.text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let times = fields.dropFirst(11).prefix(4).compactMap { Int($0) }
        guard times.count == 4, let parent = Int32(fields[1]) else {
            throw TheatreFailure("/proc/\(process)/stat tells no times")
        }
        let ticks = sysconf(Int32(_SC_CLK_TCK))
        processor = (times[0] + times[1]) * 1_000_000 / ticks
        processorOfEnded = (times[2] + times[3]) * 1_000_000 / ticks
        self.parent = parent
    }

    /// The name of a process's program; nil where there is no such process.
    package static func name(of process: Int32) throws -> String? {
        guard FileManager.default.fileExists(atPath: "/proc/\(process)/comm") else { return nil }
        return try text("/proc/\(process)/comm").split(separator: "\n").first.map(String.init)
    }

    /// Processor time of a process and of all that it has started, whether they run or have ended, in microseconds.
    package static func processorOfFamily(_ process: Int32) throws -> Int {
        let own = try ProcessUsage(of: process)
        var sum = own.processor + own.processorOfEnded
        for child in try text("/proc/\(process)/task/\(process)/children").split(separator: " ") {
            guard let child = Int32(child) else { continue }
            do {
                let usage = try ProcessUsage(of: child)
                sum += usage.processor + usage.processorOfEnded
            } catch {
                // It has ended since.
                continue
            }
        }
        return sum
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
