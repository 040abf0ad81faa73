public import SagaEngine

/// What a test does at each call, and who takes the notices.
public struct MockHooks: Sendable {
    /// Called before each call; the fault it answers with is carried out.
    public var atCall: @Sendable (CallPoint) async -> CallFault?
    /// Called when a `before` or `after` fault is due, for the test to kill the caller; the answer is then `unknown`.
    public var crash: @Sendable (CallPoint, CallFault) async -> Void
    /// Takes a verified notice and answers whether it was acknowledged; one that was not is sent again.
    public var notice: @Sendable (Notice) async -> Bool
    /// Takes what a forged callback would have said; a receiver that verifies signatures never lets it in.
    public var forgery: @Sendable (Notice) async -> Void

    /// Does nothing at calls, and acknowledges notices without looking at them, unless told otherwise.
    public init(
        atCall: @escaping @Sendable (CallPoint) async -> CallFault? = { _ in nil },
        crash: @escaping @Sendable (CallPoint, CallFault) async -> Void = { _, _ in },
        notice: @escaping @Sendable (Notice) async -> Bool = { _ in true },
        forgery: @escaping @Sendable (Notice) async -> Void = { _ in }
    ) {
        self.atCall = atCall
        self.crash = crash
        self.notice = notice
        self.forgery = forgery
    }
}
