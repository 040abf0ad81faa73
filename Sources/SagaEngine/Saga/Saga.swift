/// A flow: a straight line of stages that the engine remembers one by one.
///
/// `run` is replayed against the journal whenever the saga is taken up again, so it must do the same for the same
/// input: everything that is not computed from input and evidence goes through a verb of ``SagaContext``.
public protocol Saga: SagaDefinition {
    /// Carries the saga forward from its first stage; stages that are done answer from the journal.
    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output
}
