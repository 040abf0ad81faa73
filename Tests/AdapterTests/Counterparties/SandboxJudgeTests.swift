import Adapters
import SagaEngine
import Testing

@Suite struct SandboxJudgeTests {
    let judge = SandboxJudge(reference: "R~0")

    private func record(_ state: SandboxRecord.State, reference: String = "R~0", code: String? = nil) -> [UInt8] {
        SandboxDialect.document(
            SandboxRecord(
                reference: reference, id: "custodian-1", state: state,
                order: SandboxOrder(operation: "transfer", facts: TestOrder.transfer().facts), code: code,
                occurredAt: Timestamp(milliseconds: 0)))
    }

    private func delivery(_ status: Int, _ body: [UInt8], retryAfter: Span? = nil) -> String {
        switch judge.delivery(.answered(SandboxAnswer(status: status, retryAfter: retryAfter, body: body))) {
        case .receipt(let receipt, _): "receipt \(receipt.state.rawValue)"
        case .refused(let reason, _): "refused \(reason.code)"
        case .notDelivered(let failure, _): "not delivered \(failure.code) \(failure.retryAfter?.milliseconds ?? 0)"
        case .unknown(let failure, _): "unknown \(failure.code)"
        }
    }

    private func finding(_ status: Int, _ body: [UInt8]) -> String {
        switch judge.finding(.answered(SandboxAnswer(status: status, body: body))) {
        case .found(let receipt, _): "found \(receipt.state.rawValue)"
        case .refused(let reason, _): "refused \(reason.code)"
        case .absent: "absent"
        case .notYetKnown(let failure, _): "not yet known \(failure.code)"
        }
    }

    @Test func `only an answer that names our reference and a known state is a receipt`() {
        #expect(delivery(202, record(.accepted)) == "receipt accepted")
        #expect(delivery(200, record(.settled)) == "receipt settled")
        #expect(delivery(200, record(.settled, reference: "OTHER~0")) == "unknown foreign_answer")
        #expect(delivery(200, record(.refused, code: "account_frozen")) == "unknown bad_answer")
        #expect(delivery(200, record(.progress)) == "unknown bad_answer")
        #expect(delivery(200, Array("<html>".utf8)) == "unknown bad_answer")
        #expect(delivery(200, []) == "unknown bad_answer")
        #expect(delivery(204, record(.settled)) == "unknown http_204")
    }

    @Test func `only a refusal of the dialect about our reference is a refusal`() {
        #expect(delivery(422, record(.refused, code: "account_frozen")) == "refused account_frozen")
        #expect(delivery(422, record(.refused)) == "unknown http_422")
        #expect(delivery(422, record(.refused, reference: "OTHER~0", code: "account_frozen")) == "unknown http_422")
        #expect(delivery(422, record(.accepted)) == "unknown http_422")
        #expect(delivery(422, Array("{}".utf8)) == "unknown http_422")
        let conflict = SandboxDialect.failure(code: "reference_conflict", message: "", reference: "R~0")
        #expect(delivery(409, conflict) == "unknown reference_conflict")
        #expect(delivery(409, record(.refused, code: "account_frozen")) == "unknown http_409")
        for status in [400, 401, 403, 404, 500, 502, 503, 504, 302, 599] {
            #expect(delivery(status, record(.refused, code: "account_frozen")) == "unknown http_\(status)")
        }
    }

    @Test func `what the dialect promises to answer before looking is not delivered`() {
        #expect(delivery(429, [], retryAfter: .seconds(3)) == "not delivered rate_limited 3000")
        guard case .notDelivered = judge.delivery(.notSent(code: "http.connect_failed", latency: .zero)) else {
            Issue.record("a request that was not sent was delivered")
            return
        }
        guard case .unknown = judge.delivery(.uncertain(code: "http.timeout", latency: .zero)) else {
            Issue.record("an uncertain request is certain")
            return
        }
    }

    @Test func `only the counterparty's own word that it does not know our reference is absence`() {
        let absent = SandboxDialect.failure(code: "not_found", message: "", reference: "R~0")
        #expect(finding(404, absent) == "absent")
        #expect(
            finding(404, SandboxDialect.failure(code: "not_found", message: "", reference: "OTHER~0"))
                == "not yet known http_404")
        #expect(
            finding(404, SandboxDialect.failure(code: "not_found", message: "", reference: nil))
                == "not yet known http_404")
        #expect(finding(404, Array("<html>".utf8)) == "not yet known http_404")
        #expect(finding(200, record(.accepted)) == "found accepted")
        #expect(finding(200, record(.refused, code: "declined")) == "refused declined")
        #expect(finding(200, record(.settled, reference: "OTHER~0")) == "not yet known foreign_answer")
        #expect(finding(503, []) == "not yet known http_503")
        #expect(finding(429, []) == "not yet known rate_limited")
        guard case .notYetKnown = judge.finding(.notSent(code: "http.connect_failed", latency: .zero)) else {
            Issue.record("who was not asked has answered")
            return
        }
    }

    @Test func `evidence holds no accounts`() {
        let exchange = SandboxExchange.answered(SandboxAnswer(status: 202, body: record(.accepted)))
        guard case .receipt(_, let evidence) = judge.delivery(exchange) else {
            Issue.record("no receipt")
            return
        }
        #expect(evidence.answer.contains(#""amount":"2520.00""#))
        #expect(!evidence.answer.contains("ESC-1"))
        #expect(!evidence.answer.contains("ISS-1"))
    }
}
