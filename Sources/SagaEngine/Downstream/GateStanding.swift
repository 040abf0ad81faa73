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

    /// Of a counterparty that was never called, nor switched off.
    public static func untouched(_ counterparty: CounterpartyName) -> GateStanding {
        GateStanding(
            counterparty: counterparty, switchedOffWhy: nil, isBreakerOpen: false, underWay: 0, waiting: 0, failures: 0,
            failingSince: nil, lastCode: nil, closedUntil: nil)
    }

    /// Whether an operator has switched it off.
    public var isSwitchedOff: Bool { switchedOffWhy != nil }
}
