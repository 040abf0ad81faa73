/// From a callback's being accepted to the next stage's being durable.
struct LatencyCommand {
    static let options = ["sagas", "runs", "rate"] + BenchPlace.options

    let sagas: Int
    let runs: Int
    let rate: Int
    let directory: String
    let place: BenchPlace

    init(_ options: BenchOptions) throws {
        sagas = try options.number("sagas", default: 5_000)
        runs = try options.number("runs", default: 5)
        rate = try options.number("rate", default: 500)
        directory = options.text("dir", default: "/tmp")
        place = try BenchPlace(options)
    }

    func run() async throws {
        Report.line(
            "latency: callback accepted to next stage durable; load \(Machine.load()); one durable 4 KiB write in "
                + "\(directory): \(Text.decimal(Machine.syncMilliseconds(in: directory), 2)) ms")
        for inFlight in [1, 256] {
            let count = inFlight == 1 ? max(50, sagas / 50) : sagas
            let tails = try await Tails(runs) { try await latencies(of: count, inFlight) }
            Report.line("  \(inFlight) in flight: \(tails.words) (\(2 * count) callbacks, medians of \(runs))")
        }
        var bare: [Double] = []
        let tails = try await Tails(runs) {
            bare.append(Text.percentile(try await BareCommits.times(1_000, at: place), 0.99) / 1e6)
            return try await latencies(of: sagas, 256, Pace(perSecond: rate))
        }
        Report.line(
            "  \(rate) callbacks a second: \(tails.words) (\(2 * sagas) callbacks, medians of \(runs)); a commit of one "
                + "row alone: p99 \(Text.decimal(Text.median(bare), 2)) ms")
        Report.line("  load \(Machine.load())")
    }

    private func latencies(of count: Int, _ inFlight: Int, _ pace: Pace? = nil) async throws -> [UInt64] {
        try await EngineRun(
            sagas: count, inFlight: inFlight, place: place, tape: TransactionTape(keeps: false), pace: pace
        ).run().latencies
    }

    /// The medians of several runs' percentiles.
    private struct Tails {
        private var halves: [Double] = []
        private var tails: [Double] = []

        init(_ runs: Int, _ run: () async throws -> [UInt64]) async throws {
            for _ in 0..<runs {
                let latencies = try await run()
                halves.append(Text.percentile(latencies, 0.5) / 1e6)
                tails.append(Text.percentile(latencies, 0.99) / 1e6)
            }
        }

        var words: String {
            "p50 \(Text.decimal(Text.median(halves), 2)) ms, p99 \(Text.decimal(Text.median(tails), 2)) ms"
        }
    }
}
