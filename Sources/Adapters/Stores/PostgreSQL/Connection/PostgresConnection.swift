internal import CPostgreSQL
internal import Foundation

/// A statement that is prepared on a connection the first time it is used there.
struct PostgresStatement: Sendable {
    /// Our name for it, one for each text.
    let name: String
    let sql: String

    init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// One connection to a PostgreSQL server, for one thread.
///
/// Statements go in pipelines: several are sent together, and the answers read together, in one round trip.
final class PostgresConnection {
    /// One statement of a pipeline with its parameters.
    struct Call: Sendable {
        let statement: PostgresStatement
        let parameters: [PostgresParameter]

        init(_ statement: PostgresStatement, _ parameters: PostgresParameter...) {
            self.statement = statement
            self.parameters = parameters
        }

        init(_ statement: PostgresStatement, all parameters: [PostgresParameter]) {
            self.statement = statement
            self.parameters = parameters
        }
    }

    private let handle: OpaquePointer
    /// What the server calls the statements that it has, by our names for them: its names are cut at 63 bytes.
    private var prepared: [String: String] = [:]
    /// The server process on the other end.
    let backend: Int32

    /// Connects.
    ///
    /// - Parameters:
    ///   - url: A URL or key-value string as libpq takes it; a password is better given by `PGPASSFILE`.
    ///   - application: What the server's views and log call the connection.
    /// - Throws: ``PostgresError`` when there is no way to the server.
    init(url: String, application: String) throws(PostgresError) {
        // What stands before the URL it may say otherwise. A server gone without a word is noticed in ten seconds.
        let keys = [
            "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname",
            "fallback_application_name", "connect_timeout", "client_encoding",
        ]
        let values = ["4", "2", "3", "10000", url, application, "10", "UTF8"]
        guard let handle = Self.connect(keys, values) else {
            throw PostgresError(.resources, "libpq has no memory for a connection")
        }
        self.handle = handle
        // The server's notices, such as that it is stopping, would go to standard error as they are.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        backend = PQbackendPID(handle)
        guard PQstatus(handle) == CONNECTION_OK else {
            // libpq's text names host and reason, never the password.
            throw PostgresError(.connection, "cannot connect: \(Self.line(PQerrorMessage(handle)))")
        }
    }

    deinit {
        PQfinish(handle)
    }

    /// Whether the connection still stands, as far as libpq knows.
    var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool {
        switch PQtransactionStatus(handle) {
        case PQTRANS_INTRANS, PQTRANS_INERROR, PQTRANS_ACTIVE: true
        default: false
        }
    }

    /// Whether a transaction is open in which a statement has failed: nothing but a rollback is left to it.
    var hasTransactionFailed: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }

    /// The socket, for whoever waits until something can be read.
    var socket: Int32 { PQsocket(handle) }

