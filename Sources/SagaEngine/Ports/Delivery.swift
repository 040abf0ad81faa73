/// How one delivery ended. A delivery ends in exactly one of these.
public enum Delivery: Sendable, Equatable {
    /// The counterparty has it.
    case receipt(Receipt, Exchange)
    /// The counterparty has proved that it will not do it.
    case refused(RefusalReason, Exchange)
    /// No byte of the request can have reached the counterparty.
    case notDelivered(CallFailure, Exchange)
    /// Nobody can tell whether the counterparty has it.
    case unknown(CallFailure, Exchange)
}
