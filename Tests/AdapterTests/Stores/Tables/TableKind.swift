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
        try await useTwice { one, _ in try await body(one) }
    }

    /// Hands fresh tables to `body` as two processes have them, each with connections of its own; where there can be
    /// one process alone, both have the same.
    func useTwice(_ body: (any TableExecutor, any TableExecutor) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let thread = SQLiteThread.temporary(name: "tables-test")
            try await Self.make(in: thread)
            try await body(thread, thread)
        case .sqliteStore:
            let folder = try ScratchFolder()
            let store = try await SQLiteStore.open(folder.configuration())
            do {
                try await body(store, store)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        case .postgreSQL:
            let schema = ScratchSchema()
            let configuration = try schema.configuration()
            _ = try await PostgresStore.migrate(configuration)
            let threads = [PostgresTableThreads(configuration), PostgresTableThreads(configuration)]
            do {
                try await body(threads[0], threads[1])
            } catch {
                for each in threads { await each.close() }
                try schema.drop()
                throw error
            }
            for each in threads { await each.close() }
            try schema.drop()
        }
    }

    private static func make(in tables: any TableExecutor) async throws {
        try await tables.write(.bulk) { connection in
            try connection.execute(OfferingBookSchema.statements(in: connection.dialect))
            try connection.execute(OfferingBookSchema.sharing(in: connection.dialect))
            try connection.execute(ServiceTables.statements(in: connection.dialect))
            try connection.execute(ServiceTables.leases(in: connection.dialect))
            try connection.execute(ScheduleTables.statements(in: connection.dialect))
            try connection.execute(GateTables.statements(in: connection.dialect))
        }
    }
}

extension TableKind: CustomTestStringConvertible {
    var testDescription: String { rawValue }
}