    /// Runs statements without parameters or answers, as one simple query: one transaction unless they say otherwise.
    func execute(_ script: String) throws(PostgresError) {
        guard let result = PQexec(handle, script) else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw failure(of: result)
        }
    }

    /// Runs one statement.
    @discardableResult
    func run(_ statement: PostgresStatement, _ parameters: PostgresParameter...) throws(PostgresError) -> PostgresResult
    {
        try run(Call(statement, all: parameters))
    }

    /// Runs one statement.
    func run(_ call: Call) throws(PostgresError) -> PostgresResult {
        let name = try prepare(call.statement)
        let result = Self.lend(call.parameters) { count, values, lengths, formats in
            PQexecPrepared(handle, name, count, values, lengths, formats, 1)
        }
        return try checked(result)
    }

    /// Sends statements together and reads their answers together: one round trip.
    ///
    /// - Throws: the first failure; the statements after it were not run. An open transaction is then to be rolled
    /// back.
    func pipeline(_ calls: [Call]) throws(PostgresError) -> [PostgresResult] {
        try send(calls, names: try names(of: calls))
        return try receive(calls.count)
    }

    /// What the server calls the statements; they are prepared where they are not.
    func names(of calls: [Call]) throws(PostgresError) -> [String] {
        var names: [String] = []
        names.reserveCapacity(calls.count)
        for call in calls { names.append(try prepare(call.statement)) }
        return names
    }

    /// Sends statements together; their answers are to be received before anything else is sent.
    func send(_ calls: [Call], names: [String]) throws(PostgresError) {
        guard PQpipelineStatus(handle) == PQ_PIPELINE_OFF else {
            throw PostgresError(.connection, "answers to what was sent before have not been read")
        }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        var sent = true
        for (call, name) in zip(calls, names) where sent {
            sent = Self.lend(call.parameters) { count, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1) == 1
            }
        }
        guard sent, PQpipelineSync(handle) == 1 else { throw lost() }
    }

    /// Whether an answer has begun to come, or the connection is gone.
    var isReadable: Bool {
        var byte: UInt8 = 0
        return recv(PQsocket(handle), &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) >= 0
            || errno != EAGAIN
    }

    /// Whether the server has ended the connection while nothing was asked on it, as a server that stops does. What it
    /// has sent by itself is read.
    func hasEnded() -> Bool {
        while isAlive, isReadable {
            guard PQconsumeInput(handle) == 1 else { return true }
        }
        return !isAlive
    }

    /// Receives the answers to statements that were sent together.
    ///
    /// - Throws: as ``pipeline(_:)``.
    func receive(_ count: Int) throws(PostgresError) -> [PostgresResult] {
        var results: [PostgresResult] = []
        results.reserveCapacity(count)
        var failure: PostgresError?
        for place in 0..<count {
            do {
                results.append(try checked(PQgetResult(handle)))
            } catch {
                if failure == nil {
                    failure = error
                    failure?.place = place
                }
                if error.kind == .connection { throw error }
            }
            // The end of this statement's answers.
            if let rest = PQgetResult(handle) { PQclear(rest) }
        }
        guard let sync = PQgetResult(handle) else { throw failure ?? lost() }
        PQclear(sync)
        guard PQexitPipelineMode(handle) == 1 else { throw failure ?? lost() }
        if let failure { throw failure }
        return results
    }

    /// The notifications that have come in; reads what the socket has, without waiting.
    func notifications() throws(PostgresError) -> Int {
        guard PQconsumeInput(handle) == 1 else { throw lost() }
        var count = 0
        while let notification = PQnotifies(handle) {
            PQfreemem(notification)
            count += 1
        }
        return count
    }

    // MARK: - Within

    private func prepare(_ statement: PostgresStatement) throws(PostgresError) -> String {
        if let known = prepared[statement.name] { return known }
        let name = "s\(prepared.count)"
        _ = try checked(PQprepare(handle, name, statement.sql, 0, nil))
        prepared[statement.name] = name
        return name
    }

    private func checked(_ result: OpaquePointer?) throws(PostgresError) -> PostgresResult {
        guard let result else { throw lost() }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return PostgresResult(result)
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            throw PostgresError(.other, "a statement before it failed")
        default:
            defer { PQclear(result) }
            throw failure(of: result)
        }
    }

    private func failure(of result: OpaquePointer) -> PostgresError {
        let state = PQresultErrorField(result, 67).map { String(cString: $0) } ?? ""
        // What has no state comes from libpq itself, which could not send or receive: its word that the connection
        // stands says that it has not tried to read from it since.
        guard !state.isEmpty else { return lost() }
        let message = PQresultErrorField(result, 77).map { Self.line($0) } ?? Self.line(PQerrorMessage(handle))
        return PostgresError(state: state, message: message)
    }

    private func lost() -> PostgresError {
        PostgresError(.connection, "the connection was lost: \(Self.line(PQerrorMessage(handle)))")
    }

    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "" }
        return String(cString: message).split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }

    private static func connect(_ keys: [String], _ values: [String]) -> OpaquePointer? {
        withCStrings(keys) { keys in
            withCStrings(values) { values in PQconnectdbParams(keys, values, 1) }
        }
    }

    /// Lends texts as C strings in an array that ends with NULL.
    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let copies = texts.map { Array($0.utf8CString) }
        return lend(copies[...], []) { pointers in
            (pointers + [nil]).withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { preconditionFailure("an array of one is never empty") }
                return body(base)
            }
        }
    }

    private static func lend<Value>(
        _ rest: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?],
        _ body: ([UnsafePointer<CChar>?]) -> Value
    ) -> Value {
        guard let first = rest.first else { return body(pointers) }
        return first.withUnsafeBufferPointer { lend(rest.dropFirst(), pointers + [$0.baseAddress], body) }
    }

    /// Lends encoded parameters to libpq: all of them in one memory, in binary.
    private static func lend<Value>(
        _ parameters: [PostgresParameter],
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        guard !parameters.isEmpty else { return body(0, nil, nil, nil) }
        var lengths: [Int32] = []
        // An empty value needs an address too: NULL is what has none.
        var memory: [UInt8] = []
        memory.reserveCapacity(parameters.reduce(1) { $0 + $1.encodedCount })
        memory.append(0)
        var offsets: [Int?] = []
        for parameter in parameters {
            let start = memory.count
            parameter.encode(into: &memory)
            let count = memory.count - start
            offsets.append(parameter.isNull ? nil : start - (count == 0 ? 1 : 0))
            lengths.append(Int32(count))
        }
        let formats = [Int32](repeating: 1, count: parameters.count)
        return memory.withUnsafeBytes { memory in
            let base = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { values in
                body(Int32(parameters.count), values.baseAddress, lengths, formats)
            }
        }
    }
}
