/// The statements of the hot path, prepared once; everything rarer is looked up by its SQL.
struct WriterStatements {
    let begin: SQLiteStatement
    let commit: SQLiteStatement
    let findSaga: SQLiteStatement
    let insertSaga: SQLiteStatement
    let insertEntry: SQLiteStatement
    let carryOn: SQLiteStatement
    let letGo: SQLiteStatement
    let end: SQLiteStatement
    let claim: SQLiteStatement
    let oldestReady: SQLiteStatement
    let oldestWake: SQLiteStatement
    let findNotice: SQLiteStatement
    let insertNotice: SQLiteStatement
    let useNotice: SQLiteStatement
    let findExpectation: SQLiteStatement
    let insertExpectation: SQLiteStatement
    let adoptOrphans: SQLiteStatement
    let hasFreshNotice: SQLiteStatement
    let wakeForNotice: SQLiteStatement
    let insertSeal: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        begin = try connection.statement("BEGIN IMMEDIATE")
        commit = try connection.statement("COMMIT")
        findSaga = try connection.statement(
            "SELECT sequence, fence, holder, ready, wake, sleep, stirred, open, status, parent, output IS NOT NULL "
                + "FROM saga WHERE number = ?")
        insertSaga = try connection.statement(
            """
            INSERT INTO saga(status, flow, sequence, fence, ready, sleep, stirred, open, pivoted, parent, stage,
                created, updated, head, element, id, input)
            VALUES(0, ?1, 0, 0, ?2, 0, 0, 0, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(id) DO NOTHING
            """)
        insertEntry = try connection.statement("INSERT INTO journal VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        let standing = "status = ?2, exposures = ?3, predicament = ?4, pivoted = ?5, sequence = ?6, updated = ?7"
        carryOn = try connection.statement(
            "UPDATE saga SET \(standing), head = coalesce(?8, head), open = ?9, stirred = ?10 WHERE number = ?1")
        letGo = try connection.statement(
            """
            UPDATE saga SET \(standing), head = coalesce(?8, head), open = ?9, stirred = ?10, fence = ?11,
                holder = NULL, ready = ?12, wake = ?13, sleep = ?14 WHERE number = ?1
            """)
        end = try connection.statement(
            """
            UPDATE saga SET \(standing), head = coalesce(?8, head), open = ?9, stirred = ?10, fence = ?11,
                holder = NULL, ready = NULL, wake = NULL, sleep = 0, output = ?12 WHERE number = ?1
            """)
        claim = try connection.statement(
            """
            UPDATE saga SET holder = ?2, fence = fence + 1, ready = NULL, wake = NULL, sleep = 0, stirred = 0,
                status = CASE status WHEN 0 THEN 1 ELSE status END, updated = ?3
            WHERE number = ?1 RETURNING fence
            """)
        oldestReady = try connection.statement(
            "SELECT number, ready FROM saga WHERE flow = ? AND ready IS NOT NULL ORDER BY ready LIMIT ?")
        oldestWake = try connection.statement(
            "SELECT number, wake FROM saga WHERE flow = ? AND wake <= ? ORDER BY wake, number LIMIT ?")
        findNotice = try connection.statement(
            "SELECT number, body FROM notice WHERE source = ? AND id = ? ORDER BY variant")
        insertNotice = try connection.statement(
            """
            INSERT INTO notice(standing, saga, source, variant, at, id, reference, claim, headers, body)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        useNotice = try connection.statement("UPDATE notice SET standing = ? WHERE number = ?")
        findExpectation = try connection.statement(
            "SELECT saga, stage, refusals FROM expectation WHERE source = ? AND reference = ?")
        insertExpectation = try connection.statement("INSERT INTO expectation VALUES(?, ?, ?, ?, ?)")
        adoptOrphans = try connection.statement(
            "UPDATE notice SET saga = ?, standing = 0 WHERE source = ? AND reference = ? AND standing = 5")
        hasFreshNotice = try connection.statement(
            "SELECT 1 FROM notice WHERE saga = ? AND number > ? AND standing = 0 LIMIT 1")
        wakeForNotice = try connection.statement(
            "UPDATE saga SET ready = ?2, wake = NULL, sleep = 0 WHERE number = ?1 AND sleep & 1")
        insertSeal = try connection.statement("INSERT INTO seal VALUES(?, ?, ?, ?, ?)")
    }
}
