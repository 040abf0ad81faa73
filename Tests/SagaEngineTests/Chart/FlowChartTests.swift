import SagaTestKit
import Testing

@testable import SagaEngine

@Suite struct FlowChartTests {
    private func record(_ recorder: TraceRecorder, _ flow: FlowID, _ input: String, refused: Bool) async throws {
        var log = EventLog()
        try await Bench.use { bench in
            log = bench.events
            if refused {
                bench.party.state.withLock { $0.script = [.refused(Sample.reason, Sample.exchange)] }
            }
            for number in 1000..<1003 { try await bench.tell("pay/P-\(number)/pay#0", amount: "2", id: "c\(number)") }
            try await bench.tell("pay#0", amount: "2")
            _ = try await bench.operations.submit(bench.id, flow: flow, input: Array(input.utf8))
            try await bench.until(refused ? .stuck : .completed)
        }
        // The last event comes after the commit that ends the saga, so the runner has to be done.
        for event in log.all { recorder.record(event) }
    }

    @Test func `a flow is drawn from all its runs, those that are stuck too`() async throws {
        let settled = TraceRecorder()
        try await record(settled, Payout.flow, #"{"amount":1}"#, refused: false)
        let refused = TraceRecorder()
        try await record(refused, Payout.flow, #"{"amount":1}"#, refused: true)
        let chart = FlowChart(
            of: Payout.flow, traces: settled.traces(of: Payout.flow) + refused.traces(of: Payout.flow))
        #expect(
            chart.mermaid == #"""
                ---
                title: payout@1
                ---
                flowchart TD
                    start([start])
                    stage_count[count]
                    stage_pay[/pay/]
                    stage_paid[\paid\]
                    completed([completed])
                    stuck([stuck])
                    start --> stage_count
                    stage_count --> stage_pay
                    stage_pay --> stage_paid
                    stage_paid --> completed
                    stage_pay --> stuck

                """#)
    }

    @Test func `children are drawn in their own chart, once however many there are`() async throws {
        let recorder = TraceRecorder()
        try await record(recorder, Payroll.flow, #"{"amounts":[1,1,1]}"#, refused: false)
        let chart = FlowChart(of: Payroll.flow, traces: recorder.traces(of: Payroll.flow))
        #expect(
            chart.mermaid == """
                ---
                title: payroll@1
                ---
                flowchart TD
                    start([start])
                    stage_pay[[pay, for each]]
                    completed([completed])
                    start --> stage_pay
                    stage_pay --> completed

                """)
        #expect(recorder.traces(of: Payout.flow).count == 1)
    }
}
