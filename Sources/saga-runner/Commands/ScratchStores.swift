internal import Adapters
internal import Foundation
internal import SagaEngine
internal import SagaTestKit

/// SQLite stores for the store laws, in a folder of their own that is removed with them.
struct ScratchStores: StoreFixture {
    private static let sealLimit = 100_000

    let digest: any Digest = SHA256Digest()
    private let folder: String

    init(beside directory: String) throws {
        let name = "\(directory)/verify-store-\(Adapters.Hex.encode(try SecureRandom.bytes(6)))"
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
        folder = name
    }

    func remove() {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            FileHandle.standardError.write(Data("saga-runner verify-store: \(folder) stays: \(error)\n".utf8))
        }
    }

    func open(clock: SimulatedClock, handlers: [any RecordHandler]) async throws -> any SagaStore {
        try await SQLiteStore.open(
            SQLiteStoreConfiguration(
                path: folder + "/laws.db", clock: clock, digest: digest, handlers: handlers,
                anchorPath: folder + "/anchor.json"))
    }

    func reopen(
        _ store: any SagaStore, clock: SimulatedClock, handlers: [any RecordHandler]
    ) async throws -> any SagaStore {
        try await close(store)
        return try await open(clock: clock, handlers: handlers)
    }

    func close(_ store: any SagaStore) async throws {
        await (try own(store)).close()
    }

    func seals(of store: any SagaStore) async throws -> [StoreSeal] {
        try await (try own(store)).seals(limit: Self.sealLimit).map {
            StoreSeal(number: $0.number, at: $0.at, link: $0.link)
        }
    }

    private func own(_ store: any SagaStore) throws -> SQLiteStore {
        guard let store = store as? SQLiteStore else { throw LawBroken("not a store of this fixture") }
        return store
    }
}
