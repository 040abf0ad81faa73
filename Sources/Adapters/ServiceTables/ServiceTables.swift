/// The tables that a daemon keeps beside the sagas: what its API has answered, evidence it was given, and its notes.
enum ServiceTables {
    /// The statements that make the tables.
    ///
    /// They are a released step of the store's schema: what they make in a database is never changed here.
    static func statements(in dialect: TableDialect) -> String {
        let (integer, text, blob) = (dialect.integer, dialect.text, dialect.blob)
        return """
            CREATE TABLE service_answer(
                actor \(text) NOT NULL, key \(text) NOT NULL, route \(text) NOT NULL, body \(blob) NOT NULL,
                at \(integer) NOT NULL, status \(integer) NOT NULL, answer \(blob) NOT NULL,
                PRIMARY KEY(actor, key))\(dialect.strictClustered);
            CREATE INDEX service_answer_at ON service_answer(at);

            CREATE TABLE service_evidence(
                digest \(text) PRIMARY KEY, name \(text) NOT NULL, actor \(text) NOT NULL, at \(integer) NOT NULL,
                content \(blob) NOT NULL)\(dialect.strict);

            CREATE TABLE service_note(name \(text) PRIMARY KEY, value \(text) NOT NULL)\(dialect.strictClustered);
            """
    }

    /// The statement that makes the table of what one process at a time does.
    ///
    /// It is a released step of the store's schema: what it makes in a database is never changed here.
    static func leases(in dialect: TableDialect) -> String {
        """
        CREATE TABLE service_lease(
            name \(dialect.text) PRIMARY KEY, holder \(dialect.text) NOT NULL, turn \(dialect.integer) NOT NULL,
            expires \(dialect.integer) NOT NULL)\(dialect.strictClustered);
        """
    }
}
