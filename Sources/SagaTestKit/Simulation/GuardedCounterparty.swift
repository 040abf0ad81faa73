internal import SagaEngine

/// A counterparty as one life of a process reaches it: a dead process reaches nobody and learns nothing.
struct GuardedCounterparty: Counterparty {
    let base: any Counterparty
    let door: SimulatedDoor
    let simulation: Simulation

    var terms: CounterpartyTerms { base.terms }

    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        try base.render(instruction, as: key)
    }

    func deliver(_ request: WireRequest) async -> Delivery {
        await call(.deliver, request, failed: { .unknown($0, Self.exchange) }) { await base.deliver(request) }
    }

    func find(_ request: WireRequest) async -> Finding {
        await call(.find, request, failed: { .notYetKnown($0, Self.exchange) }) { await base.find(request) }
    }

    func requestNotice(for request: WireRequest) async -> NoticeRequest {
        await call(.requestNotice, request, failed: { .failed($0, Self.exchange) }) {
            await base.requestNotice(for: request)
        }
    }

    private static let exchange = Exchange(status: "simulated", latency: .zero)

    private func call<Answer>(
        _ verb: CallVerb, _ request: WireRequest, failed: (CallFailure) -> Answer, _ perform: () async -> Answer
    ) async -> Answer {
        let dead = failed(CallFailure(code: "dead"))
        guard let life = door.life, life.isAlive else { return dead }
        let decided = simulation.callCount
        await life.stayFrozen()
        guard life.isAlive else { return dead }
        let (strike, freeze) = await simulation.note(
            verb, request, to: terms.name, by: life.runner.id, after: decided)
        if strike == .crashBefore {
            life.die()
            return dead
        }
        let answer = await perform()
        if let freeze {
            life.freeze(for: freeze)
            await life.stayFrozen()
        }
        guard life.isAlive else { return dead }
        switch strike {
        case .none: return answer
        case .crashBefore, .crashAfter:
            life.die()
            return dead
        case .errorAfterApplying: return failed(CallFailure(code: "http_500"))
        }
    }
}
