import SagaEngine

/// A handler whose records count, violate or fail, some only after they have written.
struct TallyHandler: RecordHandler {
    let kind = "tally"

    struct Failure: Error {}

    /// Most of the time: what a handler reads and does not say is found out.
    func reads(_ record: Record) -> [(space: String, key: String)] {
        record.body == [0] ? [] : [(space: "tally", key: "n")]
    }

    func apply(_ record: Record, cause: RecordCause, to books: any RecordTransaction) throws {
        let old = try books.value(of: "n", in: "tally") ?? [0]
        try books.set([old[0] &+ 1], for: "n", in: "tally")
        try books.append(record.body, to: "tallies", key: "n", cause: cause)
        if record.body == [1] { throw RecordViolation(code: "tally.refused", message: "as asked") }
        if record.body == [2] { throw Failure() }
        // What was undone must not have been counted: the value itself decides now and then.
        if old[0] % 16 == 15, record.body == [3] { throw RecordViolation(code: "tally.odd", message: "as it stands") }
    }
}
