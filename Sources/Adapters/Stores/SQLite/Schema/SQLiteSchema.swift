internal import SagaEngine

/// The tables of the store, as the steps that lead to them; `PRAGMA user_version` says how many have been taken.
enum SQLiteSchema {
    /// All steps, in order.
    static let migrations: [SQLiteMigration] = [
        SQLiteMigration(
            number: 1, reason: "the tables that sagas, notices, leases, prints, seals and books live in",
            script: tables),
        SQLiteMigration(
            number: 2, reason: "history cannot be edited or deleted, not even by our own code", script: guards),
        SQLiteMigration(
            number: 3, reason: "a journal that people can read with the sqlite3 shell", script: views),
        SQLiteMigration(
            number: 4, reason: "the offering book beside the sagas that settle its offerings",
            script: OfferingBookSchema.statements(in: .sqlite)),
        SQLiteMigration(
            number: 5, reason: "answers, evidence and notes of the daemon beside the sagas",
            script: ServiceTables.statements(in: .sqlite)),
        SQLiteMigration(
            number: 6, reason: "a quarantined notice takes no verified notice's place",
            script: "UPDATE notice SET variant = -1 - number WHERE standing = 6;"),
        SQLiteMigration(
            number: 7,
            reason: "claims as plain text, which is written and read in a tenth of the time that their JSON took",
            script: ClaimText.migration),
        SQLiteMigration(
            number: 8,
            reason: "a quarantine for each source, and claims that older programs cannot read",
            script: "CREATE INDEX notice_quarantine ON notice(source) WHERE standing = 6;"),
        SQLiteMigration(
            number: 9,
            reason: "what changes of a saga in a narrow table with one index of what is due: claims are held in memory",
            script: progress),
        SQLiteMigration(
            number: 10, reason: "offerings are found by an escrow account that they share",
            script: OfferingBookSchema.escrowIndex),
        SQLiteMigration(
            number: 11,
            reason: "however many notices a saga has, those that nobody has decided about are found at once",
            script: """
                DROP INDEX notice_saga;
                CREATE INDEX notice_saga ON notice(saga, standing) WHERE saga IS NOT NULL;
                CREATE INDEX notice_conflict ON notice(source) WHERE standing = 4;
                """),
        SQLiteMigration(
            number: 12,
            reason: "loads have an owner and a sign of life, offerings a turn, and services of the daemon a lease",
            script: OfferingBookSchema.sharing(in: .sqlite) + ServiceTables.leases(in: .sqlite)),
        SQLiteMigration(
            number: 13, reason: "the same tables beside the sagas as in a store that many runners share",
            script: GateTables.statements(in: .sqlite)),
        SQLiteMigration(
            number: 14, reason: "how far each schedule was decided, and what it fires",
            script: ScheduleTables.statements(in: .sqlite)),
    ]

    /// The version that this program writes.
    static var current: Int { migrations.count }

    /// The version of an open database; 0 when it is empty.
    static func version(of connection: SQLiteConnection) throws -> Int {
        try connection.firstRow("PRAGMA user_version") { Int($0.int64(0)) } ?? 0
    }

    /// Takes the steps that are missing, each in a transaction of its own, and answers which.
    static func migrate(_ connection: SQLiteConnection, upTo last: Int = current) throws -> [SQLiteMigration] {
        let version = try version(of: connection)
        try refuseNewer(version)
        let missing = migrations.filter { $0.number > version && $0.number <= last }
        for step in missing {
            try connection.transaction {
                try connection.execute(step.script)
                try connection.execute("PRAGMA user_version = \(step.number)")
            }
        }
        return missing
    }

    /// Refuses a database that a newer program has written.
    static func refuseNewer(_ version: Int) throws(StoreError) {
        guard version > current else { return }
        throw StoreError(
            .misuse,
            "the database has schema \(version) and this program knows schemas up to \(current): run the newer program")
    }

