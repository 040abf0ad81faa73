public import SagaEngine

/// Which faults strike which calls: decided by a seed and the call alone, so that a run can be repeated.
///
/// Chance does not depend on the order in which calls come in: the same call about the same reference is struck in
/// every run under one seed.
public struct FaultPlan: Sendable {
    /// What chance is drawn from.
    public let seed: UInt64
    /// The rules in order; the first that strikes counts.
    public private(set) var rules: [FaultRule]
    /// How often each fault struck.
    public private(set) var counts = FaultCounts()
    private var eligible: [Int]
    private var struck: [Int]
    private var occurrences: [Occurrence: Int] = [:]

    /// The most rules a plan holds.
    public static let ruleLimit = 1_000

    /// A plan of rules.
    public init(seed: UInt64 = 0, rules: [FaultRule] = []) {
        self.seed = seed
        self.rules = Array(rules.prefix(Self.ruleLimit))
        eligible = Array(repeating: 0, count: self.rules.count)
        struck = eligible
    }

    /// A plan that strikes with each of some kinds, at each of their verbs, with one chance.
    public init(seed: UInt64, kinds: [FaultKind], perMille: Int, delay: Span = .milliseconds(500)) {
        self.init(
            seed: seed,
            rules: kinds.flatMap { kind in
                CallVerb.allCases.filter(kind.verbs.contains).map { verb in
                    FaultRule(kind, at: [verb], perMille: perMille, delay: delay)
                }
            })
    }

    /// Puts a rule before all others; answers whether there was room.
    public mutating func add(_ rule: FaultRule) -> Bool {
        guard rules.count < Self.ruleLimit else { return false }
        rules.insert(rule, at: 0)
        eligible.insert(0, at: 0)
        struck.insert(0, at: 0)
        return true
    }

    /// Takes all rules away: the quiet phase of a campaign. The counts stay.
    public mutating func quiet() {
        rules = []
        eligible = []
        struck = []
    }

    /// One call that a fault may strike.
    struct Call {
        var party: CounterpartyName
        var verb: CallVerb
        var operation: String
        var reference: String
        var occurrence = 0
    }

    private struct Occurrence: Hashable {
        var party: CounterpartyName
        var verb: CallVerb
        var reference: String
        var kind: FaultKind?
    }

    /// The rule that strikes a call, if one does; counts it. `only` and `except` narrow the kinds that are looked at.
    mutating func strike(
        _ call: Call, only kind: FaultKind? = nil, except other: FaultKind? = nil
    ) -> FaultRule? {
        guard !rules.isEmpty else { return nil }
        var call = call
        let occurrence = Occurrence(party: call.party, verb: call.verb, reference: call.reference, kind: kind)
        call.occurrence = occurrences[occurrence, default: 0]
        occurrences[occurrence] = call.occurrence + 1
        for index in rules.indices where rules[index].concerns(call) {
            if let kind, rules[index].kind != kind { continue }
            if let other, rules[index].kind == other { continue }
            eligible[index] += 1
            guard struck[index] < rules[index].limit, chooses(index, call) else { continue }
            struck[index] += 1
            counts.add(rules[index].kind, call.verb)
            return rules[index]
        }
        return nil
    }

    private func chooses(_ index: Int, _ call: Call) -> Bool {
        let rule = rules[index]
        guard rule.nth.isEmpty else { return rule.nth.contains(eligible[index]) }
        guard rule.perMille < 1_000 else { return true }
        let text = "\(rule.kind.rawValue)|\(call.party)|\(call.verb.rawValue)|\(call.reference)|\(call.occurrence)"
        return Int(FaultDice.draw(seed, text) % 1_000) < rule.perMille
    }
}
