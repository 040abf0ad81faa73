import Adapters
import Foundation
import SagaEngine
import SagaTestKit
import SettlementFlows

/// A PostgreSQL store as the disk of a simulation.
///
/// Each call holds the simulation's thread until the database has answered. To the seed it is an answer from memory:
/// the same seed gives the same run, though not the one on a ``MemoryStore``, which has other sagas claimed together
final class PostgresDisk: SimulatedDisk {
    let clock: any SagaClock
    private let store: PostgresStore
    private let configuration: PostgresStoreConfiguration
    /// Every line of the books is filed under one of these.
    private let offerings: [OfferingID]

    /// Makes an empty one in a schema of its own; the database has been tried before.
    init(url: String, clock: SimulatedClock, digest: any Digest, offerings: [OfferingID]) {
        let name = "sim_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        let configuration = PostgresStoreConfiguration(
            url: url, schema: name, time: .given(clock), digest: digest, handlers: FlowCatalogue.recordHandlers,
            application: "saga-sim", childSpacing: .milliseconds(0))
        self.configuration = configuration
        self.offerings = offerings
        self.clock = clock
        store = Self.sure { () throws(StoreError) in try await PostgresStore.open(configuration) }
    }

    /// Makes a disk and removes it, and says why that cannot be done.
    static func complaint(of url: String) -> String? {
        let configuration = PostgresStoreConfiguration(url: url, schema: "sim_try", digest: QuickDigest())
        do throws(StoreError) {
            try HeldThread.value { () throws(StoreError) in
                await (try PostgresStore.open(configuration)).close()
                try await PostgresStore.drop(configuration)
            }
            return nil
        } catch {
            return error.detail
        }
    }

    /// Closes the store and drops the schema.
    func remove() {
        let (store, configuration) = (store, configuration)
        Self.sure { () throws(StoreError) in
            await store.close()
            try await PostgresStore.drop(configuration)
        }
    }

    /// By offering: the plain walk over a log keeps the newest lines back while others write to the database.
    func lines(of log: String) -> [MemoryBooks.Line] {
        let (store, offerings) = (store, offerings)
        return Self.sure { () throws(StoreError) in
            var lines: [BookLine] = []
            for offering in offerings {
                var place = BookPlace.beginning
                while true {
                    let page = try await store.bookLines(
                        of: log, under: offering.rawValue, after: place, limit: Self.page)
                    lines += page
                    guard page.count == Self.page, let last = page.last else { break }
                    place = BookPlace(key: last.key, number: last.number)
                }
            }
            lines.sort { $0.number < $1.number }
            return lines.map { MemoryBooks.Line(key: $0.key, body: $0.body, cause: $0.cause) }
        }
    }

    private static let page = 1_000

    private static func sure<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(StoreError) -> Value
    ) -> Value {
        do throws(StoreError) {
            return try HeldThread.value(body)
        } catch {
            preconditionFailure("the database of a simulation does not answer: \(error)")
        }
    }
}

// MARK: - The port

extension PostgresDisk {
    func incarnation() async throws(StoreError) -> Incarnation {
        try HeldThread.value { [store] () throws(StoreError) in try await store.incarnation() }
    }

    func commit(_ batch: [StoreOperation], under lease: Lease?) async throws(StoreError) -> [StoreResult] {
        try HeldThread.value { [store] () throws(StoreError) in try await store.commit(batch, under: lease) }
    }

    func load(_ claims: [Claim]) async throws(StoreError) -> [LoadedSaga] {
        try HeldThread.value { [store] () throws(StoreError) in try await store.load(claims) }
    }

    func nextWake(for flows: [FlowID]) async throws(StoreError) -> Timestamp? {
        try HeldThread.value { [store] () throws(StoreError) in try await store.nextWake(for: flows) }
    }

    func row(of id: SagaID) async throws(StoreError) -> SagaRow? {
        try HeldThread.value { [store] () throws(StoreError) in try await store.row(of: id) }
    }

    func journal(of id: SagaID, after sequence: Int, limit: Int) async throws(StoreError) -> [JournalEntry] {
        try HeldThread.value { [store] () throws(StoreError) in
            try await store.journal(of: id, after: sequence, limit: limit)
        }
    }

    func search(_ query: SagaQuery) async throws(StoreError) -> SagaPage {
        try HeldThread.value { [store] () throws(StoreError) in try await store.search(query) }
    }

    func children(
        of parent: SagaID, stage: StageName, after: ElementID?, limit: Int
    ) async throws(StoreError) -> [SagaRow] {
        try HeldThread.value { [store] () throws(StoreError) in
            try await store.children(of: parent, stage: stage, after: after, limit: limit)
        }
    }

    func census(under root: SagaID?) async throws(StoreError) -> SagaCensus {
        try HeldThread.value { [store] () throws(StoreError) in try await store.census(under: root) }
    }

    func notices(_ query: NoticeQuery) async throws(StoreError) -> [StoredNotice] {
        try HeldThread.value { [store] () throws(StoreError) in try await store.notices(query) }
    }

    func settlements(
        of references: [SentReference], for saga: SagaID, limit: Int
    ) async throws(StoreError) -> [StoredNotice] {
        try HeldThread.value { [store] () throws(StoreError) in
            try await store.settlements(of: references, for: saga, limit: limit)
        }
    }

    func prints(under root: SagaID?, limit: Int, offset: Int) async throws(StoreError) -> [StoredPrint] {
        try HeldThread.value { [store] () throws(StoreError) in
            try await store.prints(under: root, limit: limit, offset: offset)
        }
    }
}
