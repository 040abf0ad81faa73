public import SagaEngine

/// A stage whose notice must stand in the journal before others may be posted or recorded.
public struct CheckedApproval: Sendable {
    /// The flow's name.
    public let flow: String
    /// The stage that receives the notice.
    public let evidence: StageName
    /// The stages that need it.
    public let dependents: [StageName]

    /// States a rule of order.
    public init(flow: String, evidence: StageName, dependents: [StageName]) {
        self.flow = flow
        self.evidence = evidence
        self.dependents = dependents
    }
}
