internal import SagaEngine

/// The door through which record handlers reach the books inside an operation.
///
/// What they write is kept here until all of them have agreed, so one that refuses leaves nothing to be undone; what
/// they read is what they have written already, and the books otherwise.
final class BookTransaction: RecordTransaction {
    private struct Value {
        let space: String
        let key: String
        let bytes: [UInt8]
    }

    private struct Line {
        let log: String
        let key: String
        let cause: RecordCause
        let body: [UInt8]
    }

    private let statements: WriterStatements
    private let names: NameTable
    private var values: [Value] = []
    private var lines: [Line] = []
    /// What the database refused; a handler that hides it must not make the batch look whole.
    private(set) var failure: (any Error)?

    init(_ statements: WriterStatements, _ names: NameTable) {
        self.statements = statements
        self.names = names
    }

    func value(of key: String, in space: String) throws -> [UInt8]? {
        // From the end: a later value stands for an earlier one. There are a handful. The database compares bytes.
        let own = values.last { $0.key.utf8.elementsEqual(key.utf8) && $0.space.utf8.elementsEqual(space.utf8) }
        if let own { return own.bytes }
        do {
            return try stored(key, in: space)
        } catch {
            failure = failure ?? error
            throw error
        }
    }

    func set(_ value: [UInt8], for key: String, in space: String) {
        values.append(Value(space: space, key: key, bytes: value))
    }

    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) {
        lines.append(Line(log: log, key: key, cause: cause, body: body))
    }

    /// Writes what the handlers have put down.
    func write() throws {
        for value in values {
            let set = statements.setValue
            try set.bind(1, try names.intern(value.space))
            try set.bind(2, value.key)
            try set.bind(3, value.bytes)
            try set.run()
        }
        for line in lines {
            let add = statements.addLine
            try add.bind(1, try names.intern(line.log))
            try add.bind(2, line.key)
            try add.bind(3, line.cause.saga.rawValue)
            try add.bind(4, try names.intern(line.cause.stage.rawValue))
            try add.bind(5, line.cause.at.milliseconds)
            try add.bind(6, line.body)
            try add.run()
        }
    }

    private func stored(_ key: String, in space: String) throws -> [UInt8]? {
        guard let space = try names.number(of: space) else { return nil }
        let find = statements.findValue
        try find.bind(1, space)
        try find.bind(2, key)
        defer { find.reset() }
        return try find.step() ? find.blob(0) : nil
    }
}

extension SQLiteWriter {
    /// Gives each record to its handler; what they want to write is still to be written.
    func post(_ records: [CausedRecord]) throws -> BookTransaction {
        let books = BookTransaction(statements, names)
        for caused in records {
            do {
                try post(caused, to: books)
            } catch {
                throw books.failure ?? error
            }
            if let failure = books.failure { throw failure }
        }
        return books
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
