internal import SagaEngine

/// What the database says about itself.
enum SQLiteMeta {
    /// The store's own id.
    static func store(_ connection: SQLiteConnection) throws -> String {
        let id = try connection.firstRow("SELECT value FROM meta WHERE key = 'store'") { $0.text(0) }
        guard let id else { throw StoreError(.corrupt, "the database does not say which store it is") }
        return id
    }

    /// Which life of the data this is.
    static func incarnation(_ connection: SQLiteConnection) throws -> Incarnation {
        let life = try connection.firstRow("SELECT number, since FROM incarnation ORDER BY number DESC LIMIT 1") {
            Incarnation(number: Int($0.int64(0)), since: Timestamp(milliseconds: $0.int64(1)))
        }
        guard let life else { throw StoreError(.corrupt, "the database does not say which life of the data it is") }
        return life
    }

    /// Begins the first life, of a database that is new.
    static func begin(_ connection: SQLiteConnection, at now: Timestamp) throws {
        try connection.run(
            "INSERT INTO incarnation VALUES(0, ?, 'created') ON CONFLICT DO NOTHING", .integer(now.milliseconds))
    }

    /// Counts that the store was opened and claimed from, and answers how often before.
    static func countOpening(_ connection: SQLiteConnection) throws -> Int64 {
        let before = try connection.firstRow(
            """
            INSERT INTO meta VALUES('openings', 0) ON CONFLICT(key) DO UPDATE SET value = value + 1 RETURNING value
            """
        ) { $0.int64(0) }
        guard let before else { throw StoreError(.corrupt, "the database has lost count of its openings") }
        return before
    }

    /// Begins the next life.
    static func reincarnate(_ connection: SQLiteConnection, at now: Timestamp, reason: String) throws {
        try connection.run(
            "INSERT INTO incarnation SELECT max(number) + 1, ?, ? FROM incarnation", .integer(now.milliseconds),
            .text(reason))
    }

    /// The end of the audit chain and the last numbers given out.
    static func tail(_ connection: SQLiteConnection) throws -> AuditTail {
        let head = try head(connection)
        let last = try connection.firstRow(
            "SELECT (SELECT max(number) FROM journal), (SELECT max(number) FROM print)"
        ) { (entry: $0.int64(0), print: $0.int64(1)) }
        return AuditTail(head: head, lastEntry: last?.entry ?? 0, lastPrint: last?.print ?? 0)
    }

    /// The newest seal.
    static func head(_ connection: SQLiteConnection) throws -> AuditHead {
        let store = try store(connection)
        let newest = try connection.firstRow("SELECT number, at, link FROM seal ORDER BY number DESC LIMIT 1") {
            AuditHead(
                store: store, number: $0.int64(0), at: Timestamp(milliseconds: $0.int64(1)),
                link: $0.link(2))
        }
        return newest ?? AuditHead(store: store, number: 0, at: Timestamp(milliseconds: 0), link: AuditHead.origin)
    }
}
