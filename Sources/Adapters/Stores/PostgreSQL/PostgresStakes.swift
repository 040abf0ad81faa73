internal import SagaEngine

/// What a PostgreSQL store knows of money in flight; asked on a connection to tables in its schema.
struct PostgresStakes: StakeBook {
    func atStake(_ asset: String, on connection: any TableConnection) throws -> Int128 {
        let total = try connection.firstRow(
            "SELECT coalesce(sum(amount), 0)::text FROM stake WHERE asset = ?", .text(asset)
        ) { $0.text(0) }
        guard let total, let amount = Int128(total) else {
            throw StoreError(.corrupt, "what is at stake of \(asset) is not an integer")
        }
        return amount
    }

    func isOver(_ epoch: Int64, at now: Timestamp, on connection: any TableConnection) throws -> Bool {
        // One under which something is being written just now is not over; its name is free again afterwards.
        try connection.run(
            """
            UPDATE lease SET dead = true, runner = runner || ' until ' || epoch WHERE epoch IN (
                SELECT l.epoch FROM lease l WHERE l.epoch = ? AND l.expires <= ? AND NOT l.dead
                FOR UPDATE SKIP LOCKED)
            """, .integer(epoch), .integer(now.milliseconds))
        return try connection.firstRow("SELECT 1 FROM lease WHERE epoch = ? AND NOT dead", .integer(epoch)) { _ in
            false
        } ?? true
    }
}
