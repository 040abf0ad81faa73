/// The durable name of a stage: the raw value of the flow's stage enum.
public struct StageName: ByteNamed, Sendable, Codable, CustomStringConvertible {
    /// The name as text.
    public let rawValue: String

    /// Takes a name as the flow declares it or the journal holds it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name as text.
    public var description: String { rawValue }

    /// What an entry about the saga as a whole, and not about one of its stages, is filed under.
    public static let saga = StageName(rawValue: "")
}

/// The stages of a flow, in the order an operator reads them; the raw value is the durable name.
public protocol SagaStage: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

extension SagaStage {
    /// The durable name of this stage.
    public var name: StageName { StageName(rawValue: rawValue) }
}
