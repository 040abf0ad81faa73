public import SagaEngine

/// Reads back what counterparties moved under our own references; what anybody else moves does not show in it.
///
/// Reading moves nothing. Calls throw when a party cannot be asked now; the stage that asks is tried again.
public protocol MovementBooks: Sendable {
    /// What the parties know about some effects, in the order asked; at most ``BookEffect/largestPage`` at a time.
    ///
    /// It is as sure as `find`: a movement that was confirmed is found.
    func movements(under effects: [BookEffect]) async throws -> [BookFinding]

    /// A page of everything a party moved, or is about to move, under the references of an offering's sagas.
    ///
    /// Each movement is listed once, in any order; two under one reference are two movements. A listing may lag behind:
    /// what it lacks may come later, and what it has is true. `place` is `next` of the page before, and `nil` for the
    /// first.
    func movements(of offering: OfferingID, at party: CounterpartyName, after place: String?) async throws -> BookPage
}
