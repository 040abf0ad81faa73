public import SagaEngine

/// The sandbox's custodian: money and units between the accounts it holds, each order told about by a notice.
public struct SandboxCustodian: Counterparty {
    /// What it promises.
    public let terms: CounterpartyTerms
    private let caller: SandboxCaller
    private let rendering: SandboxRendering

    /// The counterparty behind an address.
    ///
    /// - Parameters:
    ///   - terms: its name, the instructions it understands and what settles them; the sandbox keeps keys for ever.
    ///   - address: the sandbox's own, without a path: `http://127.0.0.1:8099`.
    ///   - http: the client that calls it.
    ///   - mapping: how an instruction becomes an order.
    public init(
        terms: CounterpartyTerms, address: String, http: HTTPClient,
        mapping: @escaping SandboxOrder.Mapping = SandboxOrder.plain
    ) {
        self.terms = terms
        caller = SandboxCaller(http: http, collection: address + SandboxParty.custodian.collection)
        rendering = SandboxRendering(mapping: mapping)
    }

    /// Writes an instruction in the sandbox's dialect.
    public func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        try rendering.render(instruction, as: key)
    }

    /// Puts the instruction under its reference.
    public func deliver(_ request: WireRequest) async -> Delivery {
        SandboxJudge(reference: request.reference).delivery(await caller.put(request))
    }

    /// Asks what became of the reference.
    public func find(_ request: WireRequest) async -> Finding {
        SandboxJudge(reference: request.reference).finding(await caller.get(request.reference))
    }

    /// Asks for the final notice to be sent again.
    public func requestNotice(for request: WireRequest) async -> NoticeRequest {
        SandboxJudge(reference: request.reference).noticeRequest(await caller.resendNotice(request.reference))
    }
}
