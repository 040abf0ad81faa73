public import SagaEngine

/// Turns instructions into requests of the sandbox's dialect: pure, and the same for every counterparty of it.
public struct SandboxRendering: Sendable {
    private let mapping: SandboxOrder.Mapping

    /// Renders by a mapping.
    public init(mapping: @escaping SandboxOrder.Mapping = SandboxOrder.plain) {
        self.mapping = mapping
    }

    /// The request for an instruction under a key.
    ///
    /// - Throws: `Unrenderable` when the order could not be understood by anybody.
    public func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        let order = try mapping(instruction)
        if let defect = order.defect { throw Unrenderable("\(type(of: instruction).kind): \(defect)") }
        let reference = SandboxReference.text(of: key)
        return WireRequest(
            key: key, reference: reference, operation: order.operation, lane: order.lane,
            body: SandboxDialect.request(order, reference: reference))
    }
}
