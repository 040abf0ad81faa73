internal import Adapters

/// The database that a configuration names, as its section `store` says.
enum StorePlace: Sendable {
    /// A SQLite file that one daemon holds.
    case sqlite(SQLitePlace)
    /// A schema of a PostgreSQL database that many daemons share.
    case postgres(PostgresPlace)

    /// The SQLite file and how it is used.
    struct SQLitePlace: Sendable {
        var path: String
        var minimumFreeBytes: Int64
        var writerCacheKibibytes: Int
        var readerCacheKibibytes: Int
    }

    /// The PostgreSQL schema and how it is used. The URL is a secret: it is never shown.
    struct PostgresPlace: Sendable {
        var url: String
        var schema: String
        var confirmation: PostgresStoreConfiguration.Confirmation
    }

    /// The store in a few words, for messages.
    var words: String {
        switch self {
        case .sqlite(let place): place.path
        case .postgres(let place): "the PostgreSQL schema \(place.schema) of store.url"
        }
    }

    /// Where whoever reads without a daemon has read.
    var readWords: String {
        switch self {
        case .sqlite: "no daemon is running: read from disk"
        case .postgres: "no daemon is running: read from the database"
        }
    }
}
