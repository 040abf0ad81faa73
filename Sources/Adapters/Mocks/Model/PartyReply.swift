public import SagaEngine

/// What a simulated counterparty does about a call.
public struct PartyReply: Sendable, Equatable {
    /// The answer, should it get through.
    public var answer: Answer
    /// How long it waits before answering.
    public var delay: Span = .zero
    /// Notices that are sent before the answer.
    public var early: [NoticeDispatch] = []

    /// What goes over the wire.
    public enum Answer: Sendable, Equatable {
        /// An answer of the dialect.
        case document(SandboxAnswer)
        /// Bytes that are no JSON, under a status that promises some.
        case garbage
        /// A body larger than anybody should read.
        case flood
        /// The connection is closed without an answer.
        case cut
    }
}
