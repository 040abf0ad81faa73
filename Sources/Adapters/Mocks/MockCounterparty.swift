public import SagaEngine

/// A counterparty in process, with the sandbox's manners and faults on demand.
public struct MockCounterparty: Counterparty {
    /// What it promises.
    public let terms: CounterpartyTerms
    private let mapping: SandboxOrder.Mapping
    private let world: MockWorld

    init(terms: CounterpartyTerms, mapping: @escaping SandboxOrder.Mapping, world: MockWorld) {
        self.terms = terms
        self.mapping = mapping
        self.world = world
    }

    /// Writes an instruction in the sandbox's dialect.
    public func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        try SandboxRendering(mapping: mapping).render(instruction, as: key)
    }

    /// Hands the order to the model.
    public func deliver(_ request: WireRequest) async -> SagaEngine.Delivery {
        let judge = SandboxJudge(reference: request.reference)
        return judge.delivery(
            await call(.deliver, request) { world, now in
                do {
                    let (reference, order) = try SandboxDialect.order(request.body)
                    return world.deliver(order, reference: reference, to: terms.name, at: now)
                } catch {
                    return PartyReply(answer: .document(SandboxAnswer(status: 400, body: [])))
                }
            })
    }

    /// Asks the model.
    public func find(_ request: WireRequest) async -> Finding {
        let judge = SandboxJudge(reference: request.reference)
        return judge.finding(
            await call(.find, request) { world, _ in world.find(request.reference, at: terms.name) })
    }

    /// Asks the model to send the notice again.
    public func requestNotice(for request: WireRequest) async -> NoticeRequest {
        let judge = SandboxJudge(reference: request.reference)
        return judge.noticeRequest(
            await call(.resend, request) { world, now in
                world.requestNotice(about: request.reference, from: terms.name, at: now)
            })
    }

    private func call(
        _ verb: CallVerb, _ request: WireRequest,
        _ body: @Sendable (inout SimulatedWorld, Timestamp) -> PartyReply
    ) async -> SandboxExchange {
        let (point, fault) = await world.begin(verb, terms.name, request.key)
        if fault == .before {
            await world.crash(point, .before)
            return .uncertain(code: "crashed", latency: .zero)
        }
        let exchange = await world.answer(body)
        switch fault {
        case .after:
            await world.crash(point, .after)
            return .uncertain(code: "crashed", latency: .zero)
        case .appliedButError: return .answered(SandboxAnswer(status: 500, body: []))
        case .before, .none: return exchange
        }
    }
}
