/// A change in how the gate stands towards a counterparty: told once when it happens, not for each call held back.
public struct GateTurn: Sendable, Equatable {
    /// What changed.
    public enum Kind: String, Sendable, CaseIterable {
        /// It failed too often: no call goes through.
        case breakerOpened = "breaker_opened"
        /// The pause is over: one call goes through to see.
        case breakerTrying = "breaker_trying"
        /// That call failed, too.
        case breakerReopened = "breaker_reopened"
        /// It answers again.
        case breakerClosed = "breaker_closed"
        /// It asked us to come back later.
        case askedToWait = "asked_to_wait"
        /// An operator has switched it off.
        case switchedOff = "switched_off"
        /// An operator has switched it on again.
        case switchedOn = "switched_on"
    }

    /// What changed.
    public let kind: Kind
    /// The bounded code of the last failure, if it has failed.
    public let code: String?
    /// How many calls have failed in a row.
    public let failures: Int
    /// Since when it fails, or has been switched off.
    public let since: Timestamp?
    /// Until when nothing goes through; `nil` where something does, or a person decides.
    public let until: Timestamp?
    /// The runner that found it, where that was another one.
    public let by: String?

    init(
        _ kind: Kind, code: String? = nil, failures: Int = 0, since: Timestamp? = nil, until: Timestamp? = nil,
        by: String? = nil
    ) {
        self.kind = kind
        self.code = code
        self.failures = failures
        self.since = since
        self.until = until
        self.by = by
    }

    /// The change as a sentence about a counterparty.
    public func sentence(about party: CounterpartyName) -> String {
        let last = code.map { " (last: \($0))" } ?? ""
        let moment = until?.rfc3339 ?? ""
        switch kind {
        case .breakerOpened:
            let whom = by.map { " to runner \($0)" } ?? ""
            return "\(party) gave no usable answer\(whom) \(failures) times in a row\(last): no call before \(moment)"
        case .breakerTrying: return "one call goes to \(party) to see whether it answers again"
        case .breakerReopened: return "\(party) still gives no usable answer\(last): no call before \(moment)"
        case .breakerClosed: return "\(party) answers again: calls go through"
        case .askedToWait: return "\(party) asked for a pause\(last): no call before \(moment)"
        case .switchedOff: return "\(party) is switched off: no call until an operator switches it on"
        case .switchedOn: return "\(party) is switched on again: calls go through"
        }
    }
}
