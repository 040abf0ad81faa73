public import SagaEngine

/// Decides what an exchange in the sandbox's dialect proves. Whatever proves nothing is unknown.
///
/// The dialect promises: `429` is answered before anything is looked at; `422` with the order's reference and the state
/// `refused` is final; `404` names the reference it does not know; `409` says that the reference exists with other
/// content, which is a fault of ours and no refusal.
public struct SandboxJudge: Sendable {
    /// Evidence as the engine keeps it; the HTTP server has an exchange of its own.
    private typealias Evidence = SagaEngine.Exchange

    /// The reference that answers must name.
    public let reference: String
    /// Whether another reference stands for the call.
    private let isShared: Bool

    /// Judges the exchanges about one reference; of a call with several, all but one are `isShared`.
    public init(reference: String, isShared: Bool = false) {
        self.reference = reference
        self.isShared = isShared
    }

    /// How a delivery ended.
    public func delivery(_ exchange: SandboxExchange) -> Delivery {
        switch exchange {
        case .notSent(let code, let latency):
            .notDelivered(CallFailure(code: code), Evidence(status: code, latency: latency, isShared: isShared))
        case .uncertain(let code, let latency):
            .unknown(CallFailure(code: code), Evidence(status: code, latency: latency, isShared: isShared))
        case .answered(let answer): delivery(answer)
        }
    }

    private func delivery(_ answer: SandboxAnswer) -> Delivery {
        let evidence = evidence(answer)
        switch answer.status {
        case 200...202:
            switch standing(answer) {
            case .unusable(let failure): return .unknown(failure, evidence)
            case .usable(let record):
                guard let receipt = receipt(record) else { return .unknown(CallFailure(code: "bad_answer"), evidence) }
                return .receipt(receipt, evidence)
            }
        case 422:
            guard case .usable(let record) = standing(answer), let reason = refusal(record) else {
                return .unknown(CallFailure(code: "http_422"), evidence)
            }
            return .refused(reason, evidence)
        case 429:
            return .notDelivered(CallFailure(code: "rate_limited", retryAfter: answer.retryAfter), evidence)
        default: return .unknown(failure(answer), evidence)
        }
    }

    /// What the counterparty says about the reference.
    public func finding(_ exchange: SandboxExchange) -> Finding {
        switch exchange {
        case .notSent(let code, let latency), .uncertain(let code, let latency):
            .notYetKnown(CallFailure(code: code), Evidence(status: code, latency: latency))
        case .answered(let answer): finding(answer)
        }
    }

    private func finding(_ answer: SandboxAnswer) -> Finding {
        let evidence = evidence(answer)
        switch answer.status {
        case 200:
            switch standing(answer) {
            case .unusable(let failure): return .notYetKnown(failure, evidence)
            case .usable(let record):
                if let reason = refusal(record) { return .refused(reason, evidence) }
                guard let receipt = receipt(record) else {
                    return .notYetKnown(CallFailure(code: "bad_answer"), evidence)
                }
                return .found(receipt, evidence)
            }
        case 404:
            // A 404 of a proxy, or of a mistyped path, names no reference and proves nothing.
            guard let failure = SandboxDialect.failure(answer.body), failure.code == "not_found",
                failure.reference?.isSameBytes(as: reference) == true
            else { return .notYetKnown(CallFailure(code: "http_404"), evidence) }
            return .absent(evidence)
        default: return .notYetKnown(failure(answer), evidence)
        }
    }

    /// What became of the request for a notice.
    public func noticeRequest(_ exchange: SandboxExchange) -> NoticeRequest {
        switch exchange {
        case .notSent(let code, let latency), .uncertain(let code, let latency):
            return .failed(CallFailure(code: code), Evidence(status: code, latency: latency))
        case .answered(let answer):
            guard answer.status == 202 else { return .failed(failure(answer), evidence(answer)) }
            return .promised(evidence(answer))
        }
    }

    private enum Standing {
        case usable(SandboxRecord)
        case unusable(CallFailure)
    }

    private func standing(_ answer: SandboxAnswer) -> Standing {
        let record: SandboxRecord
        do { record = try SandboxDialect.record(answer.body) } catch {
            return .unusable(CallFailure(code: "bad_answer"))
        }
        return record.reference.isSameBytes(as: reference)
            ? .usable(record) : .unusable(CallFailure(code: "foreign_answer"))
    }

    private func receipt(_ record: SandboxRecord) -> Receipt? {
        switch record.state {
        case .accepted: Receipt(id: record.id, state: .accepted, facts: record.order.facts)
        case .settled: Receipt(id: record.id, state: .settled, facts: record.order.facts)
        case .progress, .refused: nil
        }
    }

    private func refusal(_ record: SandboxRecord) -> RefusalReason? {
        guard record.state == .refused, let code = record.code else { return nil }
        return RefusalReason(code: code, message: record.message ?? "")
    }

    private func failure(_ answer: SandboxAnswer) -> CallFailure {
        if answer.status == 409, SandboxDialect.failure(answer.body)?.code == "reference_conflict" {
            return CallFailure(code: "reference_conflict")
        }
        let code = answer.status == 429 ? "rate_limited" : "http_\(answer.status)"
        return CallFailure(code: code, retryAfter: answer.retryAfter)
    }

    private func evidence(_ answer: SandboxAnswer) -> Evidence {
        Evidence(
            status: String(answer.status), latency: answer.latency, answer: SandboxDialect.redacted(answer.body),
            isShared: isShared)
    }
}
