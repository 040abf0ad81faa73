import SagaEngine
import Testing

@testable import Adapters

/// What every kind of database keeps to, whatever is kept in it.
@Suite struct TableLawsTests {
    private struct Halt: Error {}

    /// A table of its own beside the others.
    private func use(_ kind: TableKind, _ body: (any TableExecutor) async throws -> Void) async throws {
        try await kind.use { tables in
            try await tables.write(.bulk) { connection in
                let dialect = connection.dialect
                try connection.execute(
                    """
                    CREATE TABLE thing(number \(dialect.integerKey), label \(dialect.text), body \(dialect.blob));
                    CREATE UNIQUE INDEX thing_label ON thing(label);
                    CREATE TABLE counted(number \(dialect.numberedKey), label \(dialect.text) NOT NULL);
                    """)
            }
            try await body(tables)
        }
    }

    private static func put(_ number: Int64, _ label: String?, in connection: any TableConnection) throws {
        try connection.run(
            "INSERT INTO thing(number, label, body) VALUES(?, ?, ?)", .integer(number),
            label.map(TableValue.text) ?? .null, .null)
    }

    private static func labels(in connection: any TableConnection) throws -> [String] {
        var labels: [String] = []
        try connection.forEachRow("SELECT label FROM thing ORDER BY label") { labels.append($0.text(0)) }
        return labels
    }

