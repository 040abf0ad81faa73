/// Something that only the engine makes, from what a counterparty has proved; it crosses the journal by reference.
///
/// Encoding evidence writes the address of the journal entry that proves it; decoding looks that entry up, and works
/// only inside the engine. A flow can neither construct nor decode evidence.
public protocol Evidence: Codable, Sendable {
    /// Where the journal proves it.
    var address: EvidenceAddress { get }
}

/// The place of the journal entry that proves something.
public struct EvidenceAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The saga whose journal holds the entry.
    public let saga: SagaID
    /// The stage the entry belongs to.
    public let stage: StageName
    /// The stage's proven refusals at that point.
    public let refusals: Int

    /// `saga/stage#n`.
    public var description: String { "\(saga.rawValue)/\(stage.rawValue)#\(refusals)" }
}
