/// What a gate reports of its breaker.
public enum BreakerReport: Sendable, Equatable {
    /// It has opened, after failures of this runner's own calls.
    case opened(until: Timestamp, code: String?, failures: Int, since: Timestamp?)
    /// The one call that tried was answered.
    case closed
}
