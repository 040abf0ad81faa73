/// A counterparty's name: what a webhook's source, a metric's label and a policy's section are called.
public struct CounterpartyName: ByteNamed, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// Takes a name from configuration or a row.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Takes a name from source code.
    public init(stringLiteral value: String) { self.rawValue = value }

    /// The name as text.
    public var description: String { rawValue }
}

/// What a counterparty promises, as data; the engine decides by it when a request may be sent again.
public struct CounterpartyTerms: Sendable, Equatable {
    /// The counterparty.
    public let name: CounterpartyName
    /// How long after a possible send a "not found" is no proof yet that nothing will happen.
    public let quietTime: Span
    /// For how long the party recognises a key it has seen, so that a second send has no second effect.
    public let keyRetention: KeyRetention
    /// Whether a money stage may settle because `find` says so, or only by a notice.
    public let settlement: SettlementEvidence
    /// The kinds of instruction the party understands; anything else is refused before it is sent.
    public let instructions: Set<String>

    /// How long a key is recognised.
    public enum KeyRetention: Sendable, Equatable {
        /// The party never forgets a key.
        case forever
        /// The party forgets a key this long after it first saw it.
        case lasting(Span)
        /// The party does not de-duplicate.
        case none
    }

    /// What settles money.
    public enum SettlementEvidence: String, Sendable, Codable {
        /// Only the counterparty's notice.
        case notice
        /// A notice, or the counterparty's answer when asked.
        case noticeOrFind
    }

    /// States a counterparty's terms.
    public init(
        name: CounterpartyName, quietTime: Span, keyRetention: KeyRetention, settlement: SettlementEvidence,
        instructions: Set<String>
    ) {
        self.name = name
        self.quietTime = quietTime
        self.keyRetention = keyRetention
        self.settlement = settlement
        self.instructions = instructions
    }
}
