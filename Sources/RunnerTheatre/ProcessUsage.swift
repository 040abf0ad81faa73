internal import Foundation

/// What a running process has used so far, as Linux tells it.
package struct ProcessUsage: Sendable {
    /// The most memory it has held at a time, in bytes.
    package let peakMemory: Int
    /// Processor time of all its threads, in microseconds.
    package let processor: Int

    /// Reads what the kernel keeps about a process that has not ended.
    package init(of process: Int32) throws {
        let status = try Self.text("/proc/\(process)/status")
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").compactMap({ Int($0) }).first
        else { throw TheatreFailure("/proc/\(process)/status tells no VmHWM") }
        peakMemory = kibibytes << 10
        // The name in parentheses may hold anything, so fields are counted from its end on: state is the first.
        let fields = try Self.text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw TheatreFailure("/proc/\(process)/stat tells no times")
        }
        processor = (user + system) * 1_000_000 / sysconf(Int32(_SC_CLK_TCK))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
