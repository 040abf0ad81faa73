import Foundation

/// The benchmarks of the engine and of whole settlements; see docs/PERFORMANCE.md for what they measure.
@main
struct SagaBench {
    static let help = """
        Usage: saga-bench stages|latency|claims|settlement [--option VALUE]…

        stages      durable stages a second, alternating with two raw loops that write the same rows
          --sagas N            how many sagas of seven stages (10000)
          --in-flight N        how many have begun and not ended at any time (256)
          --runs N             how often, for the medians; 0 measures memory alone (5)
          --executor NAME      one-thread, or pool for the process's own threads (one-thread)
          --store NAME         sqlite or postgres (sqlite)
          --url URL            the PostgreSQL database, in which a schema is made anew
          --dir DIR            where the database goes (/tmp)

        latency     from a callback's commit to the next stage's, with 1 and with 256 in flight and at a steady rate
          --sagas N            how many sagas with 256 in flight (5000)
          --rate N             how many callbacks a second come in the end (500)
          --runs N             how often, for the medians (5)
          --store NAME         sqlite or postgres (sqlite)
          --url URL            the PostgreSQL database, in which a schema is made anew
          --dir DIR            where the database goes (/tmp)

        claims      what a claim takes in an empty store, in a full one, and while another session holds an old snapshot
          --store NAME         sqlite or postgres (sqlite)
          --url URL            the PostgreSQL database; its schemas saga_bench_empty and saga_bench_full are made anew
          --dir DIR            where the SQLite database goes (/tmp)
          --finished N         how many finished sagas the full store has (5000000)
          --waiting N          how many waiting ones (1000000)
          --sagas N            how many are claimed, sleep, wake and are claimed again, over and over (10000)
          --batch N            how many one claim takes at most (32)
          --rounds N           how many claims a run makes (5000)
          --runs N             how often, for the medians (3)
          --reuse yes|no       whether the full store of an earlier run is used again (no)

        settlement  whole offerings: saga-runner serve in one process, saga-runner sandbox in another, over loopback
          --investors N[,N]…   the sizes of the offerings, one after the other (1000)
          --store NAME         sqlite, or postgres: each size in a fresh schema of what --url names (sqlite)
          --url URL            that database
          --runners N          how many daemons share it; callbacks come to each in turn (1)
          --in-flight N        how many sagas each has in memory at a time (as many as the program does by itself)
          --limits NAME        shipped: what the daemon asks of counterparties by itself; wide: all it can (shipped)
          --completion-ms N    how long an order takes, up to twice that by chance; on one account, in turn (0)
          --program FILE       the saga-runner to start (the one beside saga-bench)
          --dir DIR            where a folder for everything is made, and removed (the temporary folder)

        Exit status: 0 measured, and settled where something was to be settled; 1 failed, and the message says why.

        Example:
          saga-bench settlement --investors 1000,10000
          saga-bench settlement --store postgres --url "$URL" --runners 3 --investors 10000

        """

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
        if arguments.contains("--help") || arguments.contains("-h") {
            FileHandle.standardOutput.write(Data(help.utf8))
            return
        }
        switch arguments.first {
        case "stages": try await StagesCommand(BenchOptions(rest, known: StagesCommand.options)).run()
        case "latency": try await LatencyCommand(BenchOptions(rest, known: LatencyCommand.options)).run()
        case "claims": try await ClaimsCommand(BenchOptions(rest, known: ClaimsCommand.options)).run()
        case "settlement": try await SettlementCommand(BenchOptions(rest, known: SettlementCommand.options)).run()
        default: throw BenchFailure("usage: saga-bench stages|latency|claims|settlement [--option value]…; see --help")
        }
    }
}
