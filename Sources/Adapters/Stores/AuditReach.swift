/// How far a verification of the audit chain goes.
public enum AuditReach: Sendable {
    /// The chain itself: entries, prints, seals, and that each saga's row stands where its journal ends.
    case chain
    /// Beside the chain, what stands elsewhere too: how a saga ended, and the notices that entries were written for.
    case everything
}