    /// What a job was refused with; `nil` when it went through.
    private static func refusal(of job: () throws -> Void) -> (any Error)? {
        do {
            try job()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: TableKind.here)
    func `values come back as they were, and nothing is not empty`(in kind: TableKind) async throws {
        let bytes = (0...255).map { UInt8($0) }
        try await use(kind) { tables in
            try await tables.write(.sagas) { connection in
                let sql = "INSERT INTO thing(number, label, body) VALUES(?, ?, ?)"
                try connection.run(sql, .integer(.min), .text("Zoë 🏠 '\"\\ \n\t"), .blob(bytes))
                try connection.run(sql, .integer(.max), .text(""), .blob([]))
                try connection.run(sql, 0, .null, .null)
            }
            try await tables.read { connection in
                var seen = 0
                try connection.forEachRow("SELECT number, label, body FROM thing ORDER BY number") { row in
                    switch row.int64(0) {
                    case .min:
                        #expect(row.text(1) == "Zoë 🏠 '\"\\ \n\t")
                        #expect(row.blob(2) == bytes)
                        var lent: [UInt8] = []
                        row.lend(2) { lent = Array($0) }
                        #expect(lent == bytes)
                    case .max:
                        #expect(!row.isNull(1) && row.text(1) == "")
                        #expect(!row.isNull(2) && row.blob(2) == [])
                    default:
                        #expect(row.isNull(1) && row.text(1) == "")
                        #expect(row.isNull(2) && row.blob(2) == [])
                        row.lend(2) { #expect($0.isEmpty) }
                    }
                    seen += 1
                }
                #expect(seen == 3)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `text stands in the order of its bytes, and bytes do`(in kind: TableKind) async throws {
        let labels = ["b", "a", "Z", "é", "e\u{301}", "a-1", "a1", "A", "~", "", "ﬀ", "🏠"]
        let sorted = labels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers: [UInt128] = [0, 1, 255, 256, UInt128(UInt64.max), UInt128(UInt64.max) + 1, .max]
        try await use(kind) { tables in
            try await tables.write(.sagas) { connection in
                for (index, label) in labels.enumerated() { try Self.put(Int64(index), label, in: connection) }
                #expect(try Self.labels(in: connection).map { Array($0.utf8) } == sorted.map { Array($0.utf8) })
                let behind = try connection.firstRow(
                    "SELECT count(*) FROM thing WHERE label > ?1 AND label <> ?1", .text("a1")
                ) { $0.int64(0) }
                #expect(behind == Int64(sorted.filter { "a1".utf8.lexicographicallyPrecedes($0.utf8) }.count))
                try connection.run("DELETE FROM thing")
                for (index, number) in numbers.shuffled().enumerated() {
                    try connection.run(
                        "INSERT INTO thing(number, body) VALUES(?, ?)", .integer(Int64(index)),
                        .blob(WideInteger.bytes(number)))
                }
                var found: [UInt128?] = []
                try connection.forEachRow("SELECT body FROM thing ORDER BY body") {
                    found.append(WideInteger.read($0, 0))
                }
                #expect(found == numbers)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `what is done atomically is done whole or not at all, at every depth`(in kind: TableKind) async throws {
        try await use(kind) { tables in
            await #expect(throws: Halt.self) {
                try await tables.write(.sagas) { connection in
                    try connection.atomically {
                        try Self.put(1, "a", in: connection)
                        throw Halt()
                    }
                }
            }
            #expect(try await tables.read { try Self.labels(in: $0) } == [])
            try await tables.write(.sagas) { connection in
                try connection.atomically {
                    try Self.put(1, "outer", in: connection)
                    let refusal = Self.refusal {
                        try connection.atomically {
                            try Self.put(2, "inner", in: connection)
                            throw Halt()
                        }
                    }
                    #expect(refusal is Halt)
                    try connection.atomically { try Self.put(3, "kept", in: connection) }
                }
            }
            #expect(try await tables.read { try Self.labels(in: $0) } == ["kept", "outer"])
        }
    }

    @Test(arguments: TableKind.here)
    func `a key that is there already is said to be, and the connection stays whole`(in kind: TableKind) async throws {
        try await use(kind) { tables in
            let refusals = try await tables.write(.sagas) { connection in
                try Self.put(1, "a", in: connection)
                var refusals = [(1, "b"), (2, "a")].map { number, label in
                    Self.refusal { try Self.put(Int64(number), label, in: connection) } as? any TableError
                }
                refusals.append(
                    Self.refusal {
                        try connection.run("INSERT INTO counted(label) VALUES(?)", .null)
                    } as? any TableError)
                try connection.atomically {
                    try Self.put(2, "b", in: connection)
                    let refusal = Self.refusal {
                        try connection.atomically { try Self.put(3, "b", in: connection) }
                    }
                    refusals.append(refusal as? any TableError)
                    try Self.put(3, "c", in: connection)
                }
                return refusals
            }
            #expect(refusals.map { $0?.isUniqueViolation } == [true, true, false, true])
            #expect(refusals.allSatisfy { $0?.isPassing == false })
            #expect(try await tables.read { try Self.labels(in: $0) } == ["a", "b", "c"])
        }
    }

    @Test(arguments: TableKind.here)
    func `long walks go side by side while a table is filled`(in kind: TableKind) async throws {
        let count: Int64 = 5_000
        try await use(kind) { tables in
            try await tables.write(.bulk) { connection in
                try connection.atomically {
                    try connection.insert(into: "thing", ["number", "label", "body"]) { insertion in
                        for number in 0..<count {
                            try insertion.bind(1, number)
                            try insertion.bind(2, "L\(number)")
                            try insertion.bind(3, number % 7 == 0 ? [] : [UInt8(number % 251)])
                            try insertion.add()
                        }
                    }
                    try connection.insert(into: "counted", ["label"]) { insertion in
                        try connection.walk("SELECT number, label, body FROM thing ORDER BY number") { up in
                            try connection.walk(
                                "SELECT number FROM thing WHERE number >= ? ORDER BY number DESC", 0
                            ) { down in
                                var expected: Int64 = 0
                                while let row = try up.next() {
                                    #expect(row.int64(0) == expected)
                                    #expect(row.blob(2).count == (expected % 7 == 0 ? 0 : 1))
                                    let label = row.text(1)
                                    #expect(try down.next()?.int64(0) == count - 1 - expected)
                                    try insertion.bind(1, label)
                                    try insertion.add()
                                    expected += 1
                                }
                                #expect(expected == count)
                                for walk in [up, down] {
                                    let isAtEnd = try walk.next() == nil
                                    #expect(isAtEnd, "an end stays one")
                                }
                            }
                        }
                    }
                }
                let sums = try connection.firstRow("SELECT count(*), min(number), max(number) FROM counted") { row in
                    [row.int64(0), row.int64(1), row.int64(2)]
                }
                #expect(sums == [count, 1, count])
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a walk can be left before its end, and begun again`(in kind: TableKind) async throws {
        try await use(kind) { tables in
            try await tables.write(.sagas) { connection in
                for number in 1...3 { try Self.put(Int64(number), "\(number)", in: connection) }
                for _ in 1...2 {
                    try connection.atomically {
                        try connection.walk("SELECT number FROM thing ORDER BY number") { walk in
                            let first = try walk.next()?.int64(0)
                            #expect(first == 1)
                        }
                    }
                }
                let refusal = Self.refusal {
                    try connection.atomically {
                        try connection.walk("SELECT number FROM thing ORDER BY number") { _ in throw Halt() }
                    }
                }
                #expect(refusal is Halt)
                #expect(try connection.run("UPDATE thing SET label = label || 'x' WHERE number > ?", 1) == 2)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a row that is refused while a table is filled undoes the filling`(in kind: TableKind) async throws {
        try await use(kind) { tables in
            try await tables.write(.sagas) { connection in
                let refusal = Self.refusal {
                    try connection.atomically {
                        try connection.insert(into: "thing", ["number", "label"]) { insertion in
                            for (number, label) in [(1, "a"), (2, "b"), (1, "c")] as [(Int64, String)] {
                                try insertion.bind(1, number)
                                try insertion.bind(2, label)
                                try insertion.add()
                            }
                        }
                    }
                }
                #expect((refusal as? any TableError)?.isUniqueViolation == true)
                let left = try Self.labels(in: connection)
                #expect(left == [])
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `numbers that the database gives out never come again`(in kind: TableKind) async throws {
        try await use(kind) { tables in
            let numbers = try await tables.write(.sagas) { connection in
                var numbers: [Int64?] = []
                for label in ["a", "b", "c"] {
                    numbers.append(
                        try connection.firstRow(
                            "INSERT INTO counted(label) VALUES(?) RETURNING number", .text(label)
                        ) { $0.int64(0) })
                    #expect(try connection.run("DELETE FROM counted WHERE label = ?", .text(label)) == 1)
                }
                return numbers
            }
            #expect(numbers == [1, 2, 3])
        }
    }

    /// The laws above pass PostgreSQL over where there is none; this says so, by name.
    @Test(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
    func `tables are tested in PostgreSQL, too`() {
        #expect(TableKind.here.contains(.postgreSQL))
    }
}
