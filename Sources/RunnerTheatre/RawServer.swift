internal import CPostgreSQL

/// A connection to a PostgreSQL server past our own store, to look at it and to trouble it.
package final class RawServer {
    private let handle: OpaquePointer

    package init(url: String) throws {
        guard let handle = PQconnectdb(url) else { throw TheatreFailure("libpq has no memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            // What has been made so far is undone by deinit.
            throw TheatreFailure("no connection to PostgreSQL: \(String(cString: PQerrorMessage(handle)))")
        }
    }

    deinit { PQfinish(handle) }

    /// The rows of a query as texts.
    @discardableResult
    package func rows(_ sql: String) throws -> [[String]] {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
        default: throw TheatreFailure("\(String(cString: PQerrorMessage(handle))) at: \(sql.prefix(200))")
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { String(cString: PQgetvalue(result, row, $0)) }
        }
    }
}
