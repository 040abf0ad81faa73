public import SagaEngine

/// A stage that puts back what another one would have moved, and may do so only if that never happened.
public struct CheckedCompensation: Sendable {
    /// The flow's name.
    public let flow: String
    /// The stage that would have moved something.
    public let stage: StageName
    /// The stage that puts it back.
    public let compensation: StageName

    /// States what puts what back.
    public init(flow: String, stage: StageName, compensation: StageName) {
        self.flow = flow
        self.stage = stage
        self.compensation = compensation
    }
}
