public import SagaEngine

/// The board of the gates of all runners over one store, in its database.
///
/// A visit that only looks takes two queries; one that asks for something is a transaction, which has the rows that it
/// is about alone. A runner that dies holds nothing up: its turns pass, its place as the one that tries runs out, and
/// its room goes back once its lease is over.
public struct TableGateBoard: GateBoard {
    private let tables: any TableExecutor
    private let stakes: any StakeBook

    /// A board in tables that exist.
    ///
    /// - Parameters:
    ///   - tables: Where the tables are.
    ///   - stakes: What the store knows of money in flight.
    public init(in tables: any TableExecutor, stakes: any StakeBook) {
        self.tables = tables
        self.stakes = stakes
    }

    /// Notes what a gate tells, grants what it asks for, and tells how things stand.
    public func receive(_ visit: BoardVisit) async throws(StoreError) -> BoardNews {
        let stakes = stakes
        do {
            // The class of what nothing may hold up: behind a long job, calls would stand still.
            return try await tables.write(.webhooks) { connection in
                guard visit.parties.allSatisfy(\.onlyLooks), visit.rooms.isEmpty else {
                    return try connection.atomically {
                        try Session(connection: connection, stakes: stakes, visit: visit).receive()
                    }
                }
                return try Session(connection: connection, stakes: stakes, visit: visit).receive()
            }
        } catch let error as StoreError {
            throw error
        } catch let error as any TableError {
            throw StoreError(.unavailable, "the board of all runners: \(error.code)")
        } catch {
            throw StoreError(.unavailable, "the board of all runners cannot be read")
        }
    }
}

/// One visit, on the connection where it is carried out.
private struct Session {
    let connection: any TableConnection
    let stakes: any StakeBook
    let visit: BoardVisit

    func receive() throws -> BoardNews {
        // In the order of their names, so that no two visits wait for each other.
        for ask in visit.parties where !ask.onlyLooks { try take(party: ask.counterparty.rawValue) }
        var pages = try self.pages()
        let switches = try self.switches()
        var parties: [PartyNews] = []
        for ask in visit.parties {
            let name = ByteText(ask.counterparty.rawValue)
            let before = pages[name] ?? PartyPage()
            var page = before
            var news =
                ask.onlyLooks
                ? page.news(for: visit.runner, at: visit.at)
                : page.receive(ask, of: visit.runner, at: visit.at)
            if page != before { try write(page, name) }
            pages[name] = page
            news.switchedOffWhy = switches[name]
            parties.append(news)
        }
        return BoardNews(parties: parties, rooms: try visit.rooms.map(receive))
    }

    // MARK: Counterparties

    /// Has a counterparty's row alone until the transaction ends.
    private func take(party: String) throws {
        try connection.run(
            """
            INSERT INTO gate_party(counterparty, turn, taken) VALUES(?, 1, 0)
            ON CONFLICT(counterparty) DO UPDATE SET turn = gate_party.turn + 1
            """, .text(party))
    }

    private func pages() throws -> [ByteText: PartyPage] {
        var pages: [ByteText: PartyPage] = [:]
        try connection.forEachRow(
            """
            SELECT counterparty, taken, quiet_until, open_until, opened_by, code, failures, failing_since, probe,
                probe_until FROM gate_party
            """
        ) { row in
            func moment(_ column: Int32) -> Timestamp? {
                row.isNull(column) ? nil : Timestamp(milliseconds: row.int64(column))
            }
            let breaker = moment(3).map {
                OpenBreaker(
                    until: $0, by: row.text(4), code: row.isNull(5) ? nil : row.text(5),
                    failures: Int(row.int64(6)), since: moment(7))
            }
            pages[ByteText(row.text(0))] = PartyPage(
                taken: row.int64(1), breaker: breaker,
                probe: moment(9).map { PartyPage.Probe(by: row.text(8), until: $0) }, quietUntil: moment(2))
        }
        return pages
    }

