import Foundation

/// Runs the workload in a process of its own under the recorder.
struct Recording {
    /// Which operations are made to fail, and how.
    struct Fault {
        var at: Int
        /// How many from there on; negative for all.
        var count: Int
        var error: Int32
        /// Limits it to one of the recorder's kinds.
        var kind: String?
    }

    /// How the process ended.
    enum Ending: String, CaseIterable {
        case completed, stopped, waiting, crashed

        /// What the process exits with.
        var code: Int32 {
            switch self {
            case .completed: 0
            case .stopped: 3
            case .waiting: 4
            case .crashed: 70
            }
        }
    }

    let recorder: String
    let scratch: String
    var isLax = false

    /// Records a run in a fresh folder.
    func run(_ fault: Fault? = nil) throws -> (trace: Trace, ending: Ending) {
        let (folder, log) = ("\(scratch)/run", "\(scratch)/trace")
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["workload", folder] + (isLax ? ["--lax"] : [])
        var environment = ProcessInfo.processInfo.environment
        environment["LD_PRELOAD"] = recorder
        environment["IOTRACE_DIR"] = folder
        environment["IOTRACE_LOG"] = log
        if let fault {
            environment["FAIL_AT"] = "\(fault.at)"
            environment["FAIL_COUNT"] = "\(fault.count)"
            environment["FAIL_ERRNO"] = "\(fault.error)"
            environment["FAIL_KIND"] = fault.kind
        }
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        let isExit = process.terminationReason == .exit
        let ending = Ending.allCases.first { isExit && $0.code == process.terminationStatus } ?? .crashed
        return (try Trace(path: log), ending)
    }
}
