/// What a daemon must remember over a restart: how far the outbox is drained, which counterparty is switched off.
public struct ServiceNotes: Sendable {
    private let tables: any TableExecutor

    /// Keeps notes in tables that exist.
    public init(in tables: any TableExecutor) {
        self.tables = tables
    }

    /// A note by its name.
    public func note(_ name: String) async throws -> String? {
        try await tables.read { connection in
            try connection.firstRow("SELECT value FROM service_note WHERE name = ?", .text(name)) { $0.text(0) }
        }
    }

    /// All notes whose name begins like this.
    public func notes(from prefix: String) async throws -> [String: String] {
        try await tables.read { connection in
            var notes: [String: String] = [:]
            try connection.forEachRow("SELECT name, value FROM service_note") { row in
                if row.text(0).hasPrefix(prefix) { notes[row.text(0)] = row.text(1) }
            }
            return notes
        }
    }

    /// Writes a note, durably.
    public func set(_ name: String, to value: String) async throws {
        try await tables.write(.sagas) { try Self.set(name, to: value, in: $0) }
    }

    /// Writes a note as a part of what a job writes.
    public static func set(_ name: String, to value: String, in connection: any TableConnection) throws {
        try connection.run(
            """
            INSERT INTO service_note(name, value) VALUES(?, ?)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value
            """, .text(name), .text(value))
    }
}
