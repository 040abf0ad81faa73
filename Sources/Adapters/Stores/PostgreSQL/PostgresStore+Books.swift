public import SagaEngine

/// What record handlers have written.
extension PostgresStore: RecordedBooks {
    // Names are looked up in queries of their own, whose answer is one value: then the index of a log or a space gives
    // a page in its order. Joined, each page would sort everything that comes after it.
    static let values = PostgresStatement(
        "books_values",
        """
        SELECT v.key, v.value FROM book_value v
        WHERE v.space = (SELECT n.number FROM name n WHERE n.text = $1::text) AND v.key > $2::text
        ORDER BY v.key LIMIT $3::bigint
        """)
    private static let lineColumns =
        "b.number, b.key, b.saga, (SELECT n.text FROM name n WHERE n.number = b.stage), b.at, b.body"
    /// Lines of transactions that were the oldest ones under way stay back: others of a lower number may still come.
    static let lines = PostgresStatement(
        "books_lines",
        """
        SELECT \(lineColumns) FROM book_log b
        WHERE b.log = (SELECT n.number FROM name n WHERE n.text = $1::text) AND b.number > $2::bigint
            AND b.number < ((SELECT max(base) FROM incarnation)
                + pg_snapshot_xmin(pg_current_snapshot())::text::bigint) << \(BatchWriting.placeBits)
        ORDER BY b.number LIMIT $3::bigint
        """)
    static let linesUnder = PostgresStatement(
        "books_lines_under",
        """
        SELECT \(lineColumns) FROM book_log b
        WHERE b.log = (SELECT n.number FROM name n WHERE n.text = $1::text)
            AND (b.key = $2::text OR (b.key >= $2::text || '/' AND b.key < $2::text || '0'))
            AND (b.key, b.number) > ($3::text, $4::bigint)
        ORDER BY b.key, b.number LIMIT $5::bigint
        """)

    /// What record handlers have set in a space after a key, in byte order of the keys.
    public func bookValues(
        in space: String, after key: String = "", limit: Int
    ) async throws(StoreError) -> [(key: String, value: [UInt8])] {
        try await read { reader in
            try reader.one(Self.values, .text(space), .text(key), .bigint(Int64(max(0, limit)))).rows
                .map { ($0.text(0), $0.blob(1)) }
        }
    }

    /// What record handlers have added to a log after a line, oldest first.
    public func bookLines(
        of log: String, after number: Int64 = 0, limit: Int
    ) async throws(StoreError) -> [BookLine] {
        try await read { reader in
            try reader.one(Self.lines, .text(log), .bigint(number), .bigint(Int64(max(0, limit)))).rows.map(Self.line)
        }
    }

    /// The lines of a log under a key and everything below it, in order of keys, then of time.
    public func bookLines(
        of log: String, under key: String, after place: BookPlace, limit: Int
    ) async throws(StoreError) -> [BookLine] {
        try await read { reader in
            try reader.one(
                Self.linesUnder, .text(log), .text(key), .text(place.key), .bigint(place.number),
                .bigint(Int64(max(0, limit)))
            ).rows.map(Self.line)
        }
    }

    private static func line(_ row: PostgresRow) throws -> BookLine {
        let cause = RecordCause(
            saga: try SagaID(stored: row.text(2)), stage: StageName(rawValue: row.text(3)), at: row.timestamp(4))
        return BookLine(number: row.int64(0), key: row.text(1), body: row.blob(5), cause: cause)
    }
}

/// What a daemon asks of a store beside that.
extension PostgresStore: ServiceStore {
    /// It always may be.
    public var isShared: Bool { true }

    /// Totals that every commit keeps.
    public var stakes: (any StakeBook)? { PostgresStakes() }

    private static let standings = PostgresStatement(
        "service_standings",
        """
        SELECT odd, count(*) FROM notice WHERE odd IS NOT NULL GROUP BY odd
        UNION ALL SELECT 0, count(*) FROM notice n JOIN progress p ON p.number = n.saga WHERE n.standing = 0
        """)
    private static let causes = PostgresStatement(
        "service_causes",
        """
        SELECT convert_from(predicament, 'UTF8')::jsonb ->> 'cause', count(*) FROM progress
        WHERE stuck AND predicament IS NOT NULL GROUP BY 1
        """)

    /// How many notices there are of each standing that somebody may have to look at; those that were taken as evidence
    /// are not counted, since they are most of a table that only grows.
    public func noticeCounts() async throws(StoreError) -> [NoticeStanding: Int] {
        try await read { reader in
            var counts: [NoticeStanding: Int] = [:]
            for row in try reader.one(Self.standings).rows {
                counts[try NoticeStanding(storeCode: row.int64(0))] = Int(row.int64(1))
            }
            return counts
        }
    }

    /// How many sagas are stuck for each cause.
    public func stuckCounts() async throws(StoreError) -> [Predicament.Cause: Int] {
        try await read { reader in
            var counts: [Predicament.Cause: Int] = [:]
            for row in try reader.one(Self.causes).rows {
                guard let cause = Predicament.Cause(rawValue: row.text(0)) else { continue }
                counts[cause] = Int(row.int64(1))
            }
            return counts
        }
    }

    /// How the database stands to its anchor.
    public func anchorStanding() async throws(StoreError) -> AnchorStanding {
        guard let path = configuration.anchorPath else { return .unanchored }
        return try await read { reader in try Anchorage.standing(try reader.connection(), to: path) }
    }

    /// Runs a job on the tables beside the sagas that may write.
    public func write<Value: Sendable>(
        _ urgency: StoreJobClass, _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await tables.write(urgency, job)
    }

    /// Runs a job on the tables beside the sagas that only reads.
    public func read<Value: Sendable>(
        _ job: @escaping @Sendable (any TableConnection) throws -> Value
    ) async throws -> Value {
        try await tables.read(job)
    }
}
