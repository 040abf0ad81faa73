/// The statements of the hot path, prepared once; everything rarer is looked up by its SQL.
struct WriterStatements {
    /// How many entries of journals one statement inserts: what it takes before and after them is shared.
    static let entriesAtOnce = 8

    let begin: SQLiteStatement
    let commit: SQLiteStatement
    let findSaga: SQLiteStatement
    let insertSaga: SQLiteStatement
    let insertProgress: SQLiteStatement
    let insertEntry: SQLiteStatement
    let insertEntries: SQLiteStatement
    let carryOn: SQLiteStatement
    let move: SQLiteStatement
    let end: SQLiteStatement
    let childEnded: SQLiteStatement
    let makeReady: SQLiteStatement
    let setAlarm: SQLiteStatement
    let oldestDue: SQLiteStatement
    let findNotice: SQLiteStatement
    let insertNotice: SQLiteStatement
    let useNotice: SQLiteStatement
    let findEvidence: SQLiteStatement
    let findExpectation: SQLiteStatement
    let insertExpectation: SQLiteStatement
    let hasOrphan: SQLiteStatement
    let adoptOrphans: SQLiteStatement
    let hasFreshNotice: SQLiteStatement
    let insertSeal: SQLiteStatement
    let findValue: SQLiteStatement
    let setValue: SQLiteStatement
    let addLine: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        begin = try connection.statement("BEGIN IMMEDIATE")
        commit = try connection.statement("COMMIT")
        findSaga = try connection.statement(
            WritableSaga.columns + " WHERE t.number = ?")
        insertSaga = try connection.statement(
            """
            INSERT INTO saga(flow, parent, stage, created, element, id, input) VALUES(?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO NOTHING
            """)
        insertProgress = try connection.statement(
            """
            INSERT INTO progress(number, flow, status, sequence, due, ready, sleep, stirred, open, pivoted, updated,
                head)
            VALUES(?1, ?2, 0, 0, ?3, ?3, 0, 0, 0, ?4, ?5, ?6)
            """)
        let entry = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
        insertEntry = try connection.statement("INSERT INTO journal VALUES\(entry)")
        // Of a statement that fails half-way the first rows stay, so that it needs no way back of its own: whoever runs
        // it undoes the transaction.
        let entries = Array(repeating: entry, count: Self.entriesAtOnce).joined(separator: ", ")
        insertEntries = try connection.statement("INSERT OR FAIL INTO journal VALUES\(entries)")
        let changes = """
            UPDATE progress SET status = ?2, exposures = ?3, predicament = ?4, pivoted = ?5, sequence = ?6,
                updated = ?7, head = coalesce(?8, head), open = ?9, stirred = ?10
            """
        carryOn = try connection.statement(changes + ", ready = ?11, wake = ?12, sleep = ?13 WHERE number = ?1")
        move = try connection.statement(
            changes + ", ready = ?11, wake = ?12, sleep = ?13, due = ?14 WHERE number = ?1")
        end = try connection.statement(
            changes + ", ready = NULL, wake = NULL, sleep = 0, due = NULL, output = ?11 WHERE number = ?1")
        childEnded = try connection.statement("UPDATE progress SET open = ?2 WHERE number = ?1")
        makeReady = try connection.statement(
            "UPDATE progress SET ready = ?2, wake = NULL, sleep = 0, due = ?2 WHERE number = ?1")
        setAlarm = try connection.statement("UPDATE progress SET due = ?2 WHERE number = ?1")
        oldestDue = try connection.statement(
            """
            SELECT number, due, ready, wake FROM progress
            WHERE flow = ? AND due >= ? AND due <= ? ORDER BY due
            """)
        findNotice = try connection.statement(
            "SELECT number, body, variant, standing, reference, claim FROM notice WHERE source = ? AND id = ?")
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
        insertSeal = try connection.statement("INSERT INTO seal VALUES(?, ?, ?, ?, ?)")
        findValue = try connection.statement("SELECT value FROM book_value WHERE space = ? AND key = ?")
        setValue = try connection.statement(
            "INSERT INTO book_value VALUES(?, ?, ?) ON CONFLICT(space, key) DO UPDATE SET value = excluded.value")
        addLine = try connection.statement(
            "INSERT INTO book_log(log, key, saga, stage, at, body) VALUES(?, ?, ?, ?, ?, ?)")
    }
}
