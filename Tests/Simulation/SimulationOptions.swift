/// What is asked for on the command line.
struct SimulationOptions {
    /// What is run.
    enum Command: String, CaseIterable {
        case sweep, seeds, bugs
    }

    /// What the simulations' disks are made of.
    enum Store: String {
        case memory, postgres
    }

    static let usage = """
        usage: saga-sim sweep [--stride N] [--single N] [--manners all] [--episode NAME] [--store KIND] [--page FILE]
               saga-sim seeds [--seeds N] [--first K] [--seed K] [--runs 1|2] [--expect DIGEST] [--store KIND]
                              [--page FILE]
               saga-sim bugs [--seeds N] [--page FILE]

        Runs the settlement's flows in a simulated world, where time, chance and faults are the simulation's own.

        sweep  a crash at every boundary, then a second one at every boundary of the recovery; --stride N runs
               every N-th pair only, --single N every N-th first crash; --manners all strikes the second point in
               all three manners, not one in turn
        seeds  --seeds N seeds from --first K on, each run twice, or once with --runs 1; --seed K runs one and says
               all that is wrong with it; --expect DIGEST fails unless all journals together have this digest
        bugs   plants one mistake after the other and says what catches it, trying N seeds at most; only in
               builds with -DPLANTED_BUGS

        --store postgres has the disks in schemas of their own in the database that SAGA_TEST_POSTGRES names.
        --page FILE writes the figures into their section of a document.

        Exits with 0 when no rule is broken, with 1 when one is, with 2 when it does not understand.
        """

    var command: Command
    var stride = 1
    var singleStride = 1
    var allManners = false
    var store = Store.memory
    var episodes = SweepEpisode.allCases
    var seeds = 2_000
    var first: UInt64 = 1
    var only: UInt64?
    /// How often each seed is run.
    var runs = 2
    /// The digest that all journals together must have.
    var expected: String?
    /// The document whose section is written anew.
    var page: String?

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
            case (.sweep, "--single"):
                guard let number = Self.positive(value) else { return nil }
                singleStride = number
            case (.sweep, "--store"), (.seeds, "--store"):
                guard let store = Store(rawValue: value) else { return nil }
                self.store = store
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
            case (.seeds, "--runs") where value == "1" || value == "2": runs = value == "1" ? 1 : 2
            case (.seeds, "--expect"): expected = value
            case (_, "--page"): page = value
            default: return nil
            }
        }
    }

    /// What makes this sweep another one than the whole.
    var sweepArguments: String {
        (store == .memory ? "" : " --store \(store.rawValue)") + (stride > 1 ? " --stride \(stride)" : "")
            + (singleStride > 1 ? " --single \(singleStride)" : "") + (allManners ? " --manners all" : "")
            + (episodes.count == 1 ? " --episode \(episodes[0].rawValue)" : "")
    }

    private static func positive(_ text: String) -> Int? { Int(text).flatMap { $0 > 0 ? $0 : nil } }
}
