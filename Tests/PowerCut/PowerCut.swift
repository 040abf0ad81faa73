import Foundation
import SagaEngine
import SettlementFlows

/// Cuts the power, and lets the disk fail, at every moment of a settlement on the real store; see `scripts/power-cut`.
@main struct PowerCut {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "workload", arguments.count > 1 {
            try await work(in: arguments[1], isLax: arguments.contains("--lax"))
        }
        guard let options = Options(arguments) else {
            print("usage: power-cut --recorder LIBRARY --scratch FOLDER [--size quick|full] [--seed N] [--page FILE]")
            exit(2)
        }
        let campaign = Campaign(options: options)
        exit(try await campaign.run() ? 0 : 1)
    }

    /// The process whose power is cut: settles, and exits with how that ended.
    private static func work(in folder: String, isLax: Bool) async throws -> Never {
        let (ending, why): (Recording.Ending, String) =
            switch try await SettlementWorkload.fresh(in: folder, isLax: isLax).run() {
            case .completed: (.completed, "")
            case .stopped(let why): (.stopped, why)
            case .waiting(let why): (.waiting, why)
            }
        if CommandLine.arguments.contains("--why") { print("\(ending.rawValue) \(why)") }
        exit(ending.code)
    }
}

/// What is asked for on the command line.
struct Options {
    var recorder = ""
    var scratch = ""
    var isFull = false
    var seed: UInt64 = 20_261_121
    /// The document whose section is written anew.
    var page: String?

    /// Reads arguments; `nil` when they are wrong.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--recorder": recorder = value
            case "--scratch": scratch = value
            case "--size" where value == "quick" || value == "full": isFull = value == "full"
            case "--seed":
                guard let number = UInt64(value) else { return nil }
                seed = number
            case "--page": page = value
            default: return nil
            }
        }
        if recorder.isEmpty || scratch.isEmpty { return nil }
    }
}
