/// What one database says differently from another where tables are made and where rows are held.
public struct TableDialect: Sendable {
    /// The type of a 64-bit integer.
    let integer: String
    /// The type of text that is compared in byte order.
    let text: String
    /// The type of bytes.
    let blob: String
    /// The type of a 64-bit integer that is a table's only key; rows lie in its order where the database does that.
    let integerKey: String
    /// The same, given out by the database and never twice.
    let numberedKey: String
    /// What follows a table that lies in the order of its key where the database does that.
    let clustered: String
    /// What follows a table whose columns take their own type alone.
    let strict: String
    /// What follows a table that is both.
    let strictClustered: String
    /// What follows a query whose rows are held until the transaction ends, after whoever holds them now.
    ///
    /// SQLite has one connection that writes, so a transaction holds everything.
    let holding: String
    /// The same for those of the rows alone that nobody holds.
    let holdingFree: String

    /// SQLite from 3.40 on.
    static let sqlite = TableDialect(
        integer: "INTEGER", text: "TEXT", blob: "BLOB", integerKey: "INTEGER PRIMARY KEY",
        numberedKey: "INTEGER PRIMARY KEY AUTOINCREMENT", clustered: " WITHOUT ROWID", strict: " STRICT",
        strictClustered: " STRICT, WITHOUT ROWID", holding: "", holdingFree: "")

    /// PostgreSQL from 15 on.
    static let postgreSQL = TableDialect(
        integer: "BIGINT", text: #"TEXT COLLATE "C""#, blob: "BYTEA", integerKey: "BIGINT PRIMARY KEY",
        numberedKey: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", clustered: "", strict: "", strictClustered: "",
        holding: " FOR UPDATE", holdingFree: " FOR UPDATE SKIP LOCKED")
}
