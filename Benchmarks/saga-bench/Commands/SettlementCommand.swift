import Foundation
import RunnerTheatre

/// Settles offerings with the real daemon, the counterparties in another process, and compares sizes.
struct SettlementCommand {
    static let options =
        ["investors", "program", "limits", "completion-ms", "runners", "in-flight"] + BenchPlace.options
    /// How much more memory the largest offering may take than the smallest.
    static let ratioLimit = 1.5
    /// On PostgreSQL: how much of the smallest offering's stages a second the largest one must reach.
    static let rateLimit = 0.8
    /// On PostgreSQL: the most memory that a daemon may take, in bytes.
    static let memoryLimit = 300_000_000

    private let sizes: [Int]
    private let plan: SettlementPlan

    init(_ options: BenchOptions) throws {
        sizes = try options.text("investors", default: "1000").split(separator: ",").map { text in
            guard let size = Int(text), (1...MadeUpOffering.most).contains(size) else {
                throw BenchFailure("--investors takes numbers from 1 to \(MadeUpOffering.most), separated by commas")
            }
            return size
        }
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = options.text("program", default: beside.appendingPathComponent("saga-runner").path)
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchFailure("\(program) cannot be run: build saga-runner, or name it with --program FILE")
        }
        let name = options.text("limits", default: CounterpartyLimits.shipped.rawValue)
        guard let limits = CounterpartyLimits(rawValue: name) else { throw BenchFailure("--limits shipped|wide") }
        let place = try BenchPlace(options)
        let runners = try options.number("runners", default: 1)
        if case .sqlite = place, runners > 1 { throw BenchFailure("--runners above 1 takes --store postgres") }
        let inFlight = try options.number("in-flight", default: 0, least: 0)
        plan = SettlementPlan(
            program: program, directory: options.text("dir", default: FileManager.default.temporaryDirectory.path),
            place: place, runners: runners, inFlight: inFlight == 0 ? nil : inFlight, limits: limits,
            completion: try options.number("completion-ms", default: 0, least: 0))
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        Interruption.watch()
        Report.line(
            "settlement: \(plan.runners) runner\(plan.runners == 1 ? "" : "s") on \(plan.place.name) and the "
                + "counterparties as processes, over loopback; limits: \(plan.limits.rawValue); "
                + (plan.inFlight.map { "\($0) in flight in each; " } ?? "")
                + "an order takes \(plan.completion) ms; "
                + "load \(Machine.load()); one durable 4 KiB write in \(plan.directory): "
                + "\(Text.decimal(Machine.syncMilliseconds(in: plan.directory), 2)) ms")
        var figures: [SettlementFigures] = []
        for size in sizes {
            let run = try await SettlementRun(investors: size, plan: plan).run()
            run.report()
            figures.append(run)
        }
        Report.line("  load \(Machine.load())")
        try judge(figures.sorted { $0.investors < $1.investors })
    }

    private func judge(_ figures: [SettlementFigures]) throws {
        if let small = figures.first, let large = figures.last, small.investors < large.investors {
            compare(large, with: small)
        }
        let failed = figures.filter { !$0.faults.isEmpty }
        guard failed.isEmpty else {
            throw BenchFailure("not settled: the offering of \(failed.map(\.investors)) investors; see above")
        }
    }

    private func compare(_ large: SettlementFigures, with small: SettlementFigures) {
        let ratio = Double(large.largestMemory) / Double(small.largestMemory)
        let sizes = "\(Text.count(Double(large.investors))) investors"
        let than = "\(Text.count(Double(small.investors)))"
        switch plan.place {
        case .sqlite:
            Report.line(
                "  memory: \(sizes) take \(Text.decimal(ratio, 2)) times what \(than) take "
                    + "(target: at most \(Self.ratioLimit))")
        case .postgres:
            Report.line(
                "  speed: \(sizes) go at \(Text.decimal(large.rate / small.rate, 2)) times the stages/s of \(than) "
                    + "(target: at least \(Self.rateLimit))")
            Report.line(
                "  memory: \(sizes) take \(Text.megabytes(large.largestMemory)) in a runner, "
                    + "\(Text.decimal(ratio, 2)) times what \(than) take "
                    + "(target: under \(Text.megabytes(Self.memoryLimit)))")
        }
    }
}
