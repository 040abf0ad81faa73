/// What every flow declares: its durable name and version, what goes in, what comes out, and its stages.
public protocol SagaDefinition: Sendable {
    /// What the saga is started with; durable from the first moment.
    associatedtype Input: Codable & Sendable
    /// What the saga ends with.
    associatedtype Output: Codable & Sendable
    /// The stages, as an operator reads them.
    associatedtype Stage: SagaStage

    /// The flow's durable name.
    static var name: String { get }
    /// The flow's version, from 1; a saga keeps the one it was started under.
    static var version: Int { get }
}

extension SagaDefinition {
    /// The flow and version, as rows keep it.
    public static var flow: FlowID { FlowID(name: name, version: version) }
    /// Flows start at version 1.
    public static var version: Int { 1 }
}

/// A flow: a straight line of stages that the engine remembers one by one.
///
/// `run` is replayed against the journal whenever the saga is taken up again, so it must do the same for the same
/// input: everything that is not computed from input and evidence goes through a verb of ``SagaContext``.
public protocol Saga: SagaDefinition {
    /// Carries the saga forward from its first stage; stages that are done answer from the journal.
    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output
}

/// A flow that may only run on evidence that its parent holds.
public protocol EntrustedSaga: SagaDefinition {
    /// The evidence.
    associatedtype Given: Evidence

    /// Carries the saga forward; `given` was made by the engine, for the parent, and no other way.
    func run(_ input: Input, given: Given, in saga: SagaContext<Stage>) async throws -> Output
}

/// A flow that can be called off before its point of no return, by putting back what there is to put back.
public protocol Compensable: SagaDefinition {
    /// Puts back; runs instead of the flow once an operator cancels, and may use stages of its own.
    func compensate(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output
}

/// A child flow whose element can be taken out of the whole, when it can go no further.
public protocol Excludable: SagaDefinition {
    /// The stages of which none may have taken effect when the element is taken out.
    static var excludedBy: [Stage] { get }

    /// Ends the element without the rest; runs instead of the flow once operators exclude it.
    func exclude(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output
}
