/// Guesses what was meant by a name that does not exist.
public enum Suggestion {
    /// The most characters compared; a longer name is no slip of the hand.
    public static let lengthLimit = 64

    /// `; did you mean X?` with the nearest candidate, or nothing when none is near.
    public static func hint(for name: String, among candidates: [String]) -> String {
        nearest(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// The candidate with the fewest slips, if they are few for its length; the first of equals.
    public static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.count <= lengthLimit else { return nil }
        var best: (name: String, slips: Int)?
        for candidate in candidates {
            let isBeginning = name.count >= 3 && candidate.hasPrefix(name)
            let slips = isBeginning ? 1 : distance(Array(name), Array(candidate))
            guard slips <= max(1, candidate.count / 3) else { continue }
            if slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        return best?.name
    }

    /// Insertions, deletions, substitutions and swaps of neighbours between two words.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, next[column] + 1, last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                next.append(cost)
            }
            beforeLast = last
            last = next
        }
        return last[right.count]
    }
}
