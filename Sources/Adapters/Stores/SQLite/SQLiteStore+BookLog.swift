public import SagaEngine

extension SQLiteStore {
    /// The lines of a log under a key and everything below it (`KEY` and `KEY/…`), in order of keys, then of time.
    public func bookLines(
        of log: String, under key: String, after place: BookPlace = .beginning, limit: Int
    ) async throws(StoreError) -> [BookLine] {
        try await runOnReader { reader in
            guard let log = try reader.names.number(of: log) else { return [] }
            var lines: [BookLine] = []
            try reader.connection.forEachRow(
                """
                SELECT number, key, saga, stage, at, body FROM book_log
                WHERE log = ?1 AND (key = ?2 OR (key >= ?2 || '/' AND key < ?2 || '0')) AND (key, number) > (?3, ?4)
                ORDER BY key, number LIMIT ?5
                """, .integer(log), .text(key), .text(place.key), .integer(place.number),
                .integer(Int64(max(0, limit)))
            ) { row in
                let cause = RecordCause(
                    saga: try SagaID(stored: row.text(2)),
                    stage: StageName(rawValue: try reader.names.text(of: row.int64(3))),
                    at: Timestamp(milliseconds: row.int64(4)))
                lines.append(BookLine(number: row.int64(0), key: row.text(1), body: row.blob(5), cause: cause))
            }
            return lines
        }
    }

    /// How many notices there are of each standing.
    public func noticeCounts() async throws(StoreError) -> [NoticeStanding: Int] {
        try await runOnReader { reader in
            var counts: [NoticeStanding: Int] = [:]
            try reader.connection.forEachRow("SELECT standing, count(*) FROM notice GROUP BY standing") { row in
                let standing = try NoticeStanding(storeCode: row.int64(0))
                counts[standing] = Int(row.int64(1))
            }
            return counts
        }
    }

    /// How many sagas are stuck for each cause.
    public func stuckCounts() async throws(StoreError) -> [Predicament.Cause: Int] {
        try await runOnReader { reader in
            var counts: [Predicament.Cause: Int] = [:]
            try reader.connection.forEachRow(
                """
                SELECT CAST(predicament AS TEXT) ->> '$.cause', count(*) FROM progress
                WHERE status = 3 GROUP BY 1
                """
            ) { row in
                guard !row.isNull(0), let cause = Predicament.Cause(rawValue: row.text(0)) else { return }
                counts[cause] = Int(row.int64(1))
            }
            return counts
        }
    }
}
