internal import RunnerTheatre

/// When a daemon is to be troubled during one settlement.
struct KillPlan {
    enum Kind: String, CaseIterable {
        /// SIGKILL.
        case kill = "kill -9"
        /// SIGTERM, and a new life.
        case drain = "SIGTERM"
        /// SIGSTOP for longer than the lease, then SIGCONT.
        case freeze = "SIGSTOP/CONT"
    }

    struct Strike {
        let kind: Kind
        /// At which share of the settlement's work.
        let share: Double
        /// Right when the counterparty has the order to mint, whatever the share.
        let atMint: Bool
        /// How many milliseconds after the start of each of the next lives it is killed again.
        let again: [Int]
    }

    /// Draws the strikes of one settlement, in order.
    static func draw(kills: Int, others: Int, recoveries: Int, _ random: inout SeededGenerator) -> [Strike] {
        var left = recoveries
        var strikes: [Strike] = []
        for index in 0..<kills {
            var again: [Int] = []
            let due = (left + kills - index - 1) / (kills - index)
            for _ in 0..<min(left, due) { again.append(Int.random(in: 30...900, using: &random)) }
            left -= again.count
            // Spread over the whole of the work: one in each of as many slices as there are kills.
            let slice = 0.95 / Double(kills)
            let share = 0.015 + slice * (Double(index) + Double.random(in: 0..<1, using: &random))
            strikes.append(Strike(kind: .kill, share: share, atMint: index == kills / 2, again: again))
        }
        for index in 0..<others {
            let share = 0.05 + 0.85 * Double.random(in: 0..<1, using: &random)
            strikes.append(Strike(kind: index % 2 == 0 ? .drain : .freeze, share: share, atMint: false, again: []))
        }
        return strikes.sorted { $0.share < $1.share }
    }
}
