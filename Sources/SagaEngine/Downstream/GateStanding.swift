/// How the gate stands towards one counterparty.
public struct GateStanding: Sendable, Equatable {
    /// The counterparty.
    public let counterparty: CounterpartyName
    /// Who has switched it off, when and why; `nil` while it is on.
    public let switchedOffWhy: String?
    /// Whether its breaker lets nothing through.
    public let isBreakerOpen: Bool
    /// The runner whose calls opened the breaker, where several share it and it is open.
    public var openedBy: String?
    /// Calls under way.
    public let underWay: Int
    /// Calls that wait for a place.
    public let waiting: Int
    /// How many calls have failed in a row.
    public let failures: Int
    /// Since when calls have failed and none was answered.
    public let failingSince: Timestamp?
    /// The bounded code of the last failure; `nil` once a call was answered.
    public let lastCode: String?
    /// Until when no call is let through, by its breaker or because it asked for a pause.
    public let closedUntil: Timestamp?

    /// Whether an operator has switched it off.
    public var isSwitchedOff: Bool { switchedOffWhy != nil }
}
