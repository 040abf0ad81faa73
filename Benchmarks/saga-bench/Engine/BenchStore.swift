import Adapters
import Foundation
import SagaEngine

/// A SQLite store for one run, made anew.
enum BenchStore {
    static func open(at path: String, tape: TransactionTape) async throws -> SQLiteStore {
        for suffix in ["", "-wal", "-shm", ".lock"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        var configuration = SQLiteStoreConfiguration(
            path: path, clock: SystemClock(), digest: SHA256Digest(), handlers: [BenchLedger()])
        configuration.observer = { tape.record($0) }
        return try await SQLiteStore.open(configuration)
    }

    /// How many stages are durable: journals' receipts, notices and postings.
    static func stages(in store: SQLiteStore) async throws -> Int {
        try await store.runOnWriter { connection in
            try connection.firstRow(
                "SELECT count(*) FROM journal WHERE kind IN (?, ?, ?)",
                .integer(Int64(EntryKind.receipt.rawValue)), .integer(Int64(EntryKind.notice.rawValue)),
                .integer(Int64(EntryKind.posted.rawValue))
            ) { Int($0.int64(0)) } ?? 0
        }
    }

    /// How large the database file is, once the store is closed.
    static func size(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}
