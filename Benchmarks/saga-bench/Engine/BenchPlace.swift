/// Which database a run's store is made in.
enum BenchPlace {
    /// A file of its own.
    case sqlite(path: String)
    /// A schema of its own in a server.
    case postgres(url: String)

    /// What people call it.
    var name: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    /// Whether its store tells which rows it writes.
    var tellsWhatIsWritten: Bool {
        switch self {
        case .sqlite: false
        case .postgres: true
        }
    }

    /// The options that name one.
    static let options = ["store", "dir", "url"]

    init(_ options: BenchOptions) throws {
        switch options.text("store", default: "sqlite") {
        case "sqlite": self = .sqlite(path: options.text("dir", default: "/tmp") + "/saga-bench.db")
        case "postgres":
            let url = options.text("url", default: "")
            guard !url.isEmpty else { throw BenchFailure("--store postgres takes --url postgresql://…") }
            self = .postgres(url: url)
        default: throw BenchFailure("--store sqlite|postgres")
        }
    }
}
