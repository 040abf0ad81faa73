/// What every flow declares: its durable name and version, what goes in, what comes out, and its stages.
public protocol SagaDefinition: Sendable {
    /// What the saga is started with; durable from the first moment.
    associatedtype Input: Codable & Sendable
    /// What the saga ends with.
    associatedtype Output: Codable & Sendable
    /// The stages, as an operator reads them.
    associatedtype Stage: SagaStage

    /// The flow's durable name.
    static var name: String { get }
    /// The flow's version, from 1; a saga keeps the one it was started under.
    static var version: Int { get }
}

extension SagaDefinition {
    /// The flow and version, as rows keep it.
    public static var flow: FlowID { FlowID(name: name, version: version) }
    /// Flows start at version 1.
    public static var version: Int { 1 }
}
