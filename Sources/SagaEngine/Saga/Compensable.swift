/// A flow that can be called off before its point of no return, by putting back what there is to put back.
public protocol Compensable: SagaDefinition {
    /// Puts back; runs instead of the flow once an operator cancels, and may use stages of its own.
    ///
    /// It passes the point of no return before it moves anything; until then it may throw ``CannotTurnBack``.
    func compensate(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output

    /// Sees that no counterparty has moved anything that is forgotten here, or throws ``CannotTurnBack``; runs before
    /// the saga is discarded.
    func proveUntouched(_ input: Input, in saga: SagaContext<Stage>) async throws
}

/// A child flow whose element can be taken out of the whole, when it can go no further.
public protocol Excludable: SagaDefinition {
    /// The stages of which none may have taken effect when the element is taken out.
    static var excludedBy: [Stage] { get }

    /// What becomes of an element that is taken out, in words for whoever is about to do so.
    static var exclusion: String { get }

    /// Ends the element without the rest; runs instead of the flow once operators exclude it.
    func exclude(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output
}
