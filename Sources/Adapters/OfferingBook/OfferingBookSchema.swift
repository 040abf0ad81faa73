/// The offering book's tables. A store that lends its tables runs this as one of its migrations.
///
/// Rows of files are numbered `load << 36 | line` and so lie in file order without an index; 128-bit numbers are
/// 16 bytes, the highest first, so that a database sorts them as numbers; names are text in byte order.
public enum OfferingBookSchema {
    /// How far a load's number stands above the line in a row's number.
    static let lineBits: Int64 = 36
    /// The highest line a file may have; above it a row is refused.
    public static let lastLine = (1 << 36) - 1

    /// The statements that make the tables where they are missing.
    ///
    /// They are a released step of the store's schema: what they make in a database is never changed here.
    static func statements(in dialect: TableDialect) -> String {
        let (integer, text, blob) = (dialect.integer, dialect.text, dialect.blob)
        return """
            CREATE TABLE IF NOT EXISTS offering_load(
                load \(dialect.numberedKey),
                offering_id \(text) NOT NULL,
                part \(text) NOT NULL,
                state \(text) NOT NULL CHECK(state IN ('loading', 'current', 'sealed', 'dropped')),
                row_count \(integer) NOT NULL DEFAULT 0,
                last_time \(integer) NOT NULL DEFAULT 0,
                digest \(text) NOT NULL DEFAULT '');
            CREATE INDEX IF NOT EXISTS offering_load_part ON offering_load(offering_id, part, state);
            CREATE TABLE IF NOT EXISTS offering_investor(
                row \(dialect.integerKey),
                investor_id \(text) NOT NULL,
                name \(text) NOT NULL, email \(text) NOT NULL,
                escrow_account \(text) NOT NULL, deposit_account \(text) NOT NULL,
                token_account \(text) NOT NULL, token_address \(text) NOT NULL,
                bank_account \(text) NOT NULL, bank_bic \(text) NOT NULL);
            CREATE TABLE IF NOT EXISTS offering_investor_key(
                load \(integer) NOT NULL, investor_id \(text) NOT NULL, row \(integer) NOT NULL,
                PRIMARY KEY(load, investor_id))\(dialect.clustered);
            CREATE TABLE IF NOT EXISTS offering_event(
                row \(dialect.integerKey),
                subscription_id \(text) NOT NULL, investor_id \(text) NOT NULL,
                submitted_at \(integer) NOT NULL, action \(integer) NOT NULL, units \(integer) NOT NULL);
            CREATE TABLE IF NOT EXISTS offering_book(
                book \(dialect.numberedKey),
                offering_id \(text) NOT NULL UNIQUE,
                input_digest \(text) NOT NULL,
                terms \(blob) NOT NULL,
                investor_load \(integer),
                event_load \(integer) NOT NULL,
                demand \(blob) NOT NULL,
                left_over \(blob),
                summary \(blob));
            CREATE TABLE IF NOT EXISTS offering_demand(
                book \(integer) NOT NULL, investor_id \(text) NOT NULL, units \(blob) NOT NULL,
                since \(integer) NOT NULL, PRIMARY KEY(book, investor_id))\(dialect.clustered);
            CREATE TABLE IF NOT EXISTS offering_working(
                row \(dialect.integerKey),
                investor_id \(text) NOT NULL, units \(blob) NOT NULL, since \(integer) NOT NULL,
                quotient \(blob) NOT NULL, remainder \(blob) NOT NULL);
            CREATE TABLE IF NOT EXISTS offering_line(
                book \(integer) NOT NULL, investor_id \(text) NOT NULL, units \(blob) NOT NULL,
                quotient \(blob), remainder \(blob), rank \(integer),
                PRIMARY KEY(book, investor_id))\(dialect.clustered);
            """
    }

    /// The statement that lets a store's offerings find each other by the accounts they share.
    ///
    /// A book of its own has nobody to find, and loads faster without.
    static let escrowIndex = "CREATE INDEX offering_investor_escrow ON offering_investor(escrow_account);"

    /// The statements that let several processes work on one book: whose a load is, when it last gave a sign of life,
    /// and a row for each offering that is held by whoever changes what stands of it.
    ///
    /// They are a released step of the store's schema: what they make in a database is never changed here.
    static func sharing(in dialect: TableDialect) -> String {
        """
        ALTER TABLE offering_load ADD COLUMN owner \(dialect.text) NOT NULL DEFAULT '';
        ALTER TABLE offering_load ADD COLUMN touched \(dialect.integer) NOT NULL DEFAULT 0;
        CREATE TABLE offering_turn(
            offering_id \(dialect.text) PRIMARY KEY, turn \(dialect.integer) NOT NULL)\(dialect.clustered);
        """
    }

    /// The first and last row number of a load or book.
    static func rows(of number: Int64) -> (first: TableValue, last: TableValue) {
        (.integer(number << lineBits), .integer(number << lineBits | Int64(lastLine)))
    }
}
