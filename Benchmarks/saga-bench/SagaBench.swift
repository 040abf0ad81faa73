import Foundation

/// The benchmarks of the engine on SQLite; see docs/PERFORMANCE.md for what they measure.
@main
struct SagaBench {
    static func main() async {
        do {
            try await run(CommandLine.arguments.dropFirst())
        } catch {
            FileHandle.standardError.write(Data("saga-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: ArraySlice<String>) async throws {
        let rest = arguments.dropFirst()
        switch arguments.first {
        case "stages": try await StagesCommand(BenchOptions(rest, known: StagesCommand.options)).run()
        case "latency": try await LatencyCommand(BenchOptions(rest, known: LatencyCommand.options)).run()
        default: throw BenchFailure("usage: saga-bench stages|latency|settlement [--option value]…")
        }
    }
}
