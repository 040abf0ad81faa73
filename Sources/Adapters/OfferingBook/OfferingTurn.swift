internal import SagaEngine
internal import SettlementFlows

/// The row of an offering that whoever changes what stands of it holds, with the number of the turn it is in.
///
/// What one transaction does is safe while it holds the row. Work of many transactions is a turn: it takes the next
/// number, and each of its transactions looks whether the number still stands. The newest turn is the one that counts,
/// so nobody waits for one that stopped, and one that only stood still changes nothing any more (ADR 13).
enum OfferingTurn {
    /// Makes the row where it is missing; before it can be held.
    static func prepare(_ offering: OfferingID, in connection: any TableConnection) throws {
        try connection.run(
            "INSERT INTO offering_turn(offering_id, turn) VALUES(?, 0) ON CONFLICT DO NOTHING",
            .text(offering.rawValue))
    }

    /// Holds the offering until the transaction ends, after whoever holds it now, and answers with its turn.
    ///
    /// - Throws: `busy` when it was not to be had in the time that the database gives.
    @discardableResult
    static func hold(_ offering: OfferingID, in connection: any TableConnection) throws -> Int64 {
        do {
            return try find(offering, connection.dialect.holding, in: connection)
        } catch let error as any TableError where OfferingBookError.isContention(error) {
            throw OfferingBookError.busy(offering)
        }
    }

    /// The same where nobody holds it.
    ///
    /// - Throws: `busy` at once when somebody does.
    static func holdFree(_ offering: OfferingID, in connection: any TableConnection) throws {
        _ = try find(offering, connection.dialect.holdingFree, in: connection)
    }

    /// Begins the next turn, in a transaction that holds the offering.
    static func begin(_ offering: OfferingID, in connection: any TableConnection) throws -> Int64 {
        let turn = try hold(offering, in: connection) + 1
        try connection.run(
            "UPDATE offering_turn SET turn = ? WHERE offering_id = ?", .integer(turn), .text(offering.rawValue))
        return turn
    }

    /// Goes on with a turn: holds the offering until the transaction ends.
    ///
    /// - Throws: `busy` when another turn has begun.
    static func goOn(_ turn: Int64, of offering: OfferingID, in connection: any TableConnection) throws {
        guard try hold(offering, in: connection) == turn else { throw OfferingBookError.busy(offering) }
    }

    private static func find(
        _ offering: OfferingID, _ holding: String, in connection: any TableConnection
    ) throws -> Int64 {
        let turn = try connection.firstRow(
            "SELECT turn FROM offering_turn WHERE offering_id = ?" + holding, .text(offering.rawValue)
        ) { $0.int64(0) }
        guard let turn else { throw OfferingBookError.busy(offering) }
        return turn
    }
}
