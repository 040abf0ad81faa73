import Adapters
import SagaEngine

/// A counterparty whose doings are written down before its answer is heard.
struct ReportingParty: Counterparty {
    let base: MockCounterparty
    let world: MockWorld
    let sink: PromiseSink?

    var terms: CounterpartyTerms { base.terms }

    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        try base.render(instruction, as: key)
    }

    func deliver(_ request: WireRequest) async -> Delivery {
        let delivery = await base.deliver(request)
        sink?.report(world)
        return delivery
    }

    func find(_ request: WireRequest) async -> Finding { await base.find(request) }

    func requestNotice(for request: WireRequest) async -> NoticeRequest { await base.requestNotice(for: request) }
}
