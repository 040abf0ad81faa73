import Adapters
import Foundation
import SagaEngine
import Testing

@testable import saga_runner

@Suite struct RunnerConfigTests {
    private func mistakes(_ changes: [(String, String)]) async throws -> [ConfigMistake] {
        let bench = try DaemonBench(changes: changes)
        do {
            _ = try await RunnerConfig.read(bench.configPath, environment: [:])
            return []
        } catch {
            return error.mistakes
        }
    }

    @Test func `a right configuration is read with its defaults`() async throws {
        let config = try await DaemonBench().config()
        #expect(config.api.host == "127.0.0.1")
        #expect(config.runner.limits.inFlight == 256)
        #expect(config.counterparties.map(\.name.rawValue) == ["custodian", "blockchain", "bank"])
        #expect(config.counterparties[0].retry.attempts == 100)
        #expect(config.counterparties[0].terms.quietTime == .seconds(1))
        #expect(config.store.place.words.hasSuffix("/store.db"))
    }

    @Test func `all mistakes are named at once, each with its key and a remedy`() async throws {
        let found = try await mistakes([
            (#""port": 0"#, #""port": 70000, "prot": 1"#),
            (#""drain": "5s""#, #""drain": "5", "lease": "3s", "lease_margin": "4s""#),
            (#""policies": {"steps": "quick"}"#, #""policies": {"steps": "slow"}"#),
            (#"{"file": "secret", "key_id": "k1"}], "body_limit_kib": 64"#, #""whsec_inline"], "body_limit_kib": 64"#),
            (#""outbox""#, #""outbux""#),
        ])
        #expect(
            found.map(\.path).sorted() == [
                "api.port", "api.prot", "counterparties.custodian.webhook.secrets[0]", "outbux", "policies.steps",
                "runner.drain", "runner.lease_margin",
            ])
        #expect(found.allSatisfy { !$0.wrong.isEmpty && !$0.remedy.isEmpty })
        #expect(!found.contains { $0.description.contains("whsec_inline") })
    }

    @Test func `a configuration without a store has one mistake for it`() async throws {
        let found = try await mistakes([
            (#""store": {"path": "store.db", "anchor": "anchor", "minimum_free_mib": 0},"#, "")
        ])
        #expect(found.count == 1 && found[0].path.hasPrefix("store"), "\(found)")
    }

    @Test func `a store is a file or a database, and not both`() async throws {
        let path = #""path": "store.db", "anchor": "anchor", "minimum_free_mib": 0"#
        let both = try await mistakes([(path, #""path": "store.db", "url": {"env": "NOWHERE"}"#)])
        #expect(both.map(\.path).sorted() == ["store.path", "store.url"])
        #expect(both.allSatisfy { !$0.description.contains("postgresql://") })
        let mixed = try await mistakes([(path, #""path": "store.db", "schema": "other""#)])
        #expect(mixed.map(\.path) == ["store.schema"])
        let inline = try await mistakes([(path, #""url": "postgresql://user:word@host/db", "schema": "Bad-Name""#)])
        #expect(inline.map(\.path).sorted() == ["store.schema", "store.url"])
        #expect(!inline.contains { $0.description.contains("word") })
    }

    @Test func `a token is sent to no daemon in clear over the network`() async throws {
        let found = try await mistakes([
            (#""single_handed""#, #""client": {"address": "http://runner.example.com"}, "single_handed""#)
        ])
        #expect(found.map(\.path) == ["client.address"])
    }

    @Test func `one person alone is refused once a counterparty is not on loopback`() async throws {
        let found = try await mistakes([
            (#""bank": {"base_url": "http://127.0.0.1:9""#, #""bank": {"base_url": "https://bank.example.test""#)
        ])
        #expect(found.map(\.path) == ["single_handed"])
    }

    @Test func `plain HTTP does not leave the machine`() async throws {
        let found = try await mistakes([(#""port": 0"#, #""host": "0.0.0.0", "port": 0"#)])
        #expect(found.map(\.path) == ["api.host"])
    }

    @Test func `a secret that everybody can read is refused`() async throws {
        let bench = try DaemonBench()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: "\(bench.folder.path)/secret")
        await #expect(throws: ConfigFault.self) { try await bench.config() }
    }

    @Test func `a key that is nearly one suggests it`() {
        let mistakes = ConfigMistakes()
        let section = ConfigSection(["hots": "127.0.0.1"], path: "api", mistakes: mistakes)
        _ = section.text("host", default: "")
        _ = section.text("token_file", default: "")
        section.close()
        #expect(
            mistakes.all == [
                ConfigMistake(
                    path: "api.hots", wrong: "is not a key here",
                    remedy: "there are host, token_file; did you mean 'host'?")
            ])
    }

    @Test func `a comment ends with its line, and none begins within a string`() throws {
        let value = try CommentedJSON.parse(Array("{\"a\": \"http://x\", // \"b\": 1\n \"c\": 2}".utf8))
        #expect(value["a"]?.stringValue == "http://x")
        #expect(value["c"]?.integerValue == 2)
        #expect(value["b"] == nil)
    }

    @Test func `what is no JSON is named by line and column`() {
        #expect(throws: ConfigMistake.self) { try CommentedJSON.parse(Array("{\n // x\n \"a\" 1}".utf8)) }
        do {
            _ = try CommentedJSON.parse(Array("{\n // x\n \"a\" 1}".utf8))
        } catch {
            #expect(error.path == "line 3, column 6")
        }
    }

    @Test(arguments: [("500ms", 500), ("5s", 5_000), ("2m", 120_000), ("1h", 3_600_000), ("7d", 604_800_000)])
    func `a length of time has its unit`(_ text: String, _ milliseconds: Int64) {
        #expect(ConfigSpan.span(text)?.milliseconds == milliseconds)
        #expect(ConfigSpan.text(Span(milliseconds: milliseconds)) == text)
    }

    @Test(arguments: ["5", "s", "-1s", "1.5s", "5 s", "99999999999999999999d", "1w", "٥s"])
    func `what is no length of time is refused`(_ text: String) {
        #expect(ConfigSpan.span(text) == nil)
    }

    @Test(arguments: ["saga-runner.json", "saga-runner.postgres.json"])
    func `a configuration that comes with the program is right, but for what it refers to`(name: String) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        do {
            _ = try await RunnerConfig.read(root.appending(path: "config/\(name)").path, environment: [:])
        } catch {
            let fault = error
            let referred = ["store.path", "store.url", "store.anchor", "outbox.file", "api.token_file"]
            let others = fault.mistakes.filter { !referred.contains($0.path) && !$0.path.contains("webhook.secrets") }
            #expect(others == [])
        }
    }
}
