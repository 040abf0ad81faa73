/// Where a saga stands. There is no other place: nothing is lost.
public enum SagaStatus: String, Sendable, Codable, CaseIterable {
    /// Not yet begun.
    case pending
    /// A runner is working on it, or will as soon as one is free.
    case running
    /// It waits for a notice, a moment, a retry or its children.
    case waiting
    /// It needs a person.
    case stuck
    /// It is being called off.
    case compensating
    /// It ended as meant.
    case completed
    /// It was called off and everything is put back.
    case cancelled
    /// Persons ended it, with evidence.
    case closed

    /// Whether nothing will ever change it again.
    public var isTerminal: Bool {
        switch self {
        case .completed, .cancelled, .closed: true
        case .pending, .running, .waiting, .stuck, .compensating: false
        }
    }
}
