import Foundation
import Testing

@testable import saga_runner

@Suite struct ConfigFilesTests {
    private func mistakes(
        outbox: String? = nil, anchor: String? = nil, prepare: (ScratchFolder) throws -> Void = { _ in }
    ) async throws -> [String] {
        var changes: [(String, String)] = []
        if let outbox { changes.append((#""outbox.ndjson""#, "\"\(outbox)\"")) }
        if let anchor { changes.append((#""anchor": "anchor""#, "\"anchor\": \"\(anchor)\"")) }
        let bench = try DaemonBench(changes: changes)
        try prepare(bench.folder)
        do throws(ConfigFault) {
            _ = try await RunnerConfig.read(bench.configPath, environment: [:])
            return []
        } catch {
            return error.mistakes.map(\.path)
        }
    }

    @Test(arguments: [
        "store.db", "store.db-wal", "store.db-shm", "store.db.lock", "anchor", "anchor.new", "tokens", "secret",
        "config.json", "./tokens", "../",
    ])
    func `an outbox that is any other file, or a folder, is refused`(_ name: String) async throws {
        #expect(try await mistakes(outbox: name) == ["outbox.file"])
    }

    @Test(arguments: ["store.db", "store.db.lock", "tokens", "secret", "config.json", "."])
    func `an anchor that is any other file, or a folder, is refused`(_ name: String) async throws {
        #expect(try await mistakes(anchor: name) == ["store.anchor"])
    }

    @Test func `another name of the same file is seen through`() async throws {
        #expect(
            try await mistakes(outbox: "sub/../store.db") {
                try FileManager.default.createDirectory(
                    atPath: $0.path + "/sub", withIntermediateDirectories: true)
            } == ["outbox.file"])
        for name in ["tokens", "store.db"] {
            #expect(
                try await mistakes(outbox: "link") {
                    try FileManager.default.createSymbolicLink(
                        atPath: $0.path + "/link", withDestinationPath: name)
                } == ["outbox.file"], "a link to \(name), which may not be there yet")
        }
        #expect(
            try await mistakes(outbox: "hard") {
                try FileManager.default.linkItem(atPath: $0.path + "/secret", toPath: $0.path + "/hard")
            } == ["outbox.file"])
        #expect(
            try await mistakes(outbox: "here/store.db") {
                try FileManager.default.createSymbolicLink(atPath: $0.path + "/here", withDestinationPath: ".")
            } == ["outbox.file"])
    }

    @Test func `files of their own are right, there or not`() async throws {
        #expect(try await mistakes() == [])
        #expect(try await mistakes(outbox: "notices") { try $0.write("notices", "") } == [])
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["secret", "tokens", "store.db", "outbox.ndjson", "anchor"])
    func `a pipe is refused, and nobody waits for it`(_ name: String) async throws {
        let found = try await mistakes {
            unlink($0.path + "/" + name)
            mkfifo($0.path + "/" + name, 0o600)
        }
        #expect(!found.isEmpty)
    }

    @Test func `a token file that names nobody is warned of`() async throws {
        let bench = try DaemonBench()
        try bench.folder.write("tokens", "# nobody yet\n")
        #expect(try await bench.config().warnings.map(\.path) == ["api.token_file"])
        #expect(try await DaemonBench().config().warnings == [])
    }

    @Test func `two secrets with one key id are refused`() async throws {
        let secret = #"[{"file": "secret", "key_id": "k1"}], "body_limit_kib": 64"#
        let bench = try DaemonBench(changes: [
            (secret, #"[{"file": "secret", "key_id": "k1"}, {"file": "secret", "key_id": "k1"}], "body_limit_kib": 64"#)
        ])
        let fault = await #expect(throws: ConfigFault.self) { try await bench.config() }
        #expect(fault?.mistakes.map(\.path) == ["counterparties.custodian.webhook.secrets[1].key_id"])
    }
}
