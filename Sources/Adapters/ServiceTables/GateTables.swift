/// The tables over which the gates of all runners over one store share their care for counterparties.
enum GateTables {
    /// The statements that make the tables.
    ///
    /// They are a released step of the store's schema: what they make in a database is never changed here. `turn` is
    /// counted up by whoever is about to change a row or what hangs on it, and so has it alone. `taken` is in
    /// nanoseconds, amounts are decimal digits: they may need 128 bits.
    static func statements(in dialect: TableDialect) -> String {
        let (integer, text) = (dialect.integer, dialect.text)
        return """
            CREATE TABLE gate_party(
                counterparty \(text) PRIMARY KEY, turn \(integer) NOT NULL, taken \(integer) NOT NULL,
                quiet_until \(integer), open_until \(integer), opened_by \(text), code \(text), failures \(integer),
                failing_since \(integer), probe \(text), probe_until \(integer))\(dialect.strictClustered);
            CREATE TABLE gate_asset(asset \(text) PRIMARY KEY, turn \(integer) NOT NULL)\(dialect.strictClustered);
            CREATE TABLE gate_room(
                asset \(text) NOT NULL, epoch \(integer) NOT NULL, visit \(integer) NOT NULL, amount \(text) NOT NULL,
                PRIMARY KEY(asset, epoch))\(dialect.strictClustered);
            """
    }
}
