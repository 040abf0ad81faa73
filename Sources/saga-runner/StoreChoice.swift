internal import Adapters
internal import SagaEngine
internal import SettlementFlows

/// Opens the store that a configuration names: the only place that knows which databases there are.
enum StoreChoice {
    /// Opens the store for a daemon, making it or taking its schema's missing steps where that is needed.
    static func open(
        _ config: RunnerConfig, clock: any SagaClock, address: String, afterRestore: Bool
    ) async throws(StoreError) -> any ServiceStore {
        try await SQLiteStore.open(sqlite(config, clock: clock, address: address, afterRestore: afterRestore))
    }

    /// Opens the store for a command that only looks, while no daemon holds it.
    static func openForReading(_ settings: ClientSettings) async throws(StoreError) -> any ServiceStore {
        try await SQLiteStore.openForReading(
            SQLiteStoreConfiguration(
                path: settings.storePath, clock: SystemClock(), digest: SHA256Digest(),
                handlers: FlowCatalogue.recordHandlers, anchorPath: settings.anchorPath))
    }

    /// Who holds the store at a path, or `nil` when nobody does.
    static func holder(of path: String) throws(StoreError) -> StoreLock.Holder? {
        try StoreLock.holder(of: path)
    }

    /// Takes the schema's missing steps in a store that nobody holds, and answers which and why.
    static func migrate(_ config: RunnerConfig) async throws(StoreError) -> [(number: Int, reason: String)] {
        let steps = try await SQLiteStore.migrate(
            sqlite(config, clock: SystemClock(), address: "", afterRestore: false))
        return steps.map { ($0.number, $0.reason) }
    }

    private static func sqlite(
        _ config: RunnerConfig, clock: any SagaClock, address: String, afterRestore: Bool
    ) -> SQLiteStoreConfiguration {
        SQLiteStoreConfiguration(
            path: config.store.path, clock: clock, digest: SHA256Digest(), handlers: FlowCatalogue.recordHandlers,
            anchorPath: config.store.anchor, afterRestore: afterRestore, address: address,
            minimumFreeBytes: config.store.minimumFreeBytes,
            writerCacheKibibytes: config.store.writerCacheKibibytes,
            readerCacheKibibytes: config.store.readerCacheKibibytes)
    }
}
