import SagaTestKit
import Testing

@testable import Adapters

/// A kind of database that tables are kept in; what is said of tables is tested on each.
enum TableKind: String, CaseIterable {
    /// A private SQLite database with one connection.
    case sqlite = "SQLite"
    /// SQLite beside a store's sagas, with a connection that writes and one that reads.
    case sqliteStore = "a SQLite store"
    /// The schema of a PostgreSQL store, with two connections that write and one that reads.
    case postgreSQL = "PostgreSQL"

    /// Those that can be tested here.
    static var here: [TableKind] { allCases.filter { $0 != .postgreSQL || ScratchSchema.url != nil } }

    /// Hands fresh tables to `body` and takes them away afterwards.
    func use(_ body: (any TableExecutor) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let thread = SQLiteThread.temporary(name: "tables-test")
            try await Self.make(in: thread)
            try await body(thread)
        case .sqliteStore:
            let folder = try ScratchFolder()
            let store = try await SQLiteStore.open(folder.configuration())
            do {
                try await body(store)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        case .postgreSQL:
            let schema = ScratchSchema()
            let configuration = try schema.configuration()
            _ = try await PostgresStore.migrate(configuration)
            let threads = PostgresTableThreads(configuration)
            do {
                try await body(threads)
            } catch {
                await threads.close()
                try schema.drop()
                throw error
            }
            await threads.close()
            try schema.drop()
        }
    }

    private static func make(in tables: any TableExecutor) async throws {
        try await tables.write(.bulk) { connection in
            try connection.execute(OfferingBookSchema.statements(in: connection.dialect))
            try connection.execute(ServiceTables.statements(in: connection.dialect))
            try connection.execute(GateTables.statements(in: connection.dialect))
        }
    }
}

extension TableKind: CustomTestStringConvertible {
    var testDescription: String { rawValue }
}
