import SagaEngine

/// A counterparty in this process that has everything at once, never forgets a key, and calls back when told to.
struct BenchParty: Counterparty {
    static let name: CounterpartyName = "bench"

    let terms = CounterpartyTerms(
        name: BenchParty.name, quietTime: .seconds(1), keyRetention: .forever, settlement: .notice,
        instructions: [BenchRefund.kind, BenchTransfer.kind, BenchDelivery.kind, BenchRecord.kind])

    /// What was ordered and is still to be called back about.
    let callbacks = BenchCallbacks()

    /// The wire is the move's four fields, a line each: what a party does with them is not what is measured.
    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        let order: any BenchOrder
        switch instruction {
        case let refund as BenchRefund: order = refund
        case let transfer as BenchTransfer: order = transfer
        case let delivery as BenchDelivery: order = delivery
        case let record as BenchRecord: order = record
        default: throw Unrenderable("it moves nothing")
        }
        return WireRequest(
            key: key, reference: key.description, operation: type(of: order).kind, body: order.move.wire)
    }

    func deliver(_ request: WireRequest) async -> Delivery {
        let exchange = Exchange(status: "200", latency: .zero)
        guard let facts = BenchMove(wire: request.body)?.facts else {
            return .refused(RefusalReason(code: "unreadable", message: "it has not four lines"), exchange)
        }
        let callsBack = request.operation == BenchTransfer.kind || request.operation == BenchDelivery.kind
        if callsBack { callbacks.expect(request.reference, facts) }
        let receipt = Receipt(id: "cp-\(request.reference)", state: callsBack ? .accepted : .settled, facts: facts)
        return .receipt(receipt, exchange)
    }

    func find(_ request: WireRequest) async -> Finding {
        .notYetKnown(CallFailure(code: "never_asked"), Exchange(status: "503", latency: .zero))
    }

    func requestNotice(for request: WireRequest) async -> NoticeRequest {
        .failed(CallFailure(code: "never_asked"), Exchange(status: "503", latency: .zero))
    }
}
