/// The flows a runner can run, by name and version.
public struct FlowRegistry: Sendable {
    private var flows: [FlowID: AnyFlow] = [:]

    /// Makes an empty registry.
    public init() {}

    /// Adds a flow.
    public mutating func register<Flow: Saga>(_ flow: Flow) {
        add(
            AnyFlow(flow) { (activation: Activation) async throws -> [UInt8] in
                let input = try await activation.decodeInput(Flow.Input.self)
                return try activation.encode(try await flow.run(input, in: SagaContext(activation)))
            })
    }

    /// Adds a flow that only a parent with evidence can start.
    public mutating func register<Flow: EntrustedSaga>(_ flow: Flow) {
        add(
            AnyFlow(flow, isEntrusted: true) { (activation: Activation) async throws -> [UInt8] in
                let input = try await activation.decodeInput(Entrusted<Flow.Input, Flow.Given>.self)
                return try activation.encode(
                    try await flow.run(input.element, given: input.given, in: SagaContext(activation)))
            })
    }

    /// The flows and versions there are, in order of their names.
    public var all: [FlowID] { flows.keys.sorted { ($0.name, $0.version) < ($1.name, $1.version) } }

    /// The stages of a flow, in their own order; `nil` when the flow is not known.
    public func stages(of flow: FlowID) -> [StageName]? { flows[flow]?.stages }

    /// Whether an input could be a flow's; `nil` when the flow is not known.
    public func accepts(_ input: [UInt8], for flow: FlowID) -> Bool? { flows[flow]?.accepts(input) }

    subscript(flow: FlowID) -> AnyFlow? { flows[flow] }

    private mutating func add(_ flow: AnyFlow) {
        precondition(flows[flow.id] == nil, "\(flow.id) is registered twice")
        precondition(Set(flow.stages).count == flow.stages.count, "\(flow.id) names a stage twice")
        flows[flow.id] = flow
    }
}

/// A flow without its types.
final class AnyFlow: Sendable {
    typealias Body = @Sendable (Activation) async throws -> [UInt8]

    let id: FlowID
    let stages: [StageName]
    let run: Body
    let compensate: Body?
    let proveUntouched: (@Sendable (Activation) async throws -> Void)?
    let exclude: Body?
    let excludedBy: [StageName]
    let exclusion: String?
    let accepts: @Sendable ([UInt8]) -> Bool

    init<Flow: SagaDefinition>(_ flow: Flow, isEntrusted: Bool = false, run: @escaping Body) {
        id = Flow.flow
        stages = Flow.Stage.allCases.map(\.name)
        self.run = run
        compensate = (flow as? any Compensable).map { Self.compensator($0) }
        proveUntouched = (flow as? any Compensable).map { Self.witness($0) }
        exclude = (flow as? any Excludable).map { Self.excluder($0, isEntrusted: isEntrusted) }
        excludedBy = (flow as? any Excludable).map { Self.excludedBy($0) } ?? []
        exclusion = (flow as? any Excludable).map { type(of: $0).exclusion }
        accepts = { input in
            do {
                _ = try JournalDecoder().decode(Flow.Input.self, from: input)
                return true
            } catch {
                return false
            }
        }
    }

    private static func compensator<Flow: Compensable>(_ flow: Flow) -> Body {
        { (activation: Activation) async throws -> [UInt8] in
            let input = try await activation.decodeInput(Flow.Input.self)
            return try activation.encode(try await flow.compensate(input, in: SagaContext(activation)))
        }
    }

    private static func witness<Flow: Compensable>(
        _ flow: Flow
    ) -> @Sendable (Activation) async throws -> Void {
        { (activation: Activation) async throws in
            let input = try await activation.decodeInput(Flow.Input.self)
            try await flow.proveUntouched(input, in: SagaContext(activation))
        }
    }

    private static func excluder<Flow: Excludable>(_ flow: Flow, isEntrusted: Bool) -> Body {
        { (activation: Activation) async throws -> [UInt8] in
            let input =
                isEntrusted
                ? try await activation.decodeInput(EntrustedElement<Flow.Input>.self).element
                : try await activation.decodeInput(Flow.Input.self)
            return try activation.encode(try await flow.exclude(input, in: SagaContext(activation)))
        }
    }

    private static func excludedBy<Flow: Excludable>(_ flow: Flow) -> [StageName] {
        Flow.excludedBy.map(\.name)
    }
}

/// The input of a child that runs on evidence.
struct Entrusted<Element: Codable & Sendable, Given: Evidence>: Codable, Sendable {
    let element: Element
    let given: Given
}

/// The part of such an input that taking the element out needs.
struct EntrustedElement<Element: Codable & Sendable>: Codable, Sendable {
    let element: Element
}
