import Adapters
import Foundation
import SagaEngine
import Testing

@testable import saga_runner

/// `audit archive` and `audit verify --archive`, as an auditor uses them.
@Suite(.enabled(if: !ScratchDatabase.url.isEmpty, ScratchDatabase.skipped))
struct PostgreSQLArchiveCommandTests {
    /// A database with one print that is sealed.
    private func withArchived(_ body: (DaemonBench, _ file: String) async throws -> Void) async throws {
        try await ScratchDatabase.use { database in
            let bench = try database.bench()
            try await bench.run { daemon in
                let off = try await bench.command(["counterparties", "switch", "bank", "--off", "--reason", "a print"])
                #expect(off.status == 0, "\(off.messages)")
                while try await daemon.assembly.store.auditHead().number == 0 { await Task.yield() }
            }
            try await body(bench, "\(bench.folder.path)/archive.ndjson")
        }
    }

    @Test func `an archive is written once, verifies by itself, and names a byte that was changed`() async throws {
        try await withArchived { bench, file in
            let archive = ["audit", "archive", "--out", file, "--until", "2100-01-01T00:00:00Z"]
            let written = try await bench.command(archive)
            #expect(written.status == 0, "\(written.messages)")
            #expect(written.output.contains("1 operator action, 1 seal until 2100-01-01"), "\(written.output)")
            let whole = try await bench.command(["audit", "verify", "--archive", file])
            #expect(whole.status == 0 && whole.output.contains("1 operator action, 1 seal"), "\(whole.output)")
            let again = try await bench.command(archive)
            #expect(again.status == 4 && again.messages.contains("is there already"), "\(again.messages)")

            let text = try String(contentsOfFile: file, encoding: .utf8)
            try bench.folder.write("archive.ndjson", text.replacing("a print", with: "a paint"))
            let changed = try await bench.command(["audit", "verify", "--archive", file, "--json"])
            #expect(changed.status == 1, "\(changed.output)")
            #expect(changed.output.contains(#""ok":false"#), "\(changed.output)")
        }
    }

    @Test func `what is younger than the retention is not archived unless a moment is named`() async throws {
        try await withArchived { bench, file in
            let none = try await bench.command(["audit", "archive", "--out", file])
            #expect(none.status == 0 && none.output.contains("0 operator actions, 0 seals"), "\(none.output)")
            let odd = try await bench.command(["audit", "archive", "--out", file + "2", "--until", "yesterday"])
            #expect(odd.status == 2 && odd.messages.contains("--until must be a moment"), "\(odd.messages)")
            #expect(!FileManager.default.fileExists(atPath: file + "2"))
        }
    }

    @Test func `a SQLite store is refused, and how it is archived is said`() async throws {
        let bench = try DaemonBench()
        try await bench.run { _ in }
        let run = try await bench.command(["audit", "archive", "--out", "\(bench.folder.path)/archive.ndjson"])
        #expect(run.status == 4 && run.messages.contains("copy it"), "\(run.messages)")
    }
}
