/// What is asked for on the command line.
struct SimulationOptions {
    /// What is run.
    enum Command: String, CaseIterable {
        case sweep, seeds, bugs
    }

    static let usage = """
        usage: saga-sim sweep [--stride N] [--manners all] [--episode NAME]
               saga-sim seeds [--seeds N] [--first K] [--seed K]
               saga-sim bugs [--seeds N]

        Runs the real settlement flows in a simulated world, where time, chance and every fault are the simulation's own.

        sweep  a crash at every boundary, then a second one at every boundary of the recovery; --stride N runs every N-th
               pair only, --manners all strikes the second point in all three manners instead of one in turn
        seeds  --seeds N seeds from --first K on, each run twice; --seed K runs one and says all that is wrong with it
        bugs   plants one mistake after the other and says what catches it, trying N seeds at most; only in builds
               with -DPLANTED_BUGS

        Exits with 0 when no rule is broken, with 1 when one is, with 2 when it does not understand.
        """

    var command: Command
    var stride = 1
    var allManners = false
    var episodes = SweepEpisode.allCases
    var seeds = 2_000
    var first: UInt64 = 1
    var only: UInt64?

    /// Reads arguments; `nil` when they are wrong.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        guard let command = rest.popFirst().flatMap(Command.init(rawValue:)) else { return nil }
        self.command = command
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch (command, name) {
            case (.sweep, "--stride"):
                guard let number = Self.positive(value) else { return nil }
                stride = number
            case (.sweep, "--manners") where value == "all": allManners = true
            case (.sweep, "--episode"):
                guard let episode = SweepEpisode(rawValue: value) else { return nil }
                episodes = [episode]
            case (.seeds, "--seeds"), (.bugs, "--seeds"):
                guard let number = Self.positive(value) else { return nil }
                seeds = number
            case (.seeds, "--first"):
                guard let number = UInt64(value) else { return nil }
                first = number
            case (.seeds, "--seed"):
                guard let number = UInt64(value) else { return nil }
                only = number
            default: return nil
            }
        }
    }

    private static func positive(_ text: String) -> Int? { Int(text).flatMap { $0 > 0 ? $0 : nil } }
}
