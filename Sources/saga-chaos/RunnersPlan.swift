internal import RunnerTheatre

/// What befalls several runners and their database, in an order drawn by seed.
struct RunnersPlan {
    /// One blow.
    enum Blow {
        /// SIGKILL, and a new life at once.
        case kill(runner: Int)
        /// SIGSTOP past the lease, then SIGCONT: the runner goes on where it was, and is somebody who was.
        case zombie(runner: Int)
        /// The server ends as in a power cut, and is away for so many milliseconds.
        case stop(away: Int)
        /// All connections of one runner are ended by the server.
        case terminate(runner: Int)
        /// So many commits of one runner are cut, each at its own place.
        case cut(runner: Int, [PostgresProxy.Cut])
    }

    /// How many of each.
    struct Sizes {
        var kills = 200
        var zombies = 100
        var stops = 50
        /// Connections that are ended; a runner has some four.
        var backends = 500
        var cuts = 1_000

        /// A sample of all of it.
        static let quick = Sizes(kills: 3, zombies: 2, stops: 1, backends: 8, cuts: 12)
    }

    static let runners = 3
    /// How many cuts come in one blow.
    static let cutsEach = 5

    /// All blows, shuffled.
    static func draw(_ sizes: Sizes, _ random: inout SeededGenerator) -> [Blow] {
        func runner() -> Int { Int.random(in: 0..<runners, using: &random) }
        var blows: [Blow] = []
        for _ in 0..<sizes.kills { blows.append(.kill(runner: runner())) }
        for _ in 0..<sizes.zombies { blows.append(.zombie(runner: runner())) }
        for _ in 0..<sizes.stops { blows.append(.stop(away: Int.random(in: 0...1_500, using: &random))) }
        for first in stride(from: 0, to: sizes.cuts, by: cutsEach) {
            let cuts = (first..<min(first + cutsEach, sizes.cuts)).map { PostgresProxy.Cut.allCases[$0 % 3] }
            blows.append(.cut(runner: runner(), cuts.shuffled(using: &random)))
        }
        // Further ones follow while there are fewer than wanted: how many a runner has just then is its own affair.
        for _ in 0..<(sizes.backends + 3) / 4 { blows.append(.terminate(runner: runner())) }
        return blows.shuffled(using: &random)
    }
}
