import Foundation
import SagaEngine
import SagaTestKit
import Testing

@testable import Adapters

/// A schema of its own in the server that `SAGA_TEST_POSTGRES` names, for one test.
final class ScratchSchema: Sendable {
    /// The server; `nil` when there is none to test against.
    static let url: String? = ProcessInfo.processInfo.environment["SAGA_TEST_POSTGRES"].flatMap {
        $0.isEmpty ? nil : $0
    }
    /// Why tests are skipped without one.
    static let skipped: Comment =
        "no PostgreSQL server: run scripts/with-postgres, which names it in SAGA_TEST_POSTGRES"

    let name: String

    init() {
        name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
    }

    func configuration(
        clock: any SagaClock = SimulatedClock(), handlers: [any RecordHandler] = [],
        childSpacing: Span = .milliseconds(0)
    ) throws -> PostgresStoreConfiguration {
        let url = try #require(Self.url)
        return PostgresStoreConfiguration(
            url: url, schema: name, time: .given(clock), digest: PlainSHA256(), handlers: handlers,
            application: "saga-runner tests", childSpacing: childSpacing)
    }

    /// Runs a script as somebody else would.
    func run(_ script: String) throws {
        let connection = try PostgresConnection(url: try #require(Self.url), application: "saga-runner tests")
        try connection.execute("SET client_min_messages = warning; SET search_path = \(name); " + script)
    }

    func drop() throws {
        try run("DROP SCHEMA IF EXISTS \(name) CASCADE")
    }

    /// Runs a test on two stores that share a schema, as two processes have them, and drops it.
    static func withRivals(
        handlers: [any RecordHandler] = [],
        _ body: (PostgresStore, PostgresStore, SimulatedClock, ScratchSchema) async throws -> Void
    ) async throws {
        let schema = ScratchSchema()
        let clock = SimulatedClock()
        let one = try await PostgresStore.open(try schema.configuration(clock: clock, handlers: handlers))
        let other = try await PostgresStore.open(try schema.configuration(clock: clock, handlers: handlers))
        do {
            try await body(one, other, clock, schema)
        } catch {
            await one.close()
            await other.close()
            throw error
        }
        await one.close()
        await other.close()
        try schema.drop()
    }
}

/// Makes PostgreSQL stores for the store laws, each in a schema of its own.
final class PostgresStoreFixture: StoreFixture {
    let digest: any Digest = PlainSHA256()
    private let schema = ScratchSchema()
    private let verifies: Bool

    /// A law that writes entries which are no chain turns the verification off.
    init(verifies: Bool = true) {
        self.verifies = verifies
    }

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) async throws -> any SagaStore {
        try await PostgresStore.open(try schema.configuration(clock: clock, handlers: handlers))
    }

    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) async throws -> any SagaStore {
        try await postgres(store).close()
        return try await open(clock: clock, handlers: handlers)
    }

    func close(_ store: any SagaStore) async throws {
        let open = try postgres(store)
        while try await open.seal() != nil {}
        if verifies, let fault = try await open.verifyAudit(.chain).fault { throw LawBroken("audit: \(fault)") }
        await open.close()
        try schema.drop()
    }

    func seals(of store: any SagaStore) async throws -> [StoreSeal] {
        let store = try postgres(store)
        while try await store.seal() != nil {}
        return try await store.seals(limit: 10_000).map { StoreSeal(number: $0.number, at: $0.at, link: $0.link) }
    }

    private func postgres(_ store: any SagaStore) throws -> PostgresStore {
        guard let store = store as? PostgresStore else { throw LawBroken("not a PostgreSQL store") }
        return store
    }
}
