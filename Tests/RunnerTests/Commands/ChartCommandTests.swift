import Adapters
import Foundation
import SagaEngine
import SettlementFlows
import Testing

@testable import saga_runner

@Suite(.timeLimit(.minutes(5))) struct ChartCommandTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL

    @Test func `a chart is printed as Mermaid, the same every time`() async throws {
        let first = try await Self.run(["offering-settlement"])
        #expect(first.status == 0)
        #expect(first.messages.isEmpty)
        #expect(first.output.hasPrefix("---\ntitle: offering-settlement@1\n---\nflowchart TD\n    start([start])\n"))
        #expect(try await Self.run(["offering-settlement@1"]).output == first.output)
    }

    @Test func `the settlement's chart shows every stage and every way to its end`() async throws {
        let chart = try await Self.run(["offering-settlement"]).output
        for stage in OfferingSettlement.Stage.allCases {
            #expect(chart.contains("    stage_\(stage.rawValue)"), "\(stage.rawValue) is missing")
        }
        for edge in [
            "stage_allotmentDay --> stage_opening", "stage_allotmentDay --> cancelled", "stage_open --> stage_fund",
            "stage_open --> stage_returnFunds", "stage_fund --> stage_mint", "stage_fund --> stage_close",
            "stage_notify --> completed", "stage_notify --> cancelled",
        ] {
            #expect(chart.contains("    \(edge)\n"), "\(edge) is missing")
        }
    }

    @Test func `a line's chart shows the way out of a refusal`() async throws {
        let chart = try await Self.run(["investor-funding"]).output
        for stage in InvestorFunding.Stage.allCases {
            #expect(chart.contains("    stage_\(stage.rawValue)"), "\(stage.rawValue) is missing")
        }
        #expect(chart.contains("    stage_transferred --> stuck\n"))
        #expect(chart.contains("    stage_transferred --> stage_refundRest\n"))
        // Who gets nothing is refunded, and pays nothing.
        #expect(chart.contains("    stage_refunded --> stage_post\n"))
    }

    @Test func `units that are held end a distribution without delivery`() async throws {
        let chart = try await Self.run(["unit-distribution"]).output
        #expect(chart.contains("    stage_delivered --> stage_post\n"))
        #expect(chart.contains("    stage_delivered --> completed\n"))
        #expect(chart.contains("    start --> completed\n"))
    }

    @Test func `a chart as JSON is one document`() async throws {
        let outcome = try await Self.run(["investor-return", "--json"])
        let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: [String: String]])
        let document = try #require(answer["data"])
        #expect(document["flow"] == "investor-return@1")
        #expect(document["chart"] == (try await Self.run(["investor-return"]).output))
    }

    @Test func `an unknown flow is not found, and the message names those there are`() async throws {
        let outcome = try await Self.run(["settlement"])
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.messages
                == "saga-runner chart: there is no flow settlement; there are offering-settlement, investor-funding, "
                + "investor-return, unit-distribution\n")
    }

    @Test(arguments: [
        [], ["--all"], ["--all", "investor-return"], ["--directory", "x", "investor-return"], ["--directory"],
        ["a", "b"], ["--colour"], ["a", "--page", "--json"], ["--all", "--json", "--directory", "x"],
    ])
    func `wrong usage is refused before anything runs`(arguments: [String]) async throws {
        let outcome = try await Self.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty != arguments.contains("--json"), "the error's document is for machines")
        #expect(outcome.messages.hasSuffix("\nTry: saga-runner chart --help\n"))
    }

    @Test func `a folder that is not there is named`() async throws {
        let outcome = try await Self.run(["--all", "--directory", "/nowhere/at/all"])
        #expect(outcome.status == 1)
        #expect(outcome.messages.hasPrefix("saga-runner chart: cannot write /nowhere/at/all/offering-settlement.md: "))
    }

    @Test func `every flow of the catalogue has a chart`() throws {
        let clock = StoppedClock()
        let book = try MemoryOfferingBook(offering: SampleTerms().offering(after: clock.now()), units: [])
        var registry = FlowRegistry()
        FlowCatalogue.register(
            into: &registry, book: book, books: MockSettlementBooks(world: MockWorld(clock: clock)) { [] },
            neighbours: NoNeighbours())
        #expect(Set(registry.all) == Set(ChartedFlow.all.map(\.id)))
    }

    @Test func `a page's sentence is its flow's own`() throws {
        for flow in ChartedFlow.all {
            let type = flow.title.split(separator: " ").map(\.capitalized).joined()
            let source = Self.root.appending(path: "Sources/SettlementFlows/\(type)/\(type).swift")
            #expect(
                try String(contentsOf: source, encoding: .utf8).contains("/// \(flow.sentence)\n"),
                "\(flow.id) says otherwise")
        }
    }

    @Test func `the pages under docs are those that the flows draw today`() async throws {
        let folder = Self.root.appending(path: "docs/flows")
        let charts = try await FlowCharts.rehearse()
        for flow in ChartedFlow.all {
            let page = try String(contentsOf: folder.appending(path: "\(flow.id.name).md"), encoding: .utf8)
            #expect(page == charts.page(of: flow), "\(flow.id.name).md is stale: run scripts/generate")
        }
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
        #expect(Set(pages) == Set(ChartedFlow.all.map { "\($0.id.name).md" }))
    }

    private struct Outcome {
        let status: Int32
        let output: String
        let messages: String
    }

    private static func run(_ arguments: [String]) async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "chart-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        let files = try ["out", "messages"].map { name in
            let file = folder.appending(path: name)
            try Data().write(to: file)
            return try FileHandle(forUpdating: file)
        }
        let command = ChartCommand(
            output: OutputFile(descriptor: files[0].fileDescriptor),
            messages: OutputFile(descriptor: files[1].fileDescriptor))
        let status = await command.run(arguments)
        let texts = try files.map { file in
            try file.seek(toOffset: 0)
            return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        }
        return Outcome(status: status, output: texts[0], messages: texts[1])
    }
}

/// A clock that nothing waits for.
private struct StoppedClock: SagaClock {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(until moment: Timestamp) async {}
}
