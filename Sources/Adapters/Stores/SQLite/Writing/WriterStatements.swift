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
    let childEnded: SQLiteStatement
    let claim: SQLiteStatement
    let oldestReady: SQLiteStatement
    let oldestWake: SQLiteStatement
    let findNotice: SQLiteStatement
    let insertNotice: SQLiteStatement
    let useNotice: SQLiteStatement
    let findEvidence: SQLiteStatement
    let findExpectation: SQLiteStatement
    let insertExpectation: SQLiteStatement
    let hasOrphan: SQLiteStatement
    let adoptOrphans: SQLiteStatement
    let hasFreshNotice: SQLiteStatement
    let wakeForNotice: SQLiteStatement
    let insertSeal: SQLiteStatement
    let findValue: SQLiteStatement
    let setValue: SQLiteStatement
    let addLine: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        begin = try connection.statement("BEGIN IMMEDIATE")
        commit = try connection.statement("COMMIT")
        findSaga = try connection.statement(
            WritableSaga.columns + " WHERE number = ?")
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
        childEnded = try connection.statement(
            "UPDATE saga SET open = ?2, updated = ?3, ready = ?4, wake = ?5, sleep = ?6 WHERE number = ?1")
        // No RETURNING: the table that SQLite makes for the answer costs twice as much as the change.
        claim = try connection.statement(
            """
            UPDATE saga SET holder = ?2, fence = ?3, ready = NULL, wake = NULL, sleep = 0, stirred = 0, status = ?4,
                updated = ?5
            WHERE number = ?1
            """)
        oldestReady = try connection.statement(
            "SELECT number, ready FROM saga WHERE flow = ? AND ready IS NOT NULL ORDER BY ready LIMIT ?")
        oldestWake = try connection.statement(
            "SELECT number, wake FROM saga WHERE flow = ? AND wake <= ? ORDER BY wake, number LIMIT ?")
        findNotice = try connection.statement(
            "SELECT number, body, variant FROM notice WHERE source = ? AND id = ?")
        insertNotice = try connection.statement(
            """
            INSERT INTO notice(standing, saga, source, variant, at, id, reference, claim, headers, body)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        useNotice = try connection.statement("UPDATE notice SET standing = ? WHERE number = ?")
        findEvidence = try connection.statement(
            "SELECT claim FROM notice WHERE saga = ? AND standing = 1 AND reference = ? AND source = ?")
        findExpectation = try connection.statement(
            "SELECT saga, stage, refusals FROM expectation WHERE source = ? AND reference = ?")
        insertExpectation = try connection.statement(
            "INSERT INTO expectation VALUES(?, ?, ?, ?, ?) ON CONFLICT(source, reference) DO NOTHING")
        // Asked before the change, which opens every index of the table even when there is nothing to change.
        hasOrphan = try connection.statement(
            "SELECT 1 FROM notice WHERE source = ? AND reference = ? AND standing = 5 LIMIT 1")
        adoptOrphans = try connection.statement(
            "UPDATE notice SET saga = ?, standing = 0 WHERE source = ? AND reference = ? AND standing = 5")
        hasFreshNotice = try connection.statement(
            "SELECT 1 FROM notice WHERE saga = ? AND number > ? AND standing = 0 LIMIT 1")
        wakeForNotice = try connection.statement(
            "UPDATE saga SET ready = ?2, wake = NULL, sleep = 0 WHERE number = ?1")
        insertSeal = try connection.statement("INSERT INTO seal VALUES(?, ?, ?, ?, ?)")
        findValue = try connection.statement("SELECT value FROM book_value WHERE space = ? AND key = ?")
        setValue = try connection.statement(
            "INSERT INTO book_value VALUES(?, ?, ?) ON CONFLICT(space, key) DO UPDATE SET value = excluded.value")
        addLine = try connection.statement(
            "INSERT INTO book_log(log, key, saga, stage, at, body) VALUES(?, ?, ?, ?, ?, ?)")
    }
}
