import Foundation
import RunnerTheatre

/// Settles offerings with the real daemon, the counterparties in another process, and compares memory by size.
struct SettlementCommand {
    static let options = ["investors", "dir", "program", "limits", "completion-ms"]
    /// How much more memory the largest offering may take than the smallest.
    static let ratioLimit = 1.5

    private let sizes: [Int]
    private let program: String
    private let directory: String
    private let limits: CounterpartyLimits
    private let completion: Int

    init(_ options: BenchOptions) throws {
        sizes = try options.text("investors", default: "1000").split(separator: ",").map { text in
            guard let size = Int(text), (1...MadeUpOffering.most).contains(size) else {
                throw BenchFailure("--investors takes numbers from 1 to \(MadeUpOffering.most), separated by commas")
            }
            return size
        }
        directory = options.text("dir", default: FileManager.default.temporaryDirectory.path)
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        program = options.text("program", default: beside.appendingPathComponent("saga-runner").path)
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchFailure("\(program) cannot be run: build saga-runner, or name it with --program FILE")
        }
        let name = options.text("limits", default: CounterpartyLimits.shipped.rawValue)
        guard let limits = CounterpartyLimits(rawValue: name) else { throw BenchFailure("--limits shipped|wide") }
        self.limits = limits
        completion = try options.number("completion-ms", default: 0, least: 0)
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        Interruption.watch()
        Report.line(
            "settlement: the daemon and the counterparties as processes, over loopback; limits: \(limits.rawValue); "
                + "an order takes \(completion) ms; "
                + "load \(Machine.load()); one durable 4 KiB write in \(directory): "
                + "\(Text.decimal(Machine.syncMilliseconds(in: directory), 2)) ms")
        var figures: [SettlementFigures] = []
        for size in sizes {
            let run = try await SettlementRun(
                investors: size, program: program, directory: directory, limits: limits, completion: completion
            ).run()
            run.report()
            figures.append(run)
        }
        Report.line("  load \(Machine.load())")
        try judge(figures.sorted { $0.investors < $1.investors })
    }

    private func judge(_ figures: [SettlementFigures]) throws {
        if let small = figures.first, let large = figures.last, small.investors < large.investors {
            let ratio = Double(large.peakMemory) / Double(small.peakMemory)
            Report.line(
                "  memory: \(Text.count(Double(large.investors))) investors take \(Text.decimal(ratio, 2)) times what "
                    + "\(Text.count(Double(small.investors))) take (target: at most \(Self.ratioLimit))")
        }
        let failed = figures.filter { !$0.faults.isEmpty }
        guard failed.isEmpty else {
            throw BenchFailure("not settled: the offering of \(failed.map(\.investors)) investors; see above")
        }
    }
}
