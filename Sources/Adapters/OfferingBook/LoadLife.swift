internal import SagaEngine
internal import SettlementFlows

/// Whose a load is, and whether that one is alive: it gives a sign of life with each page and each look at the whole.
enum LoadLife {
    /// How long after its last sign of life a load is given up.
    static let patience = Span.minutes(10)

    /// Begins a load; those of others that have been silent for too long are given up.
    static func begin(
        _ part: OfferingPart, of offering: OfferingID, owner: String, at now: Timestamp,
        in connection: any TableConnection
    ) throws -> LoadID? {
        try connection.atomically {
            try giveUpSilent(besides: owner, at: now, in: connection)
            try OfferingTurn.prepare(offering, in: connection)
            return try connection.firstRow(
                """
                INSERT INTO offering_load(offering_id, part, state, owner, touched) VALUES(?, ?, 'loading', ?, ?)
                RETURNING load
                """, .text(offering.rawValue), .text(part.rawValue), .text(owner), .integer(now.milliseconds)
            ) { LoadID($0.int64(0)) }
        }
    }

    /// Gives a sign of life and holds the load until the transaction ends; a load that is held is not given up.
    ///
    /// - Throws: `loadGone` when it has been given up.
    static func renew(_ load: LoadID, at now: Timestamp, in connection: any TableConnection) throws {
        let renewed = try connection.run(
            "UPDATE offering_load SET touched = ? WHERE load = ? AND state = 'loading'", .integer(now.milliseconds),
            .integer(load.number))
        guard renewed == 1 else { throw OfferingBookError.loadGone(load) }
    }

    /// Gives one load up, if it is not finished.
    static func giveUp(_ load: LoadID, in connection: any TableConnection) throws {
        try connection.run(
            "UPDATE offering_load SET state = 'dropped' WHERE load = ? AND state = 'loading'", .integer(load.number))
    }

    /// Gives up whatever is not finished: nobody is alive who could finish it.
    static func giveUpAll(in connection: any TableConnection) throws {
        try connection.run("UPDATE offering_load SET state = 'dropped' WHERE state = 'loading'")
    }

    /// Gives up the loads of others that have been silent for too long.
    static func giveUpSilent(besides owner: String, at now: Timestamp, in connection: any TableConnection) throws {
        try connection.run(
            """
            UPDATE offering_load SET state = 'dropped' WHERE load IN (
                SELECT load FROM offering_load WHERE state = 'loading' AND owner <> ? AND touched <= ?
                \(connection.dialect.holdingFree))
            """, .text(owner), .integer(now.milliseconds - patience.milliseconds))
    }
}
