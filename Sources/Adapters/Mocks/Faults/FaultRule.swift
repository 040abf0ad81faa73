public import SagaEngine

/// When one kind of fault strikes. Every condition that is given must hold.
public struct FaultRule: Sendable, Equatable {
    /// What happens.
    public var kind: FaultKind
    /// At which verbs; the kind's own when not given.
    public var verbs: Set<CallVerb>
    /// At which counterparty; at each when `nil`.
    public var party: CounterpartyName?
    /// At which operation; at each when `nil`.
    public var operation: String?
    /// At which references, `*` standing for any text; at each when empty.
    public var references: [String]
    /// How many of 1,000 eligible calls are struck.
    public var perMille: Int
    /// Which of the eligible calls are struck, counted from 1; when given, `perMille` does not matter.
    public var nth: Set<Int>
    /// At how many calls about one reference it may strike: the first ones.
    public var attempts: Int
    /// How often it may strike at all.
    public var limit: Int
    /// How long it delays, for kinds that do; also the `Retry-After`.
    public var delay: Span

    /// Says when a fault strikes; as it stands, at the first call about every reference.
    public init(
        _ kind: FaultKind, at verbs: Set<CallVerb>? = nil, party: CounterpartyName? = nil, operation: String? = nil,
        references: [String] = [], perMille: Int = 1_000, nth: Set<Int> = [], attempts: Int = 1, limit: Int = .max,
        delay: Span = .milliseconds(500)
    ) {
        self.kind = kind
        self.verbs = verbs.map { $0.intersection(kind.verbs) } ?? kind.verbs
        self.party = party
        self.operation = operation
        self.references = references
        self.perMille = perMille
        self.nth = nth
        self.attempts = attempts
        self.limit = limit
        self.delay = delay
    }

    func concerns(_ call: FaultPlan.Call) -> Bool {
        guard verbs.contains(call.verb), call.occurrence < attempts else { return false }
        if let party, party != call.party { return false }
        if let operation, operation != call.operation { return false }
        return references.isEmpty || references.contains { Self.matches($0, call.reference) }
    }

    /// Whether a text is what a pattern describes, `*` standing for any text.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard parts.count > 1, let head = parts.first, let tail = parts.last else { return pattern == text }
        let bytes = Array(text.utf8)
        guard bytes.count >= head.count + tail.count, bytes.starts(with: head),
            bytes.suffix(tail.count).elementsEqual(tail)
        else { return false }
        var rest = bytes[head.count..<bytes.count - tail.count]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
