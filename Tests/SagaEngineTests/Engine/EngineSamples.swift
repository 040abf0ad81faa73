import SagaTestKit

@testable import SagaEngine

/// Small values that the engine's tests are made of.
enum Sample {
    static let saga = SagaID(trusted: "S-1")
    static let genesis = ChainLink(bytes: Array(repeating: 7, count: 32))
    static let exchange = Exchange(status: "200", latency: .zero)
    static let failure = CallFailure(code: "timeout")
    static let reason = RefusalReason(code: "frozen", message: "the account is frozen")
    static let receipt = Receipt(id: "T-1", state: .accepted, facts: ["amount": "5"])
    static let now = Timestamp(milliseconds: 1_000_000_000)
    static let exposure = Exposure(asset: "SGD", amount: 5, decimals: 2)
    static let quiet = Span.seconds(30)

    static func stage(_ name: String) -> StageName { StageName(rawValue: name) }

    static func terms(
        _ retention: CounterpartyTerms.KeyRetention = .none,
        settlement: CounterpartyTerms.SettlementEvidence = .notice
    ) -> CounterpartyTerms {
        CounterpartyTerms(
            name: "toy", quietTime: quiet, keyRetention: retention, settlement: settlement,
            instructions: [Pay.kind, Approve.kind, Tell.kind, Follow.kind])
    }

    static func intent(_ instruction: String = #"{"amount":5}"#, reference: String = "S-1/pay#0") -> IntentBody {
        let header = IntentBody.Header(
            to: "toy", kind: Pay.kind, reference: reference, operation: "pay", lane: nil, exposure: exposure)
        do {
            return try IntentBody(header: header, instruction: Array(instruction.utf8), wire: Array("5".utf8))
        } catch {
            preconditionFailure("a sample can be written: \(error)")
        }
    }

    static func attempt(
        _ result: AttemptBody.Result, verb: CallVerb = .find, code: String = "timeout", next: Timestamp? = nil
    ) -> AttemptBody {
        AttemptBody(verb: verb, result: result, code: code, next: next, exchange: exchange)
    }

    static func notice(
        _ number: Int64, _ verdict: Notice.Verdict = .settled, facts: Facts = ["amount": "5"],
        standing: NoticeStanding = .fresh, operation: String? = nil, receiptID: String? = nil
    ) -> StoredNotice {
        let claim = Notice.Claim(
            reference: "S-1/pay#0", verdict: verdict, facts: facts, operation: operation, receiptID: receiptID)
        let notice = Notice(source: "toy", id: "n\(number)", claim: claim, body: [], headers: "")
        return StoredNotice(number: number, notice: notice, receivedAt: now, standing: standing)
    }
}

/// Always the same bits: 0 draws the shortest pause, all ones some other.
struct StillEntropy: Entropy {
    var bits: UInt64 = 0
    func next() -> UInt64 { bits }
}

extension SagaState {
    /// The state that a list of entries leads to, each of them a millisecond after the one before.
    static func after(_ entries: [(String, EntryContent)], pivoted: Bool = false) throws -> SagaState {
        let state = SagaState(genesis: Sample.genesis, pivoted: pivoted)
        for (index, (name, content)) in entries.enumerated() {
            let stage = Sample.stage(name)
            let at = Sample.now + .milliseconds(Int64(index))
            let refusals = state[stage].refusals
            let body = try content.encoded()
            let link = state.head.next(
                sequence: index + 1, stage: stage, refusals: refusals, kind: content.kind, at: at, body: body,
                by: PlainSHA256())
            try state.apply(
                JournalEntry(
                    sequence: index + 1, stage: stage, refusals: refusals, kind: content.kind, at: at, body: body,
                    link: link))
        }
        return state
    }
}

extension EntryContent {
    static func accepted(_ receipt: Receipt = Sample.receipt) -> EntryContent {
        .receipt(ReceiptBody(receipt: receipt, by: .deliver, exchange: Sample.exchange))
    }

    static var refusedByParty: EntryContent {
        .refused(RefusedBody(reason: Sample.reason, by: .deliver, exchange: Sample.exchange, notice: nil))
    }

    static func trouble(_ cause: Predicament.Cause, _ stage: String, notice: Int64? = nil) -> EntryContent {
        .stuck(
            Predicament(
                cause: cause, stage: Sample.stage(stage), message: "why", since: Sample.now, notice: notice))
    }

    static func acted(_ action: OperatorAction) -> EntryContent {
        .action(ActionBody(action: action, actor: "ann", role: "operator", reason: "because", version: 1))
    }

    static func told(_ order: String) -> EntryContent {
        .notice(NoticeBody(number: 1, id: "n1", order: Sample.stage(order), facts: ["amount": "5"]))
    }
}
