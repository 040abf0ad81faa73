internal import Adapters
internal import SagaEngine

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
        /// How long everything is kept in the database at least, in years; what is older may be archived.
        var retentionYears: Int

        /// No less than the law asks for.
        static let retentionRange = 5...100

        /// The moment before which things are older than that, when it is `now`. A year counts 366 days.
        func retained(at now: Timestamp) -> Timestamp {
            now + Span(milliseconds: -Int64(retentionYears) * 366 * 86_400_000)
        }
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
