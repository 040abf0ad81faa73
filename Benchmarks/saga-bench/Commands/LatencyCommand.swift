/// From a callback's being accepted to the next stage's being durable.
struct LatencyCommand {
    static let options = ["sagas", "runs"] + BenchPlace.options

    let sagas: Int
    let runs: Int
    let directory: String
    let place: BenchPlace

    init(_ options: BenchOptions) throws {
        sagas = try options.number("sagas", default: 5_000)
        runs = try options.number("runs", default: 5)
        directory = options.text("dir", default: "/tmp")
        place = try BenchPlace(options)
    }

    func run() async throws {
        Report.line(
            "latency: callback accepted to next stage durable; load \(Machine.load()); one durable 4 KiB write in "
                + "\(directory): \(Text.decimal(Machine.syncMilliseconds(in: directory), 2)) ms")
        for inFlight in [1, 256] {
            var halves: [Double] = []
            var tails: [Double] = []
            let count = inFlight == 1 ? max(50, sagas / 50) : sagas
            for _ in 0..<runs {
                let outcome = try await EngineRun(
                    sagas: count, inFlight: inFlight, place: place,
                    tape: TransactionTape(keeps: false)
                ).run()
                halves.append(Text.percentile(outcome.latencies, 0.5) / 1e6)
                tails.append(Text.percentile(outcome.latencies, 0.99) / 1e6)
            }
            Report.line(
                "  \(inFlight) in flight: p50 \(Text.decimal(Text.median(halves), 2)) ms, "
                    + "p99 \(Text.decimal(Text.median(tails), 2)) ms (\(2 * count) callbacks, medians of \(runs))")
        }
        Report.line("  load \(Machine.load())")
    }
}
