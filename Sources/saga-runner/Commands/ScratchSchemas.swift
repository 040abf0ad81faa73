internal import Adapters
internal import SagaEngine
internal import SagaTestKit

/// PostgreSQL stores for the store laws, in a schema of their own that is dropped with them.
struct ScratchSchemas: StoreFixture {
    private static let sealLimit = 100_000

    let digest: any Digest = SHA256Digest()
    private let url: String
    private let schema: String

    /// Stores in a schema with a name that is nobody's, in the database at an address.
    init(at url: String) throws {
        self.url = url
        schema = "verify_store_\(Adapters.Hex.encode(try SecureRandom.bytes(6)))"
    }

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) async throws -> any SagaStore {
        try await PostgresStore.open(configuration(clock, handlers))
    }

    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) async throws -> any SagaStore {
        await (try own(store)).close()
        return try await open(clock: clock, handlers: handlers)
    }

    func close(_ store: any SagaStore) async throws {
        await (try own(store)).close()
    }

    /// Drops the schema, whatever became of the law.
    func remove() async throws(StoreError) {
        try await PostgresStore.drop(configuration(SystemClock(), []))
    }

    func seals(of store: any SagaStore) async throws -> [StoreSeal] {
        let store = try own(store)
        // It seals a little later than it commits; for a law it does so when it is asked.
        while try await store.seal() != nil {}
        return try await store.seals(limit: Self.sealLimit).map {
            StoreSeal(number: $0.number, at: $0.at, link: $0.link)
        }
    }

    private func configuration(_ clock: any SagaClock, _ handlers: [any RecordHandler]) -> PostgresStoreConfiguration {
        PostgresStoreConfiguration(
            url: url, schema: schema, time: .given(clock), digest: digest, handlers: handlers,
            application: "saga-runner verify-store", childSpacing: .milliseconds(0))
    }

    private func own(_ store: any SagaStore) throws -> PostgresStore {
        guard let store = store as? PostgresStore else { throw LawBroken("not a store of this fixture") }
        return store
    }
}
