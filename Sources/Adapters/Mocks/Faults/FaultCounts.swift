/// How often each kind of fault struck at each verb.
public struct FaultCounts: Sendable, Equatable {
    private var counts: [FaultKind: [CallVerb: Int]] = [:]

    /// No faults.
    public init() {}

    /// How often a kind struck at a verb.
    public subscript(kind: FaultKind, verb: CallVerb) -> Int {
        counts[kind]?[verb] ?? 0
    }

    /// How often a kind struck.
    public subscript(kind: FaultKind) -> Int {
        counts[kind]?.values.reduce(0, +) ?? 0
    }

    /// All kinds and verbs that can meet, in a fixed order, with how often they did.
    public var cells: [(kind: FaultKind, verb: CallVerb, count: Int)] {
        FaultKind.allCases.flatMap { kind in
            CallVerb.allCases.filter(kind.verbs.contains).map { (kind, $0, self[kind, $0]) }
        }
    }

    /// Adds another count to this one.
    public mutating func merge(_ other: FaultCounts) {
        for (kind, verb, count) in other.cells where count > 0 { counts[kind, default: [:]][verb, default: 0] += count }
    }

    mutating func add(_ kind: FaultKind, _ verb: CallVerb) {
        counts[kind, default: [:]][verb, default: 0] += 1
    }
}
