/// In which spaces of the books the values that are not remembered have lately not been there at all, such as one for
/// each line of an offering while its lines are opened: what is not remembered is taken to be new there, and need not
/// be asked for before it is written.
///
/// Found out by what was read. A space in which that turned out to be wrong has to show it for longer the next time.
struct NewValues {
    /// How many values in a row must have been absent before the next one is taken to be.
    static let firstRun = 8
    /// The most that is asked for, after several mistakes.
    private static let longestRun = 1 << 16

    private struct Run {
        var length = 0
        var needed = firstRun
    }

    private var runs: [Int64: Run] = [:]

    /// Whether a value of a space that is not remembered is taken to be absent.
    func areExpected(in space: Int64) -> Bool {
        runs[space].map { $0.length >= $0.needed } ?? false
    }

    /// Takes note of a value that was read.
    mutating func note(in space: Int64, isAbsent: Bool) {
        var run = runs[space] ?? Run()
        run.length = isAbsent ? min(run.length + 1, Self.longestRun) : 0
        runs[space] = run
    }

    /// Something that was taken to be absent in these spaces may have been there.
    mutating func doubt(spaces: Set<Int64>) {
        for space in spaces {
            let needed = runs[space]?.needed ?? Self.firstRun
            runs[space] = Run(needed: min(needed * 4, Self.longestRun))
        }
    }
}
