import SagaEngine
import SagaTestKit
import Testing

@Suite struct RunnerTests {
    @Test func `a saga waits durably and completes when its notice comes`() async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting)
            let waiting = try await bench.row()
            #expect(waiting.standing.exposures == [Exposure(asset: "SGD", amount: 42, decimals: 2)])
            _ = try await bench.operations.accept(bench.party.notice("PAY-1/pay#0", amount: "42", id: "n1"))
            try await bench.until(.completed)
            #expect(try await bench.row().output == Array(#"{"amount":42}"#.utf8))
            #expect(bench.party.state.withLock { $0.deliveries } == 1)
        }
    }

    @Test func `a wrong amount makes the saga stuck, and resume takes the right notice`() async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting)
            _ = try await bench.operations.accept(bench.party.notice("PAY-1/pay#0", amount: "43", id: "n1"))
            try await bench.until(.stuck)
            let row = try await bench.row()
            let predicament = try #require(try row.standing.readPredicament())
            #expect(predicament.cause == .mismatch)
            #expect(predicament.mismatches == [FactMismatch(name: "amount", expected: "42", actual: "43")])
            let sequence = try await bench.operations.act(
                .resume, on: bench.id, by: Operator(name: "ann", role: .operator), reason: "cleared up",
                version: row.sequence)
            #expect(sequence == row.sequence + 1)
            try await bench.until(.waiting)
            _ = try await bench.operations.accept(bench.party.notice("PAY-1/pay#0", amount: "42", id: "n2"))
            try await bench.until(.completed)
        }
    }

    @Test func `a notice about another operation or another order is no evidence, be it a refusal`() async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting)
            func tell(_ id: String, _ verdict: Notice.Verdict, _ operation: String, _ receiptID: String) async throws {
                let claim = Notice.Claim(
                    reference: "PAY-1/pay#0", verdict: verdict, facts: ["amount": "42"], operation: operation,
                    receiptID: receiptID)
                let notice = Notice(source: "toy", id: id, claim: claim, body: Array(id.utf8), headers: "")
                _ = try await bench.operations.accept(notice)
            }
            let reason = RefusalReason(code: "frozen", message: "the account is frozen")
            for (id, verdict) in [("n1", Notice.Verdict.settled), ("n2", .refused(reason))] {
                try await tell(id, verdict, "mint", "T-PAY-1/pay#0")
                try await bench.until(.stuck, cause: .mismatch)
                #expect(try await bench.predicament().message.contains("operation: expected pay, but it says mint"))
                try await bench.act(.resume)
                try await bench.until(.waiting, cause: .awaitingNotice)
            }
            try await tell("n3", .settled, "pay", "T-OTHER")
            try await bench.until(.stuck, cause: .mismatch)
            #expect(
                try await bench.predicament().mismatches
                    == [FactMismatch(name: "id", expected: "T-PAY-1/pay#0", actual: "T-OTHER")])
            #expect(try await bench.journal().allSatisfy { $0.kind != .notice && $0.kind != .refused })
            try await bench.act(.resume)
            try await bench.until(.waiting, cause: .awaitingNotice)
            try await tell("n4", .settled, "pay", "T-PAY-1/pay#0")
            try await bench.until(.completed)
        }
    }

    @Test func `an unclear answer is asked about and nothing is sent twice`() async throws {
        try await Bench.use { bench in
            bench.party.state.withLock {
                $0.script = [.unknown(CallFailure(code: "timeout"), Exchange(status: "-", latency: .zero))]
            }
            _ = try await bench.operations.submit(bench.id, flow: Payout.flow, input: Array(#"{"amount":41}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingNotice)
            #expect(bench.party.state.withLock { $0.deliveries } == 1)
            #expect(bench.party.state.withLock { $0.finds } == 1)
        }
    }

    @Test func `children are paid one by one and the barrier sums them`() async throws {
        try await Bench.use { bench in
            _ = try await bench.operations.submit(
                bench.id, flow: Payroll.flow, input: Array(#"{"amounts":[1,2,3]}"#.utf8))
            try await bench.until(.waiting, cause: .awaitingChildren)
            for index in 0..<3 {
                let saga = try #require(SagaID(rawValue: "PAY-1/pay/P-\(1000 + index)"))
                try await bench.until(.waiting, cause: .awaitingNotice, of: saga)
                try await bench.tell("pay#0", amount: "\(index + 2)", id: "n\(index)", of: saga)
            }
            try await bench.until(.completed)
            #expect(try await bench.row().output == Array(#"{"total":"9","count":3}"#.utf8))
        }
    }
}
