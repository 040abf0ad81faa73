/// What goes wrong at one persist point: a commit, counted from 1 over all lives of a simulation.
public enum StoreFault: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The process dies before anything is written.
    case crashBefore
    /// The process dies after everything is written and before anybody is told.
    case crashAfter
    /// Everything is written, but the store says that it was unavailable.
    case errorAfterApplying
    /// Nothing is written and the store says that it was unavailable.
    case unavailable

    /// Whether the process that met it is dead.
    public var isCrash: Bool {
        switch self {
        case .crashBefore, .crashAfter: true
        case .none, .errorAfterApplying, .unavailable: false
        }
    }
}
