/// What a counterparty is doing when a fault strikes.
public enum CallVerb: String, Sendable, CaseIterable, Codable {
    /// It takes an order in.
    case deliver
    /// It says what became of a reference.
    case find
    /// It is asked to send a notice again.
    case resend
    /// It lists orders or balances.
    case list
    /// It decides what becomes of an order it took in.
    case outcome
    /// It sends a notice.
    case notice
}
