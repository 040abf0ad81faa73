/// What one transaction wrote, as the statements and parameters that were sent: to be sent again to a fresh schema
/// without an engine, for measurements.
///
/// Only what writes is there, in its plainest form: no guards, claims by the numbers that were claimed, notices under
/// the numbers that they were given.
public struct PostgresScript: Sendable {
    let calls: [PostgresConnection.Call]
    /// How many operations of the port it carries out.
    public let operations: Int

    /// Describes what a batch wrote, from what was sent and answered.
    init(
        _ calls: [PostgresConnection.Call], _ answers: some Collection<PostgresResult>, operations: Int,
        transaction: Int64
    ) {
        self.calls = zip(calls, answers).compactMap { Self.plain($0, $1, transaction) }
        self.operations = operations
    }

    private init(_ calls: [PostgresConnection.Call], operations: Int) {
        self.calls = calls
        self.operations = operations
    }

    /// Transactions one after the other as fewer, each of at least so many operations.
    public static func merged(_ scripts: [PostgresScript], to operations: Int) -> [PostgresScript] {
        var merged: [PostgresScript] = []
        var calls: [PostgresConnection.Call] = []
        var count = 0
        for (index, script) in scripts.enumerated() {
            calls += script.calls
            count += script.operations
            guard count >= operations || index == scripts.count - 1 else { continue }
            merged.append(PostgresScript(calls, operations: count))
            calls = []
            count = 0
        }
        return merged
    }

    private static let take = PostgresStatement(
        "raw_take",
        """
        UPDATE progress p SET holder = $3::bigint, fence = u.fence, ready = NULL, wake = NULL, sleep = 0,
            stirred = false
        FROM (SELECT unnest($1::bigint[]) AS number, unnest($2::bigint[]) AS fence) AS u WHERE p.number = u.number
        """)
    private static let advance = unguarded(Change.advance)
    private static let queue = unguarded(Change.queue)
    private static let end = unguarded(Change.end)

    /// The same for whatever version a row has: it is another one here.
    private static func unguarded(_ statement: PostgresStatement) -> PostgresStatement {
        PostgresStatement(
            "raw_" + statement.name, statement.sql.replacing(" AND p.xmin = u.version::integer", with: ""))
    }

    private static func plain(
        _ call: PostgresConnection.Call, _ answer: PostgresResult, _ transaction: Int64
    ) -> PostgresConnection.Call? {
        var statement = call.statement
        var parameters = call.parameters
        switch statement.name {
        case Change.unseen.name, Change.unchanged.name, Change.unwritten.name: return nil
        case Claiming.take.name:
            let rows = Array(answer.rows)
            parameters = [
                .numbers(rows.map { $0.int64(0) }), .numbers(rows.map { $0.int64(BatchSaga.fenceColumn) }),
                parameters[2],
            ]
            statement = take
        case Change.notices.name:
            parameters.removeLast(2)
            parameters.append(.numbers(answer.rows.map { $0.int64(0) }))
            statement = Change.numberedNotices
        case Change.expectations.name:
            parameters.removeLast(2)
            statement = Change.plainExpectations
        case Change.lines.name:
            // The transaction of the replay may hold what several have written.
            guard case .bigint(let base) = parameters.removeLast(), case .array(let places) = parameters[0] else {
                return nil
            }
            let first = (base + transaction) << BatchWriting.placeBits
            parameters[0] = .numbers((0..<Int64(places.count)).map { first + $0 })
            statement = Change.numberedLines
        case Change.advance.name: statement = advance
        case Change.queue.name: statement = queue
        case Change.end.name: statement = end
        default: break
        }
        return PostgresConnection.Call(statement, all: parameters.map(\.asSent))
    }
}
