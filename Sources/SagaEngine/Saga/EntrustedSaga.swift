/// A flow that may only run on evidence that its parent holds.
public protocol EntrustedSaga: SagaDefinition {
    /// The evidence.
    associatedtype Given: Evidence

    /// Carries the saga forward; `given` was made by the engine, for the parent, and no other way.
    func run(_ input: Input, given: Given, in saga: SagaContext<Stage>) async throws -> Output
}
