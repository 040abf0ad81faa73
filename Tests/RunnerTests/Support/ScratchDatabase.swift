import Adapters
import Foundation
import SagaEngine
import Testing

@testable import saga_runner

/// A schema of its own in the server that `SAGA_TEST_POSTGRES` names, for daemons that share it.
struct ScratchDatabase {
    /// The server; empty when there is none to test against.
    static let url = ProcessInfo.processInfo.environment["SAGA_TEST_POSTGRES"] ?? ""
    static let skipped: Comment = "no PostgreSQL server: run scripts/with-postgres"

    let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)

    /// A bench whose daemon works on this schema.
    func bench(
        sandbox: String = "http://127.0.0.1:9", named name: String = "runner", changes: [(String, String)] = []
    ) throws -> DaemonBench {
        let bench = try DaemonBench(
            sandbox: sandbox,
            changes: changes + [
                (
                    #""path": "store.db", "anchor": "anchor", "minimum_free_mib": 0"#,
                    #""url": {"file": "url"}, "schema": "\#(schema)", "anchor": "anchor""#
                ), (#""drain": "5s""#, #""drain": "5s", "name": "\#(name)", "lease": "2s", "lease_margin": "500ms""#),
            ])
        try bench.folder.write("url", Self.url)
        return bench
    }

    private var configuration: PostgresStoreConfiguration {
        PostgresStoreConfiguration(url: Self.url, schema: schema, digest: SHA256Digest())
    }

    /// The store, for somebody who is no daemon.
    func open() async throws -> PostgresStore { try await PostgresStore.open(configuration) }

    func drop() async throws { try await PostgresStore.drop(configuration) }

    /// Does something with a schema that is gone afterwards.
    static func use<Value>(_ body: (ScratchDatabase) async throws -> Value) async throws -> Value {
        let database = ScratchDatabase()
        do {
            let value = try await body(database)
            try await database.drop()
            return value
        } catch {
            try await database.drop()
            throw error
        }
    }
}
