internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SettlementFlows

/// Opens the store that a configuration names: the only place that knows which databases there are.
enum StoreChoice {
    /// Opens the store for a daemon, making it or taking its schema's missing steps where that is needed.
    static func open(
        _ config: RunnerConfig, clock: any SagaClock, identity: RunnerIdentity, afterRestore: Bool
    ) async throws(StoreError) -> any ServiceStore {
        switch config.store.place {
        case .sqlite(let place):
            return try await SQLiteStore.open(
                sqlite(
                    place, config.store.anchor, clock: clock, address: identity.address, afterRestore: afterRestore))
        case .postgres(let place):
            var configuration = postgres(place, config.store.anchor)
            // Runners on several machines go by the database's clock; a clock that is given goes before it.
            if !(clock is SystemClock) { configuration.time = .given(clock) }
            configuration.identity = identity
            configuration.afterRestore = afterRestore
            return try await PostgresStore.open(configuration)
        }
    }

    /// A store's failure with the database that it is about, and where it is written down what to do.
    static func placed(_ error: any Error, in place: StorePlace) -> any Error {
        guard let failure = error as? StoreError, failure.code == .damaged || failure.code == .corrupt else {
            return error
        }
        return CommandFailure(
            .failed, "\(place.words): \(failure); change nothing, and go on by docs/operating/recovering.md",
            code: "store.\(failure.code.rawValue)")
    }

    /// Opens the store for a command that only looks.
    static func openForReading(_ store: RunnerConfig.Store) async throws(StoreError) -> any ServiceStore {
        switch store.place {
        case .sqlite(let place):
            try await SQLiteStore.openForReading(
                sqlite(place, store.anchor, clock: SystemClock(), address: "", afterRestore: false))
        case .postgres(let place): try await PostgresStore.openForReading(postgres(place, store.anchor))
        }
    }

    /// Opens a store that many share for a command that only looks at its audit chain; `nil` for one that has one file.
    static func openShared(_ store: RunnerConfig.Store) async throws(StoreError) -> PostgresStore? {
        guard case .postgres(let place) = store.place else { return nil }
        return try await PostgresStore.openForReading(postgres(place, store.anchor))
    }

    /// Who holds a store that one process has alone, or `nil` when nobody does.
    static func holder(of place: StorePlace) throws(StoreError) -> StoreLock.Holder? {
        switch place {
        case .sqlite(let place): try StoreLock.holder(of: place.path)
        case .postgres: nil
        }
    }

    /// A daemon that works on the store.
    enum Worker: Equatable {
        /// Some that can be spoken to here, the nearest first; one of them may have just died.
        case at(addresses: [String])
        /// One that cannot, and who it is.
        case silent(String)
    }

    /// Which daemons to speak to about a store; `nil` when none works on it.
    static func worker(on place: StorePlace) async throws(StoreError) -> Worker? {
        switch place {
        case .sqlite(let place):
            guard let holder = try StoreLock.holder(of: place.path) else { return nil }
            return holder.address.isEmpty ? .silent("process \(holder.pid)") : .at(addresses: [holder.address])
        case .postgres(let place):
            return worker(among: try await PostgresStore.runners(of: postgres(place, nil)), from: host)
        }
    }

    /// Of those that are alive the ones on this machine, then those whose address can be reached from it.
    static func worker(among runners: [RunnerSighting], from host: String) -> Worker? {
        let alive = runners.filter(\.isAlive)
        let addressed = alive.map(\.identity).filter { !$0.address.isEmpty }
        let near = addressed.filter { $0.host == host }
        let far = addressed.filter { runner in
            runner.host != host && RunnerConfig.host(of: runner.address).map { !RunnerConfig.isLoopback($0) } ?? false
        }
        if !(near + far).isEmpty { return .at(addresses: (near + far).map(\.address)) }
        return alive.first.map { .silent("runner \($0.identity.name) on \($0.identity.host) (set client.address)") }
    }

    /// Takes the schema's missing steps, and answers which and why. A SQLite store must be held by nobody.
    static func migrate(_ config: RunnerConfig) async throws(StoreError) -> [(number: Int, reason: String)] {
        switch config.store.place {
        case .sqlite(let place):
            try await SQLiteStore.migrate(
                sqlite(place, config.store.anchor, clock: SystemClock(), address: "", afterRestore: false)
            ).map { ($0.number, $0.reason) }
        case .postgres(let place):
            try await PostgresStore.migrate(postgres(place, nil)).map { ($0.number, $0.reason) }
        }
    }

    /// This machine's name.
    static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func sqlite(
        _ place: StorePlace.SQLitePlace, _ anchor: String?, clock: any SagaClock, address: String, afterRestore: Bool
    ) -> SQLiteStoreConfiguration {
        SQLiteStoreConfiguration(
            path: place.path, clock: clock, digest: SHA256Digest(), handlers: FlowCatalogue.recordHandlers,
            anchorPath: anchor, afterRestore: afterRestore, address: address,
            minimumFreeBytes: place.minimumFreeBytes, writerCacheKibibytes: place.writerCacheKibibytes,
            readerCacheKibibytes: place.readerCacheKibibytes)
    }

    private static func postgres(_ place: StorePlace.PostgresPlace, _ anchor: String?) -> PostgresStoreConfiguration {
        var configuration = PostgresStoreConfiguration(
            url: place.url, schema: place.schema, digest: SHA256Digest(), handlers: FlowCatalogue.recordHandlers,
            anchorPath: anchor)
        configuration.confirmation = place.confirmation
        return configuration
    }
}
