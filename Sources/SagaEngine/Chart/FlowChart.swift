/// A flow as a picture, in Mermaid's words: the merged traces of a few scripted runs.
public struct FlowChart: Sendable {
    private let flow: FlowID
    private let traces: [FlowTrace]

    /// Takes the traces of one flow; they are drawn in the order given.
    public init(of flow: FlowID, traces: [FlowTrace]) {
        self.flow = flow
        self.traces = traces.filter { $0.flow == flow }
    }

    /// The chart's text, ending with a line feed.
    public var mermaid: String {
        var lines = ["---", "title: \(flow)", "---", "flowchart TD", "    start([start])"]
        for step in steps { lines.append("    \(Self.node(step))") }
        for ending in endings { lines.append("    \(ending.rawValue)([\(ending.rawValue)])") }
        for edge in edges { lines.append("    \(edge.from) --> \(edge.to)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Edge: Equatable {
        let from: String
        let to: String
    }

    private var steps: [FlowTrace.Step] {
        traces.flatMap(\.steps).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var endings: [SagaStatus] {
        traces.compactMap(\.ending).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var edges: [Edge] {
        var edges: [Edge] = []
        for trace in traces {
            let names = ["start"] + trace.steps.map { "stage_\($0.stage)" } + (trace.ending.map { [$0.rawValue] } ?? [])
            for (from, to) in zip(names, names.dropFirst()) where !edges.contains(Edge(from: from, to: to)) {
                edges.append(Edge(from: from, to: to))
            }
        }
        return edges
    }

    /// Each verb has a shape of its own: what leaves the house leans to the right, what comes in to the left.
    private static func node(_ step: FlowTrace.Step) -> String {
        let name = "stage_\(step.stage)"
        return switch step.verb {
        case .step: "\(name)[\(step.stage)]"
        case .send: "\(name)[/\(step.stage)/]"
        case .receive: "\(name)[\\\(step.stage)\\]"
        case .post: "\(name)[(\(step.stage))]"
        case .sleep: "\(name)(\(step.stage))"
        case .forEach: "\(name)[[\(step.stage), for each]]"
        }
    }
}
