import SagaEngine
import SagaTestKit

/// Pays somebody and waits for the confirmation: the smallest flow with a send and a receive.
struct Payout: Saga {
    static let name = "payout"
    enum Stage: String, SagaStage { case count, pay, paid, book }

    struct Input: Codable, Sendable { var amount: Int64 }
    struct Output: Codable, Sendable, Equatable, Tallied {
        var amount: Int64
        var tally: Tally { Tally([.init("paid", Int128(amount))]) }
    }

    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output {
        try await saga.pointOfNoReturn()
        let amount = try await saga.step(.count) { input.amount + 1 }
        let order = try await saga.send(.pay, Pay(amount: amount))
        let paid = try await saga.receive(.paid, from: order, within: .hours(1))
        return Output(amount: paid.instruction.amount)
    }
}

/// Pays everybody, one child each.
struct Payroll: Saga {
    static let name = "payroll"
    enum Stage: String, SagaStage { case pay }

    struct Input: Codable, Sendable { var amounts: [Int64] }
    struct Output: Codable, Sendable, Equatable { var total: Int128, count: Int }

    func run(_ input: Input, in saga: SagaContext<Stage>) async throws -> Output {
        try await saga.pointOfNoReturn()
        let all = try await saga.forEach(.pay, in: Amounts(amounts: input.amounts), run: Payout.self)
        return Output(total: all.sum(of: "paid"), count: all.count)
    }

    struct Amounts: ElementSource {
        let amounts: [Int64]
        var digest: String { "\(amounts.count)" }

        func page(after: ElementID?, limit: Int) async throws -> [SourceElement<Payout.Input>] {
            let named = amounts.enumerated().map { (ElementID(rawValue: "P-\(1000 + $0.offset)"), $0.element) }
            return named.compactMap { id, amount in
                guard let id, after.map({ $0.rawValue < id.rawValue }) ?? true else { return nil }
                return SourceElement(id: id, element: Payout.Input(amount: amount))
            }.prefix(limit).map { $0 }
        }
    }
}

struct Pay: SettledInstruction {
    static let kind = "toy.pay"
    static let counterparty: CounterpartyName = "toy"
    var amount: Int64
    var facts: Facts { ["amount": "\(amount)"] }
    var exposure: Exposure? { Exposure(asset: "SGD", amount: Int128(amount), decimals: 2) }
}

/// A counterparty that does what the test's script says, and remembers every key it has seen.
final class ToyParty: Counterparty {
    struct State {
        var effects: [String: Facts] = [:]
        var deliveries = 0
        var finds = 0
        var script: [Delivery] = []
        var answers: [Finding] = []
        /// Runs inside a delivery, as what happens meanwhile.
        var meanwhile: (@Sendable () -> Void)?
    }

    let state = Locked(State())
    let terms: CounterpartyTerms

    init(
        settlement: CounterpartyTerms.SettlementEvidence = .notice, quietTime: Span = .seconds(30),
        keyRetention: CounterpartyTerms.KeyRetention = .none
    ) {
        terms = CounterpartyTerms(
            name: "toy", quietTime: quietTime, keyRetention: keyRetention, settlement: settlement,
            instructions: [Pay.kind, Approve.kind, Tell.kind, Follow.kind])
    }

    func render(_ instruction: any Instruction, as key: IdempotencyKey) throws(Unrenderable) -> WireRequest {
        let text = instruction.facts["amount"] ?? ""
        return WireRequest(key: key, reference: "\(key)", operation: "pay", body: Array(text.utf8))
    }

    func deliver(_ request: WireRequest) async -> Delivery {
        state.withLock { state in
            state.deliveries += 1
            state.meanwhile?()
            if !state.script.isEmpty {
                let answer = state.script.removeFirst()
                if case .unknown = answer { state.effects[request.reference] = facts(request) }
                return answer
            }
            state.effects[request.reference] = facts(request)
            return .receipt(receipt(request), Exchange(status: "200", latency: .zero))
        }
    }

    func find(_ request: WireRequest) async -> Finding {
        state.withLock { state in
            state.finds += 1
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            let exchange = Exchange(status: "200", latency: .zero)
            return state.effects[request.reference] == nil ? .absent(exchange) : .found(receipt(request), exchange)
        }
    }

    func requestNotice(for request: WireRequest) async -> NoticeRequest {
        .promised(Exchange(status: "202", latency: .zero))
    }

    func notice(
        _ reference: String, amount: String, id: String, verdict: Notice.Verdict = .settled
    ) -> Notice {
        Notice(
            source: "toy", id: id, claim: .init(reference: reference, verdict: verdict, facts: ["amount": amount]),
            body: Array(amount.utf8), headers: "")
    }

    private func facts(_ request: WireRequest) -> Facts { ["amount": String(decoding: request.body, as: UTF8.self)] }

    private func receipt(_ request: WireRequest) -> Receipt {
        Receipt(id: "T-\(request.reference)", state: .accepted, facts: facts(request))
    }
}
