import SagaEngine
import Testing

@testable import Adapters

/// A page costs what it holds, whatever lies before and behind it, and whatever the server knew when it made its plan.
@Suite(.enabled(if: ScratchSchema.url != nil, ScratchSchema.skipped))
struct PostgreSQLPageTests {
    private static let lines = 5_000
    private static let page: Int64 = 100
    /// What the server has counted of the tables when the plan is made.
    private static let counted = [
        "nothing", "book_log, book_value, offering_line", "book_log, offering_investor_key", "",
    ]

    @Test(arguments: ["books_values", "books_lines", "books_lines_under"], counted)
    func `a page of the books reads its own rows alone`(_ name: String, counted: String) async throws {
        let (schema, connection) = try await filled(counted)
        let limit = PostgresParameter.bigint(Self.page)
        let middle = PostgresParameter.text("O-1/I-02500")
        let call =
            switch name {
            case "books_values": PostgresConnection.Call(PostgresStore.values, .text("space"), middle, limit)
            case "books_lines": PostgresConnection.Call(PostgresStore.lines, .text("ledger"), .bigint(4_000), limit)
            default:
                PostgresConnection.Call(
                    PostgresStore.linesUnder, .text("ledger"), .text("O-1"), middle, .bigint(0), limit)
            }
        try connection.execute("BEGIN")
        #expect(try connection.run(call).count == Int(Self.page))
        try expectFewRowsRead(on: connection)
        try schema.drop()
    }

    @Test(arguments: counted)
    func `a page of lines reads its own investors alone`(counted: String) async throws {
        let (schema, connection) = try await filled(counted)
        let tables = PostgresTables(connection)
        try connection.execute("BEGIN")
        var count: Int64 = 0
        try tables.forEachRow(
            LineReading.linesPage, .integer(1), .integer(1), .text("I-02500"), .integer(Self.page)
        ) { _ in count += 1 }
        #expect(count == Self.page)
        try expectFewRowsRead(on: connection)
        try schema.drop()
    }

    @Test(arguments: ["nothing", "finished"])
    func `a census of all sagas does not read those that have completed`(counted: String) async throws {
        let (schema, connection) = try await filled(counted)
        try connection.execute("BEGIN")
        let answers = try connection.pipeline(PostgresReader.ofAll.map { PostgresConnection.Call($0) })
        #expect(answers[1].first?.int64(0) == Int64(Self.lines))
        #expect(answers[2].rows.map { [$0.int64(0), $0.int64(1)] } == [[6, 4]])
        #expect(answers[3].count == 2)
        try expectFewRowsRead(on: connection, atLeast: 1)
        try schema.drop()
    }

    /// A schema with an offering in it, and a connection as the store's own are.
    private func filled(_ counted: String) async throws -> (ScratchSchema, PostgresConnection) {
        let schema = ScratchSchema()
        let configuration = try schema.configuration()
        let store = try await PostgresStore.open(configuration)
        await store.close()
        let rows = "FROM generate_series(1, \(Self.lines)) AS g"
        let investor = "'I-' || lpad(g::text, 5, '0')"
        try schema.run(
            """
            INSERT INTO name(text) VALUES ('ledger'), ('outbox'), ('space'), ('record');
            INSERT INTO incarnation VALUES (99, 0, 'test', '', '', 1000000000);
            INSERT INTO book_log SELECT g, n.number, 'O-1/' || \(investor), 'O-1', n.number, 1, '{}'
                \(rows) CROSS JOIN name n WHERE n.text = 'ledger';
            INSERT INTO book_value SELECT n.number, 'O-1/' || \(investor), 1, '{}'
                \(rows) CROSS JOIN name n WHERE n.text = 'space';
            INSERT INTO offering_line(book, investor_id, units) SELECT 1, \(investor), '' \(rows);
            INSERT INTO offering_investor_key SELECT 1, \(investor), g \(rows);
            INSERT INTO offering_investor
                SELECT g, \(investor), '', '', \(investor), '', '', '', '', '' \(rows);
            INSERT INTO finished(number, flow, status, sequence, spawned, pivoted, updated, head, exposures, output)
                SELECT g, 1, CASE WHEN g > 4 THEN 5 ELSE 6 END, 1, 0, true, 1, '',
                    CASE WHEN g IN (2, 7) THEN ''::bytea END, ''
                \(rows);
            INSERT INTO child_end VALUES (0, 1, \(Self.lines));
            """)
        if counted != "nothing" { try schema.run("ANALYZE \(counted)") }
        return (schema, try PostgresSession.connect(configuration))
    }

    /// The server counts for each transaction what it has fetched of the tables.
    private func expectFewRowsRead(on connection: PostgresConnection, atLeast: Int64 = page) throws {
        let read = PostgresStatement(
            "rows_read",
            """
            SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables
            WHERE schemaname = current_schema()
            """)
        let rows = try connection.run(read).first?.int64(0) ?? 0
        // Three tables at most, and a few names.
        #expect(rows >= atLeast && rows <= 5 * Self.page, "\(rows) rows read for a page of \(Self.page)")
        try connection.execute("COMMIT")
    }
}
