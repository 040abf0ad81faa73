internal import SagaEngine

/// One law that every counterparty of the port must keep, mock or real.
public struct CounterpartyLaw: Sendable, CustomStringConvertible {
    /// The law as a sentence.
    public let name: String
    private let body: @Sendable (Trial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Trial) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// The law as a sentence.
    public var description: String { name }

    /// Tries a counterparty on a fresh bench.
    ///
    /// - Throws: ``CounterpartyLawBroken`` when it does not keep the law.
    public func check(_ bench: any CounterpartyBench) async throws {
        try await body(Trial(law: name, bench: bench))
    }

    /// Every law, each to be tried on a bench of its own.
    public static var all: [CounterpartyLaw] {
        ordinary + refusals + readback + FaultKind.allCases.flatMap(troubled)
    }

    /// One law being tried.
    struct Trial: Sendable {
        let law: String
        let bench: any CounterpartyBench

        /// The root of the sagas that the laws' keys name.
        static let root = "LAW"

        var party: any Counterparty { bench.counterparty }

        func key(_ number: Int = 1, of root: String = root, refusals: Int = 0) throws -> IdempotencyKey {
            guard let saga = SagaID(rawValue: "\(root)/fund/INV-\(number)") else { throw broken("the key is no key") }
            return IdempotencyKey(saga: saga, stage: StageName(rawValue: "act"), refusals: refusals)
        }

        func request(_ number: Int = 1, of root: String = root, refusals: Int = 0) throws -> WireRequest {
            try party.render(bench.instruction(number), as: key(number, of: root, refusals: refusals))
        }

        func broken(_ description: String) -> CounterpartyLawBroken {
            CounterpartyLawBroken(law: law, description: description)
        }

        func expect(_ holds: Bool, _ description: @autoclosure () -> String) throws {
            if !holds { throw broken(description()) }
        }

        func deliver(_ request: WireRequest) async throws -> Receipt {
            let delivery = await party.deliver(request)
            guard case .receipt(let receipt, _) = delivery else { throw broken("delivered, but: \(delivery)") }
            return receipt
        }

        func found(_ request: WireRequest) async throws -> Receipt {
            let finding = await party.find(request)
            guard case .found(let receipt, _) = finding else { throw broken("not found, but: \(finding)") }
            return receipt
        }

        /// Waits until the order had its effect, where that is told.
        func settle(_ request: WireRequest) async throws {
            guard bench.sendsNotices else { return }
            let notice = await bench.finalNotice(about: request.reference)
            try expect(notice.claim.verdict == .settled, "the notice says \(notice.claim.verdict)")
        }

        func expectOneEffect(_ request: WireRequest) async throws {
            let count = await bench.effects(of: request.reference)
            try expect(count == 1, "\(request.reference) had \(count) effects")
            let receipt = try await found(request)
            try expect(receipt.state == .settled, "the effect is there and find says \(receipt.state)")
        }
    }
}
