internal import SagaEngine

/// The door through which record handlers reach the books inside an operation.
final class BookTransaction: RecordTransaction {
    private let connection: SQLiteConnection
    private let names: NameTable
    /// What the database refused; a handler that hides it must not make the batch look whole.
    private(set) var failure: SQLiteError?

    init(_ connection: SQLiteConnection, _ names: NameTable) {
        self.connection = connection
        self.names = names
    }

    func value(of key: String, in space: String) throws -> [UInt8]? {
        try noting {
            guard let space = try names.number(of: space) else { return nil }
            return try connection.firstRow(
                "SELECT value FROM book_value WHERE space = ? AND key = ?", .integer(space), .text(key)
            ) { $0.blob(0) }
        }
    }

    func set(_ value: [UInt8], for key: String, in space: String) throws {
        try noting {
            try connection.run(
                """
                INSERT INTO book_value VALUES(?, ?, ?) ON CONFLICT(space, key) DO UPDATE SET value = excluded.value
                """, .integer(try names.intern(space)), .text(key), .blob(value))
        }
    }

    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) throws {
        try noting {
            try connection.run(
                "INSERT INTO book_log(log, key, saga, stage, at, body) VALUES(?, ?, ?, ?, ?, ?)",
                .integer(try names.intern(log)), .text(key), .text(cause.saga.rawValue),
                .integer(try names.intern(cause.stage.rawValue)), .integer(cause.at.milliseconds), .blob(body))
        }
    }

    @discardableResult
    private func noting<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as SQLiteError {
            failure = failure ?? error
            throw error
        }
    }
}

extension SQLiteWriter {
    /// Gives each record to its handler.
    func post(_ records: [CausedRecord], of saga: WritableSaga) throws {
        guard !records.isEmpty else { return }
        let books = BookTransaction(connection, names)
        for caused in records {
            do {
                try post(caused, to: books)
            } catch {
                throw books.failure ?? error
            }
            if let failure = books.failure { throw failure }
        }
    }

    private func post(_ caused: CausedRecord, to books: BookTransaction) throws {
        let kind = caused.record.kind
        guard let handler = handlers[kind] else {
            let message = "no handler is registered for records of kind \(kind)"
            throw OperationRefused(result: .violated(RecordViolation(code: "books.unknown_record", message: message)))
        }
        do {
            try handler.apply(caused.record, cause: caused.cause, to: books)
        } catch let violation as RecordViolation {
            throw OperationRefused(result: .violated(violation))
        } catch let error as StoreError {
            throw error
        } catch {
            let message = "the handler of \(kind) failed: \(type(of: error))"
            throw OperationRefused(result: .violated(RecordViolation(code: "books.failed", message: message)))
        }
    }
}
