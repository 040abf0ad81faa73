internal import Adapters
internal import Foundation
internal import SagaEngine

/// `saga-runner chart`: a flow as a picture, drawn from what it does in scripted runs in memory.
struct ChartCommand {
    static let help = """
        Usage: saga-runner chart FLOW [--page | --json]
               saga-runner chart --all --directory DIR

        Runs the flows in memory against counterparties in process, with a few scripted inputs, and prints what FLOW
        did as a Mermaid chart. The same program prints the same chart, byte for byte. Nothing is stored or sent.

          FLOW             offering-settlement, investor-funding, investor-return or unit-distribution
          --page           prints the chart's page of the documentation, in Markdown
          --json           prints one JSON document with the flow and its chart
          --all            writes the pages of all flows to DIR, which must exist
          --directory DIR  where --all writes

        Exit status: 0 done, 1 failed, 2 wrong usage, 3 no such flow.

        Example:
          saga-runner chart offering-settlement

        """

    private let output: OutputFile
    private let messages: OutputFile

    init(output: OutputFile = .standardOutput, messages: OutputFile = .standardError) {
        self.output = output
        self.messages = messages
    }

    /// Runs the command with what follows `chart` on the command line, and answers with the exit status.
    static func run(arguments: [String]) async -> Int32 {
        await ChartCommand().run(arguments)
    }

    func run(_ arguments: [String]) async -> Int32 {
        do {
            let options = try ChartOptions(arguments)
            try await carryOut(options)
            return 0
        } catch let error as UsageError {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)\nTry: saga-runner chart --help")
            return 2
        } catch let error as NoSuchFlow {
            await FailureDocument.write(CommandFailure(.notFound, "\(error)"), for: arguments, to: output)
            await say("\(error)")
            return 3
        } catch {
            await FailureDocument.write(error, for: arguments, to: output)
            await say("\(error)")
            return 1
        }
    }

    private func carryOut(_ options: ChartOptions) async throws {
        switch options.target {
        case .help: try await output.write(Self.help)
        case .chart(let name):
            let flow = try flow(name)
            let chart = try await FlowCharts.rehearse().mermaid(of: flow)
            try await output.write(options.asJSON ? Self.json(flow, chart) : chart)
        case .page(let name):
            let flow = try flow(name)
            try await output.write(try await FlowCharts.rehearse().page(of: flow))
        case .allPages(let directory):
            let charts = try await FlowCharts.rehearse()
            for flow in ChartedFlow.all {
                let path = "\(directory)/\(flow.id.name).md"
                do {
                    try Data(charts.page(of: flow).utf8).write(to: URL(filePath: path), options: .atomic)
                } catch {
                    throw PageUnwritten(path: path, reason: error.localizedDescription)
                }
            }
        }
    }

    private func flow(_ name: String) throws(NoSuchFlow) -> ChartedFlow {
        guard let flow = ChartedFlow.named(name) else { throw NoSuchFlow(name: name) }
        return flow
    }

    private static func json(_ flow: ChartedFlow, _ chart: String) -> String {
        Answer(data: .fields(("flow", .string(flow.id.description)), ("chart", .string(chart)))).document
    }

    /// A message that cannot be written has nowhere to be told; the exit status says the rest.
    private func say(_ text: String) async {
        do {
            try await messages.write("saga-runner chart: \(text)\n")
        } catch {
            return
        }
    }
}

/// A flow that nobody has written.
private struct NoSuchFlow: Error, CustomStringConvertible {
    let name: String

    var description: String {
        "there is no flow \(name); there are \(ChartedFlow.all.map(\.id.name).joined(separator: ", "))"
    }
}

/// A page that could not be written.
private struct PageUnwritten: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot write \(path): \(reason)" }
}
