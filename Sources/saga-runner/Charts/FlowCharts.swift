internal import SagaEngine

/// The charts of all flows, drawn from the traces of rehearsals.
struct FlowCharts: Sendable {
    private let runs: [(script: String, traces: [FlowTrace])]

    /// Plays every script, one after the other.
    static func rehearse(_ scripts: [RehearsalScript] = RehearsalScript.all) async throws -> FlowCharts {
        var runs: [(script: String, traces: [FlowTrace])] = []
        for script in scripts {
            let traces = try await FlowRehearsal(script).traces(of: ChartedFlow.all.map(\.id))
            runs.append((script.name, traces))
        }
        return FlowCharts(runs: runs)
    }

    /// A flow's chart in Mermaid's words, ending with a line feed.
    func mermaid(of flow: ChartedFlow) -> String {
        FlowChart(of: flow.id, traces: runs.flatMap(\.traces)).mermaid
    }

    /// A flow's page in Markdown, ending with a line feed.
    func page(of flow: ChartedFlow) -> String {
        let scripts = runs.filter { run in run.traces.contains { $0.flow == flow.id } }.map(\.script)
        return """
            # \(flow.title)

            \(flow.sentence)

            ```mermaid
            \(mermaid(of: flow))```

            A box is work of our own, a cylinder the books; a box that leans to the right tells a counterparty, one that
            leans to the left waits for its word; round corners wait for a moment; a double frame starts a saga for each
            line and waits for all. A saga is drawn as stuck only where a script has a person take a line out; any other
            stage that fails makes it stuck, too.

            Drawn by `scripts/generate` from what the flow did against counterparties in process, in these runs:
            \(scripts.joined(separator: ", ")).

            """
    }
}