    private func write(_ page: PartyPage, _ party: ByteText) throws {
        func moment(_ moment: Timestamp?) -> TableValue { moment.map { .integer($0.milliseconds) } ?? .null }
        func text(_ text: String?) -> TableValue { text.map { .text($0) } ?? .null }
        try connection.run(
            """
            UPDATE gate_party SET taken = ?, quiet_until = ?, open_until = ?, opened_by = ?, code = ?, failures = ?,
                failing_since = ?, probe = ?, probe_until = ? WHERE counterparty = ?
            """, .integer(page.taken), moment(page.quietUntil), moment(page.breaker?.until),
            text(page.breaker?.by), text(page.breaker?.code),
            page.breaker.map { .integer(Int64($0.failures)) } ?? .null, moment(page.breaker?.since),
            text(page.probe?.by), moment(page.probe?.until), .text(party.rawValue))
    }

    /// Why counterparties are switched off, by their names.
    private func switches() throws -> [ByteText: String] {
        var off: [ByteText] = []
        var reasons: [ByteText: String] = [:]
        try connection.forEachRow(
            "SELECT name, value FROM service_note WHERE name >= 'switch' AND name < 'switci'"
        ) { row in
            let (name, value) = (row.text(0), row.text(1))
            if name.hasPrefix(SwitchNote.reasonPrefix) {
                reasons[ByteText(String(name.dropFirst(SwitchNote.reasonPrefix.count)))] = value
            } else if name.hasPrefix(SwitchNote.prefix), value == SwitchNote.off {
                off.append(ByteText(String(name.dropFirst(SwitchNote.prefix.count))))
            }
        }
        return off.reduce(into: [:]) { $0[$1] = reasons[$1] ?? "" }
    }

    // MARK: Money

    private func receive(_ ask: RoomAsk) throws -> Int128 {
        guard let epoch = visit.lease else { return 0 }
        try connection.run(
            """
            INSERT INTO gate_asset(asset, turn) VALUES(?, 1)
            ON CONFLICT(asset) DO UPDATE SET turn = gate_asset.turn + 1
            """, .text(ask.asset))
        // First the rooms, then what is at stake: what a runner gave back is seen as at stake then.
        var page = RoomPage(rooms: try rooms(ask.asset))
        var isOver = page.rooms[epoch] == nil ? try stakes.isOver(epoch, at: visit.at, on: connection) : false
        for other in page.rooms.keys.sorted() where try stakes.isOver(other, at: visit.at, on: connection) {
            try connection.run(
                "DELETE FROM gate_room WHERE asset = ? AND epoch = ?", .text(ask.asset), .integer(other))
            page.rooms[other] = nil
            if other == epoch { isOver = true }
        }
        guard !isOver else { return 0 }
        let atStake = try stakes.atStake(ask.asset, on: connection)
        let room = page.receive(ask, under: epoch, visit: visit.number, atStake: atStake)
        guard let noted = page.rooms[epoch], noted.visit == visit.number else { return room }
        try connection.run(
            """
            INSERT INTO gate_room(asset, epoch, visit, amount) VALUES(?, ?, ?, ?)
            ON CONFLICT(asset, epoch) DO UPDATE SET visit = excluded.visit, amount = excluded.amount
            """, .text(ask.asset), .integer(epoch), .integer(noted.visit), .text("\(noted.amount)"))
        return room
    }

    private func rooms(_ asset: String) throws -> [Int64: RoomPage.Room] {
        var rooms: [Int64: RoomPage.Room] = [:]
        try connection.forEachRow("SELECT epoch, visit, amount FROM gate_room WHERE asset = ?", .text(asset)) { row in
            guard let amount = Int128(row.text(2)) else {
                throw StoreError(.corrupt, "the room of lease \(row.int64(0)) cannot be read")
            }
            rooms[row.int64(0)] = RoomPage.Room(visit: row.int64(1), amount: amount)
        }
        return rooms
    }
}
