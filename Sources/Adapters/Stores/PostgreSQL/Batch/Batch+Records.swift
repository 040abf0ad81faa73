internal import SagaEngine

/// The door through which record handlers reach the books of a batch.
///
/// What they write is kept here until all of them have agreed, so one that refuses leaves nothing to be undone; what
/// they read is what they have written already, then what the batch has, and the books otherwise.
final class BatchBooks: RecordTransaction {
    private let batch: Batch
    private var values: [(key: BookKey, bytes: [UInt8])] = []
    private var lines: [BatchChanges.Line] = []
    /// What could not be answered; a handler that hides it must not make the append look whole.
    private(set) var failure: (any Error)?

    fileprivate init(_ batch: Batch) {
        self.batch = batch
    }

    func value(of key: String, in space: String) throws -> [UInt8]? {
        try noting { () throws(FactMissing) in
            let key = BookKey(space: try batch.number(of: space), key: ByteText(key))
            if let own = values.last(where: { $0.key == key }) { return own.bytes }
            return try batch.value(key)?.bytes
        }
    }

    func set(_ value: [UInt8], for key: String, in space: String) throws {
        try noting { () throws(FactMissing) in
            let key = BookKey(space: try batch.number(of: space), key: ByteText(key))
            // How often it was written before is what tells later whether somebody else wrote it meanwhile.
            _ = try batch.value(key)
            values.append((key, value))
        }
    }

    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) throws {
        try noting { () throws(FactMissing) in
            lines.append(
                BatchChanges.Line(
                    log: try batch.number(of: log), key: key, cause: cause,
                    stage: try batch.number(of: cause.stage.rawValue), body: body))
        }
    }

    /// Makes what the handlers have put down part of the batch.
    func write() {
        for (key, bytes) in values { batch.set(bytes, for: key) }
        batch.changes.lines += lines
    }

    private func noting<Value>(_ body: () throws(FactMissing) -> Value) throws(FactMissing) -> Value {
        do throws(FactMissing) {
            return try body()
        } catch {
            failure = failure ?? error
            throw error
        }
    }
}

extension Batch {
    /// Gives each record to its handler; what they want to write does not count yet.
    func post(_ records: [CausedRecord]) throws -> BatchBooks {
        let books = BatchBooks(self)
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

    private func post(_ caused: CausedRecord, to books: BatchBooks) throws {
        let kind = caused.record.kind
        guard let handler = handlers[kind] else {
            throw Self.violation("books.unknown_record", "no handler is registered for records of kind \(kind)")
        }
        do {
            try handler.apply(caused.record, cause: caused.cause, to: books)
        } catch let violation as RecordViolation {
            throw OperationRefused(result: .violated(violation))
        } catch let missing as FactMissing {
            throw missing
        } catch let error as StoreError {
            throw error
        } catch {
            throw Self.violation("books.failed", "the handler of \(kind) failed: \(type(of: error))")
        }
    }

    private static func violation(_ code: String, _ message: String) -> OperationRefused {
        OperationRefused(result: .violated(RecordViolation(code: code, message: message)))
    }

    fileprivate func value(_ key: BookKey) throws(FactMissing) -> BatchFacts.Value? {
        if let here = changes.values[key] { return here }
        guard let known = facts.values[key] else {
            needs.values.insert(key)
            throw FactMissing()
        }
        return known
    }

    fileprivate func set(_ bytes: [UInt8], for key: BookKey) {
        let before = changes.values[key]?.version ?? (facts.values[key] ?? nil)?.version ?? 0
        changes.values[key] = BatchFacts.Value(bytes: bytes, version: before)
    }
}