    /// Refuses a database that this program cannot read as it is.
    static func refuseOther(_ version: Int) throws(StoreError) {
        try refuseNewer(version)
        guard version < current else { return }
        throw StoreError(
            .misuse, "the database has schema \(version) and this program reads schema \(current): run `migrate` first")
    }

    // Names that every row repeats (stages, sources, spaces) are numbers here and text in `name`.
    // journal: a rowid table, not WITHOUT ROWID: entries are written side by side in the order of commits, which is the
    // order seals are computed in, so neither a seal number nor a position is stored; throughput is the same.
    // saga: `ready` is since when it can be claimed, `wake` when it wants to be; `sleep` has bit 1 for "a notice wakes
    // it" and bit 2 for "its last child wakes it"; `stirred` tells that a notice became its own out of turn.
    private static let tables = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
        INSERT INTO meta VALUES ('store', lower(hex(randomblob(16)))), ('epoch', 0);

        CREATE TABLE incarnation(number INTEGER PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;

        CREATE TABLE name(number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE flow(number INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
            UNIQUE(name, version)) STRICT;

        CREATE TABLE saga(
            number INTEGER PRIMARY KEY, status INTEGER NOT NULL, flow INTEGER NOT NULL REFERENCES flow,
            sequence INTEGER NOT NULL, fence INTEGER NOT NULL, holder INTEGER, ready INTEGER, wake INTEGER,
            sleep INTEGER NOT NULL, stirred INTEGER NOT NULL, open INTEGER NOT NULL, pivoted INTEGER NOT NULL,
            parent INTEGER REFERENCES saga, stage INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL,
            head BLOB NOT NULL, element TEXT, id TEXT NOT NULL UNIQUE, exposures TEXT, predicament BLOB,
            output BLOB, input BLOB NOT NULL) STRICT;
        CREATE INDEX saga_ready ON saga(flow, ready) WHERE ready IS NOT NULL;
        CREATE INDEX saga_wake ON saga(flow, wake) WHERE wake IS NOT NULL;
        CREATE INDEX saga_holder ON saga(holder) WHERE holder IS NOT NULL;
        CREATE INDEX saga_child ON saga(parent, stage, element) WHERE parent IS NOT NULL;
        CREATE INDEX saga_root ON saga(id) WHERE parent IS NULL;
        CREATE INDEX saga_stuck ON saga(id) WHERE status = 3;

        CREATE TABLE journal(
            number INTEGER PRIMARY KEY, saga INTEGER NOT NULL REFERENCES saga, sequence INTEGER NOT NULL,
            stage INTEGER NOT NULL, refusals INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL,
            body BLOB NOT NULL, link BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX journal_saga ON journal(saga, sequence);

        CREATE TABLE notice(
            number INTEGER PRIMARY KEY, standing INTEGER NOT NULL, saga INTEGER REFERENCES saga,
            source INTEGER NOT NULL, variant INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL,
            reference TEXT NOT NULL,
            claim BLOB NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX notice_once ON notice(source, id, variant);
        CREATE INDEX notice_saga ON notice(saga) WHERE saga IS NOT NULL;
        CREATE INDEX notice_orphan ON notice(source, reference) WHERE standing = 5;
        CREATE INDEX notice_odd ON notice(standing) WHERE standing > 1;

        CREATE TABLE expectation(
            source INTEGER NOT NULL, reference TEXT NOT NULL, saga INTEGER NOT NULL REFERENCES saga,
            stage INTEGER NOT NULL, refusals INTEGER NOT NULL, PRIMARY KEY(source, reference)) STRICT, WITHOUT ROWID;

        CREATE TABLE lease(epoch INTEGER PRIMARY KEY, runner TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) STRICT;

        -- "after" is the journal entry that it follows: the order of the commit, for its seal.
        CREATE TABLE print(number INTEGER PRIMARY KEY, after INTEGER NOT NULL, at INTEGER NOT NULL,
            print TEXT NOT NULL) STRICT;
        CREATE INDEX print_saga ON print(json_extract(print, '$.saga'));

        -- "entry" and "print" are the last ones it seals; it seals everything since the seal before it.
        CREATE TABLE seal(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, entry INTEGER NOT NULL,
            print INTEGER NOT NULL, link BLOB NOT NULL) STRICT;

        CREATE TABLE book_value(space INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
            PRIMARY KEY(space, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE book_log(number INTEGER PRIMARY KEY, log INTEGER NOT NULL, key TEXT NOT NULL, saga TEXT NOT NULL,
            stage INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE INDEX book_log_key ON book_log(log, key);
        """

    // A row of few bytes, since each append of a saga writes it anew. `due` is where the saga stands among those that
    // can be claimed or want to be woken, in milliseconds and a turn (20 bits); no later than `ready` and `wake` say,
    // NULL once it has ended. Takes `foreign_keys` to be off, as the writing connection has it.
    private static let progress = """
        UPDATE saga SET ready = updated << 20 WHERE holder IS NOT NULL;
        CREATE TABLE progress(
            number INTEGER PRIMARY KEY REFERENCES saga, flow INTEGER NOT NULL REFERENCES flow, status INTEGER NOT NULL,
            sequence INTEGER NOT NULL, due INTEGER, ready INTEGER, wake INTEGER, sleep INTEGER NOT NULL,
            stirred INTEGER NOT NULL, open INTEGER NOT NULL, pivoted INTEGER NOT NULL, updated INTEGER NOT NULL,
            head BLOB NOT NULL, exposures TEXT, predicament BLOB, output BLOB) STRICT;
        INSERT INTO progress SELECT number, flow, status, sequence,
            CASE WHEN status > 4 OR output IS NOT NULL THEN NULL
                ELSE coalesce(ready, wake << 20, 9223372036854775807) END,
            ready, wake, sleep, stirred, open, pivoted, updated, head, exposures, predicament, output FROM saga;
        CREATE INDEX progress_due ON progress(flow, due) WHERE due IS NOT NULL;
        CREATE INDEX progress_stuck ON progress(number) WHERE status = 3;

        DROP VIEW readable_journal;
        CREATE TABLE narrow_saga(
            number INTEGER PRIMARY KEY, flow INTEGER NOT NULL REFERENCES flow, parent INTEGER REFERENCES saga,
            stage INTEGER, created INTEGER NOT NULL, element TEXT, id TEXT NOT NULL UNIQUE, input BLOB NOT NULL) STRICT;
        INSERT INTO narrow_saga SELECT number, flow, parent, stage, created, element, id, input FROM saga;
        DROP TABLE saga;
        ALTER TABLE narrow_saga RENAME TO saga;
        CREATE INDEX saga_child ON saga(parent, stage, element) WHERE parent IS NOT NULL;
        CREATE INDEX saga_root ON saga(id) WHERE parent IS NULL;
        """ + views

    private static let guards =
        ["journal", "print", "seal", "book_log", "incarnation"].flatMap { table in
            ["UPDATE", "DELETE"].map { verb in
                """
                CREATE TRIGGER \(table)_no_\(verb.lowercased()) BEFORE \(verb) ON \(table) BEGIN
                    SELECT RAISE(ABORT, '\(table) only grows: no line of it is ever changed or deleted');
                END;
                """
            }
        }.joined(separator: "\n")

    private static let views = """
        CREATE VIEW readable_journal AS
            SELECT j.number, s.id AS saga, j.sequence, n.text AS stage, j.refusals, j.kind,
                strftime('%Y-%m-%dT%H:%M:%fZ', j.at / 1000.0, 'unixepoch') AS at, CAST(j.body AS TEXT) AS body,
                lower(hex(j.link)) AS link
            FROM journal j JOIN saga s ON s.number = j.saga JOIN name n ON n.number = j.stage;
        """
}
