internal import Foundation
internal import RunnerTheatre

/// `saga-chaos`: campaigns against the real daemon, judged by the independent checker.
@main
struct SagaChaos {
    static let help = """
        Usage: saga-chaos kill|webhook|disk|restore|runners|failover --program FILE [--faults FILE] [--quick] [--seed N]
                          [--kills N] [--investors N] [--disk DIR] [--report FILE] [--zombies N] [--stops N]
                          [--backends N] [--cuts N] [--settlements N] [--failovers N] [--beside FILE --from NAME]

        With --beside every other life of a runner is that program, an older version which --from names.

        Runs one campaign. Exit status: 0 without a violation, 1 with one, 2 wrong usage.

        """

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        _ = Console.start
        do {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            let result = try await run(arguments)
            Console.tell("\(result.title) (seed \(arguments.seed))\n\(result.text)")
            if let report = arguments.report { try result.write(into: report) }
            exit(result.violations.isEmpty ? 0 : 1)
        } catch let error as Arguments.Wrong {
            Console.say("\(error)\n\(help)")
            exit(2)
        } catch {
            Console.say("the campaign failed: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: Arguments) async throws -> CampaignResult {
        var options = Theatre.Options(program: arguments.program, seed: arguments.seed)
        options.otherProgram = arguments.beside
        let faults = try arguments.faults.map { try String(contentsOfFile: $0, encoding: .utf8) }
        options.faults = faults != nil || arguments.campaign == .webhook
        let rules = faults ?? #"{"seed":1,"rules":[]}"#
        switch arguments.campaign {
        case .kill:
            return try await KillCampaign(
                kills: arguments.kills, investors: arguments.investors, options: options, faults: rules
            ).run()
        case .webhook: return try await WebhookCampaign(isFull: !arguments.isQuick, options: options).run()
        case .disk:
            guard let disk = arguments.disk else { throw Arguments.Wrong("--disk DIR is missing") }
            return try await DiskCampaign(isFull: !arguments.isQuick, options: options, faults: rules, disk: disk).run()
        case .restore:
            return try await RestoreCampaign(isFull: !arguments.isQuick, options: options, faults: rules).run()
        case .failover:
            return try await FailoverCampaign(
                failovers: arguments.failovers, investors: arguments.investors, options: options, faults: rules
            ).run()
        case .runners:
            return try await RunnersCampaign(
                sizes: arguments.blows, investors: arguments.investors, settlements: arguments.settlements,
                options: options, faults: rules, from: arguments.from
            ).run()
        }
    }
}

/// What follows `saga-chaos` on the command line.
struct Arguments {
    enum Campaign: String {
        case kill, webhook, disk, restore, runners, failover
    }

    struct Wrong: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private(set) var campaign: Campaign
    private(set) var program = ""
    /// An older program, and what it is called.
    private(set) var beside: String?
    private(set) var from: String?
    private(set) var faults: String?
    private(set) var isQuick = false
    private(set) var seed: UInt64 = 20_260_318
    private(set) var kills = 50
    private(set) var investors = 1_000
    /// For several runners.
    private(set) var blows = RunnersPlan.Sizes()
    private(set) var settlements = 100
    private(set) var failovers = 10
    private(set) var disk: String?
    private(set) var report: String?

    init(_ arguments: [String]) throws(Wrong) {
        guard let first = arguments.first, let campaign = Campaign(rawValue: first) else {
            throw Wrong("name a campaign")
        }
        self.campaign = campaign
        var rest = arguments.dropFirst()
        while let name = rest.popFirst() {
            if name == "--quick" {
                isQuick = true
                continue
            }
            guard let value = rest.popFirst() else { throw Wrong("\(name) needs a value") }
            try take(name, value)
        }
        guard FileManager.default.isExecutableFile(atPath: program) else { throw Wrong("--program FILE is missing") }
        guard let beside else { return }
        guard campaign == .runners, from != nil, FileManager.default.isExecutableFile(atPath: beside) else {
            throw Wrong("--beside needs a program, what --from calls it, and several runners")
        }
    }

    private mutating func take(_ name: String, _ value: String) throws(Wrong) {
        switch name {
        case "--program": program = value
        case "--beside": beside = value
        case "--from": from = value
        case "--faults": faults = value
        case "--disk": disk = value
        case "--report": report = value
        case "--seed": seed = try Self.number(name, value)
        case "--kills":
            kills = try Self.number(name, value)
            blows.kills = kills
        case "--zombies": blows.zombies = try Self.number(name, value)
        case "--stops": blows.stops = try Self.number(name, value)
        case "--backends": blows.backends = try Self.number(name, value)
        case "--cuts": blows.cuts = try Self.number(name, value)
        case "--failovers": failovers = try Self.number(name, value)
        case "--settlements": settlements = try Self.number(name, value)
        case "--investors": investors = try Self.number(name, value)
        default: throw Wrong("\(name) is not an option")
        }
    }

    private static func number<Number: FixedWidthInteger>(_ name: String, _ text: String) throws(Wrong) -> Number {
        guard let number = Number(text), number > 0 else { throw Wrong("\(name) must be a number from 1") }
        return number
    }
}
