public import SagaEngine

/// A notice on its way to whoever waits for it: one attempt.
public struct NoticeDispatch: Sendable, Equatable {
    /// The counterparty that sends it.
    public let party: CounterpartyName
    /// The notice's id, the same over its attempts.
    public let id: String
    /// The body.
    public let body: [UInt8]
    /// Whether it is a copy whose signature must not hold.
    public let isForged: Bool
    /// Whether it is to be sent in chunks.
    public let isChunked: Bool
    /// Which attempt it is, from 0.
    public let attempt: Int

    var again: NoticeDispatch {
        NoticeDispatch(
            party: party, id: id, body: body, isForged: isForged, isChunked: isChunked, attempt: attempt + 1)
    }
}
