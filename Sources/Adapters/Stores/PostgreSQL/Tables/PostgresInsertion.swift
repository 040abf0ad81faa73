/// Gathers rows as columns and sends them many at a time, as arrays that the server takes apart.
final class PostgresInsertion: TableInsertion {
    /// How many rows are sent at a time.
    static let pageRows = 1_000

    private let connection: PostgresConnection
    private let table: String
    private let names: [String]
    private var columns: [PostgresArray?]
    private var rows: Int32 = 0

    /// Gathers rows for a table.
    init(into table: String, _ names: [String], on connection: PostgresConnection) {
        self.connection = connection
        self.table = table
        self.names = names
        columns = Array(repeating: nil, count: names.count)
    }

    func bind(_ index: Int32, _ value: Int64) throws {
        append(to: index, .bigint) { $0.append(value) }
    }

    func bind(_ index: Int32, _ value: String) throws {
        append(to: index, .text) { $0.append(value) }
    }

    func bind(_ index: Int32, _ value: [UInt8]) throws {
        append(to: index, .bytea) { $0.append(value) }
    }

    func add() throws {
        rows += 1
        precondition(columns.allSatisfy { $0?.count == rows }, "each column of a row is bound once")
        if rows == Int32(Self.pageRows) { try flush() }
    }

    /// Sends the rows that were gathered.
    func flush() throws(PostgresError) {
        guard rows > 0 else { return }
        let arrays = columns.compactMap { $0 }
        let places = arrays.enumerated().map { "$\($0 + 1)::\($1.element)[]" }
        let sql =
            "INSERT INTO \(table)(\(names.joined(separator: ", "))) SELECT * FROM unnest(\(places.joined(separator: ", ")))"
        _ = try connection.run(.init(PostgresStatement(sql, sql), all: arrays.map(PostgresParameter.array)))
        for index in columns.indices { columns[index] = nil }
        rows = 0
    }

    private func append(to index: Int32, _ element: PostgresArray.Element, _ body: (inout PostgresArray) -> Void) {
        let place = Int(index) - 1
        body(&columns[place, default: PostgresArray(of: element, capacity: Self.pageRows)])
    }
}

extension [PostgresArray?] {
    /// The column at a place, begun when it has not been.
    fileprivate subscript(place: Int, default begun: @autoclosure () -> PostgresArray) -> PostgresArray {
        get { self[place] ?? begun() }
        _modify {
            var column = self[place] ?? begun()
            self[place] = nil
            yield &column
            self[place] = column
        }
    }
}
