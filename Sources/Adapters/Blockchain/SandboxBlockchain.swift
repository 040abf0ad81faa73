public import SagaEngine

/// The sandbox's private chain: balances written once per reference, at once, many records in one request.
public struct SandboxBlockchain: Counterparty {
    /// What it promises.
    public let terms: CounterpartyTerms
    private let caller: SandboxCaller
    private let rendering: SandboxRendering
    private let batches: RecordBatches

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
        caller = SandboxCaller(http: http, collection: address + SandboxParty.blockchain.collection)
        rendering = SandboxRendering(mapping: mapping)
        let caller = caller
        batches = RecordBatches { await caller.post($0) }
    }

    /// Writes an instruction in the sandbox's dialect.
    public func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        try rendering.render(instruction, as: key)
    }

    /// Hands the record to the batch that is sent next.
    public func deliver(_ request: WireRequest) async -> Delivery {
        let outcome = await batches.deliver(request)
        return SandboxJudge(reference: request.reference, isShared: outcome.isShared).delivery(outcome.exchange)
    }

    /// Asks what became of the reference.
    public func find(_ request: WireRequest) async -> Finding {
        SandboxJudge(reference: request.reference).finding(await caller.get(request.reference))
    }

    /// The chain sends no notices; the answer is a failure.
    public func requestNotice(for request: WireRequest) async -> NoticeRequest {
        SandboxJudge(reference: request.reference).noticeRequest(await caller.resendNotice(request.reference))
    }
}
