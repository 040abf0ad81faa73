internal import SagaEngine

extension ClaimDesk {
    /// Lets everything be claimed that somebody held, or that was woken, when the store was last closed or cut off:
    /// what the claim desk knew is gone.
    static func putBack(_ connection: SQLiteConnection, at now: Timestamp) throws {
        // Never later than now: the clock may have been set back since.
        let place = TableValue.integer(ReadyPlace.first(at: now))
        try connection.transaction {
            try connection.run(
                """
                UPDATE progress SET ready = ?1 | (number & 1048575), due = ?1 | (number & 1048575), wake = NULL,
                    sleep = 0
                WHERE number IN (
                    SELECT number FROM progress p INDEXED BY progress_due
                    WHERE due IS NOT NULL AND ready IS NULL AND (sleep & 2 AND open = 0 OR sleep & 1
                        AND EXISTS (SELECT 1 FROM notice WHERE saga = p.number AND standing = 0)))
                """, place)
            try connection.run(
                """
                UPDATE progress SET ready = min(ready, ?1), due = min(ready, ?1)
                WHERE number IN (
                    SELECT number FROM progress INDEXED BY progress_due
                    WHERE due IS NOT NULL AND ready IS NOT NULL AND (due <> ready OR ready > ?1))
                """, .integer(ReadyPlace.last(at: now)))
            // Nothing is held under it any more, and its runner's name does not come back.
            try connection.run("DELETE FROM lease WHERE expires <= ?", .integer(now.milliseconds))
        }
    }
}
