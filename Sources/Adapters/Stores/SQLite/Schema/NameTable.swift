internal import SagaEngine

/// The short numbers of names that many rows repeat: stages, sources, spaces and logs. Owned by one connection's
/// thread.
final class NameTable {
    /// The most names a database may hold: they come from flows and configuration, not from data.
    static let limit = 100_000

    private let connection: SQLiteConnection
    private var numbers: [ByteText: Int64] = [:]
    /// By number; numbers are given out from 1 on, and every row that is read asks for some.
    private var texts: [String?] = []
    /// The names asked for last, each in a place of its own bytes: a row has several, and hashing one takes longer.
    private var recent = [Recent](repeating: Recent(), count: placeCount)

    private struct Recent {
        var text = ""
        var number: Int64?
    }

    private static let placeCount = 64

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    /// The number of a name, which gets one when it has none. Call it outside any savepoint that may be rolled back.
    func intern(_ text: String) throws -> Int64 {
        if let known = try number(of: text) { return known }
        try connection.run("INSERT INTO name(text) VALUES(?)", .text(text))
        let number = connection.lastInsertedRowID
        guard number <= Self.limit else {
            throw StoreError(.misuse, "more than \(Self.limit) names of stages, sources and spaces")
        }
        remember(text, number)
        return number
    }

    /// The number of a name, or `nil` when it has none.
    func number(of text: String) throws -> Int64? {
        let place = Self.place(of: text)
        if let known = recent[place].number, recent[place].text.isSameBytes(as: text) { return known }
        if let known = numbers[ByteText(text)] {
            recent[place] = Recent(text: text, number: known)
            return known
        }
        let found = try connection.firstRow("SELECT number FROM name WHERE text = ?", .text(text)) { $0.int64(0) }
        if let found { remember(text, found) }
        return found
    }

    /// The name with a number.
    func text(of number: Int64) throws -> String {
        if number >= 0, number < texts.count, let known = texts[Int(number)] { return known }
        let found = try connection.firstRow("SELECT text FROM name WHERE number = ?", .integer(number)) { $0.text(0) }
        guard let found else { throw StoreError(.corrupt, "a row refers to name \(number), which does not exist") }
        remember(found, number)
        return found
    }

    /// Forgets what it knows, because a transaction that may have made names was rolled back.
    func forget() {
        numbers.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        for place in recent.indices { recent[place].number = nil }
    }

    /// Where a name stands among the last ones: names of one flow rarely share first byte, last byte and length.
    private static func place(of text: String) -> Int {
        text.withBytes { bytes in
            guard let first = bytes.first, let last = bytes.last else { return 0 }
            return (Int(first) &* 31 &+ Int(last) &* 7 &+ bytes.count) % placeCount
        }
    }

    private func remember(_ text: String, _ number: Int64) {
        numbers[ByteText(text)] = number
        // A number beyond the limit is one that nobody may have: it is looked up each time.
        guard 0...Int64(Self.limit) ~= number else { return }
        if number >= texts.count {
            texts.append(contentsOf: repeatElement(nil, count: Int(number) + 1 - texts.count))
        }
        texts[Int(number)] = text
    }
}

/// The short numbers of flows with their versions. Owned by one connection's thread.
final class FlowTable {
    private let connection: SQLiteConnection
    private var numbers: [FlowID: Int64] = [:]
    private var flows: [Int64: FlowID] = [:]

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    /// The number of a flow, which gets one when it has none. Call it outside any savepoint that may be rolled back.
    func intern(_ flow: FlowID) throws -> Int64 {
        if let known = try number(of: flow) { return known }
        try connection.run(
            "INSERT INTO flow(name, version) VALUES(?, ?)", .text(flow.name), .integer(Int64(flow.version)))
        let number = connection.lastInsertedRowID
        remember(flow, number)
        return number
    }

    /// The number of a flow, or `nil` when no saga was ever started under it.
    func number(of flow: FlowID) throws -> Int64? {
        if let known = numbers[flow] { return known }
        let found = try connection.firstRow(
            "SELECT number FROM flow WHERE name = ? AND version = ?", .text(flow.name), .integer(Int64(flow.version))
        ) { $0.int64(0) }
        if let found { remember(flow, found) }
        return found
    }

    /// The flow with a number.
    func flow(_ number: Int64) throws -> FlowID {
        if let known = flows[number] { return known }
        let found = try connection.firstRow("SELECT name, version FROM flow WHERE number = ?", .integer(number)) {
            FlowID(name: $0.text(0), version: Int($0.int64(1)))
        }
        guard let found else { throw StoreError(.corrupt, "a saga refers to flow \(number), which does not exist") }
        remember(found, number)
        return found
    }

    /// Forgets what it knows, because a transaction that may have made flows was rolled back.
    func forget() {
        numbers.removeAll(keepingCapacity: true)
        flows.removeAll(keepingCapacity: true)
    }

    private func remember(_ flow: FlowID, _ number: Int64) {
        numbers[flow] = number
        flows[number] = flow
    }
}
