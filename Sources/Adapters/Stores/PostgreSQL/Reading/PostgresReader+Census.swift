internal import SagaEngine

// How many sagas stand where, and what they have at stake.
extension PostgresReader {
    private static let completed = SagaStatus.completed.storeCode
    private static let live = PostgresStatement(
        "census_live", "SELECT status, count(*) FROM progress GROUP BY status")
    /// How many sagas have ended: children as their parents' counters say, and roots, of which there are few.
    private static let ended = PostgresStatement(
        "census_ended",
        """
        SELECT (SELECT coalesce(sum(ended), 0) FROM child_end)::bigint
            + (SELECT count(*) FROM saga s JOIN finished f ON f.number = s.number WHERE s.parent IS NULL)
        """)
    /// Those that did not end as meant: few, and in an index of their own.
    private static let otherwise = PostgresStatement(
        "census_otherwise",
        """
        SELECT status, count(*) FROM finished
        WHERE status <> \(completed) AND (status <> \(completed) OR exposures IS NOT NULL) GROUP BY status
        """)
    private static let staked = PostgresStatement(
        "census_staked",
        """
        SELECT exposures FROM progress WHERE exposures IS NOT NULL
        UNION ALL SELECT exposures FROM finished
        WHERE exposures IS NOT NULL AND (status <> \(completed) OR exposures IS NOT NULL)
        """)

    /// What a census of all sagas asks, in its order.
    static let ofAll = [live, ended, otherwise, staked]

    func census(under root: SagaID?) throws -> SagaCensus {
        guard let root else { return try census() }
        var conditions = Conditions()
        conditions.add(under: root, column: "s.id")
        func union(_ columns: String, _ more: String) -> String {
            ["progress", "finished"].map { table in
                "SELECT \(columns) FROM \(table) t JOIN saga s ON s.number = t.number\(conditions.clause) AND \(more)"
            }.joined(separator: " UNION ALL ")
        }
        let counted = Self.statement(
            "SELECT status, count(*) FROM (\(union("t.status", "true"))) AS u GROUP BY status")
        let staked = Self.statement(union("t.exposures", "t.exposures IS NOT NULL"))
        let answers = try together([
            PostgresConnection.Call(counted, all: conditions.parameters),
            PostgresConnection.Call(staked, all: conditions.parameters),
        ])
        let first = answers.startIndex
        return SagaCensus(counts: try counts(answers[first]), exposures: try exposures(answers[first + 1]))
    }

    /// Of all sagas there are, without a look at those that have ended as meant: they are most of what there is, and a
    /// page of metrics asks every few seconds.
    private func census() throws -> SagaCensus {
        let answers = try together(Self.ofAll.map { PostgresConnection.Call($0) })
        let first = answers.startIndex
        var counts = try counts(answers[first])
        let otherwise = try self.counts(answers[first + 2])
        counts.merge(otherwise) { $0 + $1 }
        let asMeant = Int(answers[first + 1].first?.int64(0) ?? 0) - otherwise.values.reduce(0, +)
        if asMeant > 0 { counts[.completed] = asMeant }
        return SagaCensus(counts: counts, exposures: try exposures(answers[first + 3]))
    }

    private func counts(_ answer: PostgresResult) throws -> [SagaStatus: Int] {
        var counts: [SagaStatus: Int] = [:]
        for row in answer.rows { counts[try SagaStatus(storeCode: row.int64(0))] = Int(row.int64(1)) }
        return counts
    }

    private func exposures(_ answer: PostgresResult) throws -> [Exposure] {
        var totals: [ByteText: (amount: Int128, decimals: Int)] = [:]
        for row in answer.rows {
            for exposure in try row.withBytes(0, { try ExposureText.read($0) }) {
                totals[ByteText(exposure.asset), default: (0, exposure.decimals)].amount += exposure.amount
            }
        }
        return totals.sorted { $0.key < $1.key }
            .map { Exposure(asset: $0.key.rawValue, amount: $0.value.amount, decimals: $0.value.decimals) }
    }
}
