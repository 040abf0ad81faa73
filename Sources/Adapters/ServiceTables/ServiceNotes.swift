public import SagaEngine

/// What a daemon must remember over a restart: how far the outbox is drained, which counterparty is switched off.
public struct ServiceNotes: Sendable {
    private let store: SQLiteStore

    /// Keeps notes in a store.
    public init(store: SQLiteStore) {
        self.store = store
    }

    /// A note by its name.
    public func note(_ name: String) async throws(StoreError) -> String? {
        try await store.read { reader in
            try reader.connection.firstRow("SELECT value FROM service_note WHERE name = ?", .text(name)) { $0.text(0) }
        }
    }

    /// All notes whose name begins like this.
    public func notes(from prefix: String) async throws(StoreError) -> [String: String] {
        try await store.read { reader in
            var notes: [String: String] = [:]
            try reader.connection.forEachRow("SELECT name, value FROM service_note") { row in
                if row.text(0).hasPrefix(prefix) { notes[row.text(0)] = row.text(1) }
            }
            return notes
        }
    }

    /// Writes a note, durably.
    public func set(_ name: String, to value: String) async throws {
        _ = try await store.runOnWriter(.sagas) { connection in
            try connection.run(
                "INSERT INTO service_note VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                .text(name), .text(value))
        }
    }
}
