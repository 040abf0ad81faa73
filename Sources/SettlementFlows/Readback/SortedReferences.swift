internal import SagaEngine

/// References in byte order, for looking some of them up again.
struct SortedReferences {
    private let references: [String]

    init(_ references: [String]) {
        self.references = references.sorted { Self.precedes($0, $1) }
    }

    var count: Int { references.count }

    /// The place of a reference among all; `nil` when it is none of them.
    func index(of reference: String) -> Int? {
        var (low, high) = (0, references.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(references[middle], reference) { low = middle + 1 } else { high = middle }
        }
        return low < references.count && references[low].isSameBytes(as: reference) ? low : nil
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
