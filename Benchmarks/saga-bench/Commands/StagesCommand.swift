/// Durable stages a second, beside two raw loops that write the same rows without the engine.
struct StagesCommand {
    static let options = ["sagas", "in-flight", "runs", "executor"] + BenchPlace.options

    let sagas: Int
    let inFlight: Int
    let runs: Int
    let directory: String
    let place: BenchPlace
    let onOneThread: Bool

    init(_ options: BenchOptions) throws {
        sagas = try options.number("sagas", default: 10_000)
        inFlight = try options.number("in-flight", default: 256)
        runs = try options.number("runs", default: 5, least: 0)
        directory = options.text("dir", default: "/tmp")
        place = try BenchPlace(options)
        let executor = options.text("executor", default: "one-thread")
        guard ["one-thread", "pool"].contains(executor) else { throw BenchFailure("--executor one-thread|pool") }
        onOneThread = executor == "one-thread"
    }

    private struct Round {
        let engine: StageFigures
        let own: StageFigures
        let fixed: StageFigures
    }

    func run() async throws {
        Report.line("stages: \(sagas) sagas of \(BenchSettlement.stages) stages, \(inFlight) in flight, \(runs) runs")
        Report.line(
            "machine: load \(Machine.load()); one durable 4 KiB write in \(directory): "
                + "\(Text.decimal(Machine.syncMilliseconds(in: directory), 2)) ms")
        // The first pass keeps no tape, so that the memory it takes is the engine's own.
        let first = try await EngineRun(
            sagas: sagas, inFlight: inFlight, place: place, tape: TransactionTape(keeps: false),
            onOneThread: onOneThread
        ).run()
        let memory = Machine.peakMemory()
        let bytes = Double(try await BenchStore.size(at: place)) / Double(first.figures.stages)
        var rounds: [Round] = []
        for number in 0..<runs {
            let round = try await round(at: place)
            rounds.append(round)
            Report.line(
                "run \(number + 1): engine \(Text.count(round.engine.rate)), raw, own batches "
                    + "\(Text.count(round.own.rate)), raw, batches of 256 \(Text.count(round.fixed.rate)) stages/s")
        }
        Report.line(
            "without a tape: \(Text.count(first.figures.rate)) stages/s, \(Text.count(first.figures.commitsPerSecond)) "
                + "commits/s of \(Text.decimal(first.figures.batch, 1)) operations, peak memory "
                + "\(Text.megabytes(memory)), database \(Text.decimal(bytes, 0)) bytes a stage")
        if runs > 0 { report(rounds) }
    }

    private func round(at place: BenchPlace) async throws -> Round {
        let tape = TransactionTape(keeps: true, isWritten: place.tellsWhatIsWritten)
        let engine = try await EngineRun(
            sagas: sagas, inFlight: inFlight, place: place, tape: tape, onOneThread: onOneThread
        ).run().figures
        let raw = try await RawLoop.run(tape, by: 256, stages: engine.stages, at: place)
        return Round(engine: engine, own: raw.own, fixed: raw.fixed)
    }

    private func report(_ rounds: [Round]) {
        Report.line("medians of \(rounds.count):")
        line("engine", rounds.map(\.engine))
        line("raw, the engine's own batches", rounds.map(\.own))
        line("raw, batches of 256", rounds.map(\.fixed))
        let own = Text.median(rounds.map { $0.engine.rate / $0.own.rate })
        let fixed = Text.median(rounds.map { $0.engine.rate / $0.fixed.rate })
        Report.line(
            "  engine / raw: \(Text.decimal(own, 2)) of its own batches, "
                + "\(Text.decimal(fixed, 2)) of batches of 256")
        Report.line("  load \(Machine.load())")
    }

    private func line(_ name: String, _ figures: [StageFigures]) {
        func median(_ value: (StageFigures) -> Double) -> Double { Text.median(figures.map(value)) }
        Report.line(
            "  \(name): \(Text.count(median(\.rate))) stages/s; "
                + "\(Text.count(median(\.commitsPerSecond))) commits/s of \(Text.decimal(median(\.batch), 1)) operations; "
                + "processor \(Text.decimal(median(\.processorPerStage), 1)) µs a stage, "
                + "\(Text.decimal(median(\.processorShare), 2)) cores")
    }
}
