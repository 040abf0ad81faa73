import Adapters
import Foundation
import SagaEngine

/// A store for one run, made anew.
enum BenchStore {
    private static let schema = "saga_bench"

    static func open(at place: BenchPlace, tape: TransactionTape) async throws -> any ServiceStore {
        switch place {
        case .sqlite(let path):
            for suffix in ["", "-wal", "-shm", ".lock"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
            var configuration = SQLiteStoreConfiguration(
                path: path, clock: SystemClock(), digest: SHA256Digest(), handlers: [BenchLedger()])
            configuration.observer = { tape.record($0) }
            return try await SQLiteStore.open(configuration)
        case .postgres:
            var configuration = try configuration(of: place)
            configuration.observer = { tape.record($0) }
            if tape.keepsScripts { configuration.scribe = { tape.record($0) } }
            try await PostgresStore.drop(configuration)
            return try await PostgresStore.open(configuration)
        }
    }

    /// The schema in a server that a run's store is in.
    static func configuration(of place: BenchPlace) throws -> PostgresStoreConfiguration {
        guard case .postgres(let url) = place else { throw BenchFailure("not a PostgreSQL database") }
        return PostgresStoreConfiguration(
            url: url, schema: schema, digest: SHA256Digest(), handlers: [BenchLedger()], application: "saga-bench",
            childSpacing: .milliseconds(0))
    }

    /// Finds how many stages are durable: journals' receipts, notices and postings.
    static func countStages(in journal: String = "journal") -> String {
        let kinds = [EntryKind.receipt, .notice, .posted].map { "\($0.rawValue)" }
        return "SELECT count(*) FROM \(journal) WHERE kind IN (\(kinds.joined(separator: ", ")))"
    }

    /// How many stages are durable.
    static func stages(in store: any ServiceStore) async throws -> Int {
        try await store.read { tables in try tables.firstRow(countStages()) { Int($0.int64(0)) } ?? 0 }
    }

    /// How much of the disk the database takes: the file once the store is closed, or the schema's tables and indexes.
    static func size(at place: BenchPlace) async throws -> Int {
        switch place {
        case .sqlite(let path):
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.size] as? NSNumber)?.intValue ?? 0
        case .postgres(let url):
            return try await PostgresStore.size(
                PostgresStoreConfiguration(url: url, schema: schema, digest: SHA256Digest()))
        }
    }
}
