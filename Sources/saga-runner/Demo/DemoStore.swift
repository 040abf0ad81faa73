internal import Adapters
internal import SagaEngine

/// What the demo settles on: a SQLite file in its folder, or a schema of its own in a PostgreSQL database.
enum DemoStore: Sendable {
    case sqlite
    case postgres(url: String, schema: String)

    /// A schema with a name that is nobody's.
    static func postgres(at url: String) throws -> DemoStore {
        .postgres(url: url, schema: "demo_" + Adapters.Hex.encode(try SecureRandom.bytes(6)))
    }

    /// The section `store` of a runner's configuration; the URL is in the file `store-url`.
    func section(runner: Int) -> JSONValue {
        switch self {
        case .sqlite: ["path": "sagas.db", "anchor": "anchor.json"]
        case .postgres(_, let schema):
            .fields(
                ("url", ["file": "store-url"]), ("schema", .string(schema)),
                ("anchor", .string("anchor-\(runner).json")))
        }
    }

    /// Writes what the section refers to.
    func prepare(_ folder: DemoFolder) throws {
        if case .postgres(let url, _) = self { _ = try folder.write(url + "\n", as: "store-url") }
    }

    /// Removes what is not in the demo's folder.
    func remove() async throws(StoreError) {
        guard case .postgres(let url, let schema) = self else { return }
        try await PostgresStore.drop(PostgresStoreConfiguration(url: url, schema: schema, digest: SHA256Digest()))
    }

    var words: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }
}
