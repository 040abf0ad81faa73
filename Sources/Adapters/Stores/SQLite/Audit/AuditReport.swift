/// What a verification of the audit chain has found.
public struct AuditReport: Sendable, Equatable {
    /// How many journal entries were found right.
    public var entries = 0
    /// How many operators' prints were found right.
    public var prints = 0
    /// How many seals were found right.
    public var seals = 0
    /// How many sagas' rows were found to agree with their journals.
    public var sagas = 0
    /// The last seal that was found right.
    public var head: AuditHead
    /// The first thing that is wrong; `nil` when nothing is.
    public var fault: AuditFault?
}
