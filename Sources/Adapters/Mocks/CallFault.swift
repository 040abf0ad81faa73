/// What a crash sweep does to one call.
public enum CallFault: String, Sendable, CaseIterable {
    /// The caller dies before the call leaves.
    case before
    /// The caller dies after the call had its effect, before it learns of it.
    case after
    /// The call has its effect and is answered with an error.
    case appliedButError = "applied_but_error"
}
