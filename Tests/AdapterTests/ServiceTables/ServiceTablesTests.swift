import Adapters
import SagaEngine
import SagaTestKit
import Testing

/// What a daemon remembers in its tables, on every kind of database.
@Suite struct ServiceTablesTests {
    @Test(arguments: TableKind.here)
    func `a repetition is answered as before, and a key that was used otherwise is a conflict`(
        in kind: TableKind
    ) async throws {
        try await kind.use { tables in
            let book = AnswerBook(in: tables, clock: SimulatedClock())
            let question = AnswerBook.Question(actor: "ada", key: "k", route: "POST /a", body: [1, 0, 255])
            #expect(try await book.recall(question) == .unknown)
            try await book.keep(question, status: 201, body: [])
            #expect(try await book.recall(question) == .answered(status: 201, body: []))
            for (route, body) in [("POST /b", [1, 0, 255]), ("POST /a", [1, 0])] as [(String, [UInt8])] {
                let other = AnswerBook.Question(actor: "ada", key: "k", route: route, body: body)
                #expect(try await book.recall(other) == .conflict)
            }
            let others = AnswerBook.Question(actor: "bob", key: "k", route: "POST /a", body: [1, 0, 255])
            #expect(try await book.recall(others) == .unknown, "keys of different actors never meet")
            try await book.keep(question, status: 200, body: [7])
            #expect(try await book.recall(question) == .answered(status: 200, body: [7]))
        }
    }

    @Test(arguments: TableKind.here)
    func `an answer is forgotten after a day, and one that is too large is never kept`(in kind: TableKind) async throws
    {
        try await kind.use { tables in
            let clock = SimulatedClock()
            let book = AnswerBook(in: tables, clock: clock)
            func question(_ key: String) -> AnswerBook.Question {
                AnswerBook.Question(actor: "ada", key: key, route: "POST /a", body: [])
            }
            for number in 0..<120 { try await book.keep(question("\(number)"), status: 200, body: []) }
            try await book.keep(
                question("large"), status: 200, body: Array(repeating: 0, count: AnswerBook.largestAnswer + 1))
            #expect(try await book.recall(question("large")) == .unknown)
            clock.advance(by: AnswerBook.retention)
            #expect(try await book.recall(question("0")) == .unknown)
            // A hundred of the oldest go with each that comes.
            for (key, left) in [("a", 21), ("b", 2)] as [(String, Int64)] {
                try await book.keep(question(key), status: 200, body: [])
                let count = try await tables.read { connection in
                    try connection.firstRow("SELECT count(*) FROM service_answer") { $0.int64(0) }
                }
                #expect(count == left)
            }
        }
    }

    @Test(arguments: TableKind.here)
    func `a document is kept once, under its own digest, with the name it came with first`(
        in kind: TableKind
    ) async throws {
        try await kind.use { tables in
            let cabinet = EvidenceCabinet(in: tables, clock: SimulatedClock())
            let content = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
            let digest = try await cabinet.keep(content, name: "statement.pdf", by: "ada")
            #expect(digest == SHA256Digest().hex(content))
            #expect(try await cabinet.keep(content, name: "other.pdf", by: "bob") == digest)
            let document = try #require(try await cabinet.document(digest))
            #expect(document.name == "statement.pdf")
            #expect(document.content == content)
            #expect(try await cabinet.document("00") == nil)
        }
    }

    @Test(arguments: TableKind.here)
    func `notes are found by their names and by what these begin with`(in kind: TableKind) async throws {
        try await kind.use { tables in
            let notes = ServiceNotes(in: tables)
            #expect(try await notes.note("switch.bank") == nil)
            for (name, value) in [("switch.bank", "off"), ("switch.bank", "on"), ("switch_", "x"), ("outbox", "7")] {
                try await notes.set(name, to: value)
            }
            #expect(try await notes.note("switch.bank") == "on")
            #expect(try await notes.notes(from: "switch.") == ["switch.bank": "on"])
            #expect(try await notes.notes(from: "").count == 3)
        }
    }
}
