import SagaEngine
import Testing

@testable import Adapters

@Suite(.timeLimit(.minutes(1))) struct RecordBatchesTests {
    private func request(_ number: Int) throws -> WireRequest {
        try SandboxRendering(mapping: BenchAccounts.mapping).render(
            BenchAccounts.order(number, at: .blockchain), as: try key("record", "O/fund/INV-\(number)"))
    }

    /// A chain that holds each batch back until it is let go, and remembers the sizes.
    private final class Chain: Sendable {
        let sizes = Locked<[Int]>([])
        let arrived = WakeSignal()
        let gate = WakeSignal()

        func take(_ body: [UInt8], refusing refused: Set<String> = []) async -> SandboxExchange {
            do {
                let orders = try SandboxDialect.batch(body)
                let isFirst = sizes.withLock { sizes in
                    sizes.append(orders.count)
                    return sizes.count == 1
                }
                let seen = gate.version
                arrived.wake()
                if isFirst, seen == 0 { await gate.wait(after: 0) }
                let answers = orders.map { reference, order in
                    let record = SandboxRecord(
                        reference: reference, id: "c", state: .settled, order: order,
                        occurredAt: Timestamp(milliseconds: 0))
                    return (reference, SandboxAnswer(status: 200, body: SandboxDialect.document(record)))
                }.filter { !refused.contains($0.0) }
                return .answered(SandboxAnswer(status: 200, body: SandboxDialect.outcomes(answers)))
            } catch {
                return .uncertain(code: "\(error)", latency: .zero)
            }
        }
    }

    @Test func `records gather while a batch is in flight, and no batch is larger than the limit`() async throws {
        let chain = Chain()
        let batches = RecordBatches(limit: 4) { await chain.take($0) }
        let requests = try (1...10).map { try request($0) }
        let outcomes = await withTaskGroup(of: (String, SandboxExchange).self) { group in
            group.addTask { (requests[0].reference, await batches.deliver(requests[0]).exchange) }
            await chain.arrived.wait(after: 0)
            for request in requests.dropFirst() {
                group.addTask { (request.reference, await batches.deliver(request).exchange) }
            }
            while batches.waitingCount < 9 { await Task.yield() }
            chain.gate.wake()
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(chain.sizes.withLock { $0 } == [1, 4, 4, 1])
        for request in requests {
            let outcome = try #require(outcomes[request.reference])
            guard case .receipt = SandboxJudge(reference: request.reference).delivery(outcome) else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test func `of the records of a call that is lost one stands for the call`() async throws {
        let chain = Chain()
        let batches = RecordBatches(limit: 4) { body in
            _ = await chain.take(body)
            return .uncertain(code: "timeout", latency: .zero)
        }
        let requests = try (1...9).map { try request($0) }
        let counted = await withTaskGroup(of: CallOutcome.self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    let outcome = await batches.deliver(request)
                    let judge = SandboxJudge(reference: request.reference, isShared: outcome.isShared)
                    guard case .unknown(let failure, let exchange) = judge.delivery(outcome.exchange) else {
                        return .answered
                    }
                    return exchange.isShared ? .failedTogether(failure) : .failed(failure)
                }
                if index == 0 { await chain.arrived.wait(after: 0) }
            }
            while batches.waitingCount < 8 { await Task.yield() }
            chain.gate.wake()
            return await group.reduce(into: [CallOutcome]()) { $0.append($1) }
        }
        #expect(chain.sizes.withLock { $0 } == [1, 4, 4])
        #expect(counted.count { $0 == .failed(CallFailure(code: "timeout")) } == 3)
        #expect(counted.count { $0 == .failedTogether(CallFailure(code: "timeout")) } == 6)
    }

    @Test func `a record that the answer does not name is uncertain, and the others are not`() async throws {
        let (one, two) = (try request(1), try request(2))
        let answer = SandboxDialect.outcomes([
            (one.reference, SandboxAnswer(status: 429, retryAfter: .seconds(2), body: []))
        ])
        let outcomes = SandboxDialect.outcomes(
            of: .answered(SandboxAnswer(status: 200, body: answer)), for: [one.reference, two.reference])
        #expect(outcomes[0] == .answered(SandboxAnswer(status: 429, retryAfter: .seconds(2), body: [])))
        #expect(outcomes[1] == .uncertain(code: "bad_answer", latency: .zero))
        let failed = SandboxExchange.answered(SandboxAnswer(status: 503, body: []))
        #expect(SandboxDialect.outcomes(of: failed, for: ["a", "b"]) == [failed, failed])
    }

    @Test func `an answer that names a record twice says nothing about it`() {
        let twice = SandboxDialect.outcomes([
            ("a", SandboxAnswer(status: 200, body: [])), ("a", SandboxAnswer(status: 422, body: [])),
        ])
        let outcomes = SandboxDialect.outcomes(of: .answered(SandboxAnswer(status: 200, body: twice)), for: ["a"])
        #expect(outcomes == [.uncertain(code: "bad_answer", latency: .zero)])
    }
}
