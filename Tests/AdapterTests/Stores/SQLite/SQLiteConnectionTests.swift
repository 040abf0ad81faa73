import Adapters
import Testing

@Suite struct SQLiteConnectionTests {
    private struct Refusal: Error {}

    private func database() throws -> SQLiteConnection {
        let database = try SQLiteConnection(path: "")
        try database.execute("CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT, body BLOB)")
        return database
    }

    @Test func `values come back as they were bound`() throws {
        let database = try database()
        try database.run("INSERT INTO thing VALUES(?, ?, ?)", .integer(.max), "Ünïcode\u{0}x", .blob([0, 255, 1]))
        try database.run("INSERT INTO thing VALUES(?, ?, ?)", .integer(.min), "", .blob([]))
        try database.run("INSERT INTO thing VALUES(?, ?, ?)", 3, nil, nil)
        var seen: [String] = []
        try database.forEachRow("SELECT id, name, body FROM thing ORDER BY id") { row in
            seen.append("\(row.int64(0)) \(row.text(1)) \(row.blob(2)) \(row.isNull(1)) \(row.isNull(2))")
        }
        #expect(
            seen == [
                "-9223372036854775808  [] false false", "3  [] true true",
                "9223372036854775807 Ünïcode\u{0}x [0, 255, 1] false false",
            ])
    }

    @Test func `a transaction that throws leaves nothing`() throws {
        let database = try database()
        #expect(throws: Refusal.self) {
            try database.transaction {
                try database.run("INSERT INTO thing VALUES(1, 'a', NULL)")
                throw Refusal()
            }
        }
        #expect(try database.firstRow("SELECT count(*) FROM thing") { $0.int64(0) } == 0)
        #expect(!database.isInTransaction)
    }

    @Test func `a savepoint that throws spoils nobody else's part`() throws {
        let database = try database()
        try database.transaction {
            try database.run("INSERT INTO thing VALUES(1, 'a', NULL)")
            #expect(throws: Refusal.self) {
                _ = try database.savepoint("part") {
                    try database.run("INSERT INTO thing VALUES(2, 'b', NULL)")
                    throw Refusal()
                }
            }
            _ = try database.savepoint("part") { try database.run("INSERT INTO thing VALUES(3, 'c', NULL)") }
        }
        #expect(try database.firstRow("SELECT group_concat(id) FROM thing") { $0.text(0) } == "1,3")
    }

    @Test func `work is atomic inside a transaction and outside of one`() throws {
        let database = try database()
        let work = { (id: Int64, fails: Bool) in
            try database.atomically {
                try database.run("INSERT INTO thing VALUES(?, 'a', NULL)", .integer(id))
                if fails { throw Refusal() }
            }
        }
        try work(1, false)
        #expect(throws: Refusal.self) { try work(2, true) }
        try database.transaction {
            try work(3, false)
            #expect(throws: Refusal.self) { try work(4, true) }
        }
        #expect(try database.firstRow("SELECT group_concat(id) FROM thing") { $0.text(0) } == "1,3")
    }

    @Test func `a violated key says so with a bounded code and without values`() throws {
        let database = try database()
        try database.run("INSERT INTO thing VALUES(1, 'secret', NULL)")
        let error = #expect(throws: SQLiteError.self) {
            try database.run("INSERT INTO thing VALUES(1, 'secret', NULL)")
        }
        #expect(error?.code == "sqlite.constraint")
        #expect(error?.isUniqueViolation == true)
        #expect(error?.description.contains("secret") == false)
        // The statement is reset by its own failure and runs again.
        try database.run("DELETE FROM thing")
        try database.run("INSERT INTO thing VALUES(1, 'secret', NULL)")
        #expect(database.changes == 1)
    }

    @Test func `a file that is missing is not created for reading`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try SQLiteConnection(path: "/nonexistent/store.db", access: .readOnly)
        }
        #expect(error?.code == "sqlite.cannot_open")
    }

    @Test func `a statement outlives its connection's last reference`() throws {
        var connection: SQLiteConnection? = try database()
        let statement = try connection?.statement("SELECT 7")
        connection = nil
        #expect(try statement?.step() == true)
        #expect(statement?.int64(0) == 7)
    }
}
