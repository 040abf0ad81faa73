/// What claims took in several runs of one case, as medians of the runs' own percentiles, in milliseconds.
struct ClaimFigures {
    private var runs: [ClaimChurn.Times] = []

    mutating func add(_ times: ClaimChurn.Times) { runs.append(times) }

    /// The median of what a share of each run's claims stayed under.
    func claim(_ share: Double) -> Double { median(share, \.claims) }

    func report(_ name: String) {
        let longest = runs.flatMap(\.claims).max() ?? 0
        let last = runs.map { Array($0.claims.suffix(max(1, $0.claims.count / 10))) }
        let late = Text.median(last.map { Text.percentile($0.sorted(), 0.99) / 1e6 })
        let taken = runs.reduce(0) { $0 + $1.taken }
        Report.line(
            "  \(name): claim p50 \(ms(claim(0.5))), p99 \(ms(claim(0.99))), the last tenth's p99 \(ms(late)), longest "
                + "\(ms(Double(longest) / 1e6)); next wake p50 \(ms(median(0.5, \.wakes))), "
                + "p99 \(ms(median(0.99, \.wakes))) (\(runs.count) runs, \(Text.count(Double(taken))) sagas claimed)")
    }

    private func median(_ share: Double, _ times: (ClaimChurn.Times) -> [UInt64]) -> Double {
        Text.median(runs.map { Text.percentile(times($0).sorted(), share) / 1e6 })
    }

    private func ms(_ value: Double) -> String { Text.decimal(value, 2) + " ms" }
}
