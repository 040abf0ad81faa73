internal import SagaEngine

/// What a counterparty knows about one effect.
public enum BookFinding: Hashable, Sendable {
    /// It moved something, or is about to.
    case moved(BookMovement)
    /// It knows nothing under this reference, and has refused every earlier one of the effect.
    case nothing(reference: String)

    /// The reference that was looked under.
    public var reference: String {
        switch self {
        case .moved(let movement): movement.reference.rawValue
        case .nothing(let reference): reference
        }
    }
}
