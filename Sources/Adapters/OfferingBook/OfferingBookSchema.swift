/// The offering book's tables. A store that lends its connection runs this as one of its numbered migrations.
///
/// Rows of files are numbered `load << 36 | line` and so lie in file order without an index; 128-bit numbers are
/// 16 bytes, the highest first, so that SQLite sorts them as numbers; names are text in byte order.
public enum OfferingBookSchema {
    /// How far a load's number stands above the line in a row's number.
    static let lineBits: Int64 = 36
    /// The highest line a file may have; above it a row is refused.
    public static let lastLine = (1 << 36) - 1

    /// The statements that make the tables where they are missing.
    public static let statements = """
        CREATE TABLE IF NOT EXISTS offering_load(
            load INTEGER PRIMARY KEY AUTOINCREMENT,
            offering_id TEXT NOT NULL,
            part TEXT NOT NULL,
            state TEXT NOT NULL CHECK(state IN ('loading', 'current', 'sealed', 'dropped')),
            row_count INTEGER NOT NULL DEFAULT 0,
            last_time INTEGER NOT NULL DEFAULT 0,
            digest TEXT NOT NULL DEFAULT '');
        CREATE INDEX IF NOT EXISTS offering_load_part ON offering_load(offering_id, part, state);
        CREATE TABLE IF NOT EXISTS offering_investor(
            row INTEGER PRIMARY KEY,
            investor_id TEXT NOT NULL,
            name TEXT NOT NULL, email TEXT NOT NULL,
            escrow_account TEXT NOT NULL, deposit_account TEXT NOT NULL,
            token_account TEXT NOT NULL, token_address TEXT NOT NULL,
            bank_account TEXT NOT NULL, bank_bic TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS offering_investor_key(
            load INTEGER NOT NULL, investor_id TEXT NOT NULL, row INTEGER NOT NULL,
            PRIMARY KEY(load, investor_id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS offering_event(
            row INTEGER PRIMARY KEY,
            subscription_id TEXT NOT NULL, investor_id TEXT NOT NULL,
            submitted_at INTEGER NOT NULL, action INTEGER NOT NULL, units INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS offering_book(
            book INTEGER PRIMARY KEY AUTOINCREMENT,
            offering_id TEXT NOT NULL UNIQUE,
            input_digest TEXT NOT NULL,
            terms BLOB NOT NULL,
            investor_load INTEGER,
            event_load INTEGER NOT NULL,
            demand BLOB NOT NULL,
            left_over BLOB,
            summary BLOB);
        CREATE TABLE IF NOT EXISTS offering_demand(
            book INTEGER NOT NULL, investor_id TEXT NOT NULL, units BLOB NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY(book, investor_id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS offering_working(
            row INTEGER PRIMARY KEY,
            investor_id TEXT NOT NULL, units BLOB NOT NULL, since INTEGER NOT NULL,
            quotient BLOB NOT NULL, remainder BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS offering_line(
            book INTEGER NOT NULL, investor_id TEXT NOT NULL, units BLOB NOT NULL,
            quotient BLOB, remainder BLOB, rank INTEGER,
            PRIMARY KEY(book, investor_id)) WITHOUT ROWID;
        """

    /// The statement that lets a store's offerings find each other by the accounts they share.
    ///
    /// A book of its own has nobody to find, and loads faster without.
    static let escrowIndex = "CREATE INDEX offering_investor_escrow ON offering_investor(escrow_account);"

    /// The first and last row number of a load or book.
    static func rows(of number: Int64) -> (first: SQLiteValue, last: SQLiteValue) {
        (.integer(number << lineBits), .integer(number << lineBits | Int64(lastLine)))
    }
}
