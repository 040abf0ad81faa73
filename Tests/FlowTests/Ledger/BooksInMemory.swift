import SagaEngine

/// The books of one transaction after another, each undone whole when a handler throws.
final class BooksInMemory: RecordTransaction {
    private var values: [String: [UInt8]] = [:]
    private(set) var lines: [(log: String, key: String)] = []

    func value(of key: String, in space: String) -> [UInt8]? { values["\(space)|\(key)"] }
    func set(_ value: [UInt8], for key: String, in space: String) { values["\(space)|\(key)"] = value }
    func append(_ body: [UInt8], to log: String, key: String, cause: RecordCause) { lines.append((log, key)) }

    func transact(_ body: (BooksInMemory) throws -> Void) throws {
        let before = (values, lines)
        do {
            try body(self)
        } catch {
            (values, lines) = before
            throw error
        }
    }
}
