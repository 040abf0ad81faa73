internal import Adapters
internal import SagaEngine

extension ConfigReader {
    private static let sqliteKeys = ["path", "minimum_free_mib", "writer_cache_mib", "reader_cache_mib"]
    private static let postgresKeys = ["url", "schema", "synchronous_commit", "retention_years"]

    /// Where sagas are kept: a SQLite file, or a PostgreSQL database; its keys say which.
    func store() async -> RunnerConfig.Store {
        let section = root.section("store")
        defer { section.close() }
        let anchor = section.value("anchor") == nil ? nil : resolve(section.text("anchor"))
        // All keys are known here, so that one of the other kind gets a mistake of its own.
        let given = (Self.sqliteKeys + Self.postgresKeys).filter { section.value($0) != nil }
        guard given.contains("url") else {
            refuse(given, of: Self.postgresKeys, in: section, because: "goes with PostgreSQL, and there is no url")
            return RunnerConfig.Store(place: .sqlite(sqlite(section)), anchor: anchor)
        }
        refuse(given, of: Self.sqliteKeys, in: section, because: "goes with SQLite, and there is a url")
        return RunnerConfig.Store(place: .postgres(await postgres(section)), anchor: anchor)
    }

    private func refuse(
        _ given: [String], of kind: [String], in section: ConfigSection, because why: String
    ) {
        for key in given where kind.contains(key) {
            section.mistake(key, why, "give either path (SQLite) or url (PostgreSQL), and the keys that go with it")
        }
    }

    private func sqlite(_ section: ConfigSection) -> StorePlace.SQLitePlace {
        let path = section.text("path")
        return StorePlace.SQLitePlace(
            path: path.isEmpty ? "" : resolve(path),
            minimumFreeBytes: Int64(section.integer("minimum_free_mib", in: 0...1_048_576, default: 16)) << 20,
            writerCacheKibibytes: section.integer("writer_cache_mib", in: 1...65_536, default: 12) << 10,
            readerCacheKibibytes: section.integer("reader_cache_mib", in: 1...65_536, default: 4) << 10)
    }

    private func postgres(_ section: ConfigSection) async -> StorePlace.PostgresPlace {
        let schema = section.text("schema", default: "saga_runner")
        let first = schema.utf8.first.map { ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x5F } ?? false
        let isName = schema.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
        if !first || !isName || schema.utf8.count > 48 || schema.hasPrefix("pg_") {
            section.mistake(
                "schema", "is no name for a schema", "write 1 to 48 of a-z, 0-9 and _, not a digit or pg_ first")
        }
        return StorePlace.PostgresPlace(
            url: await secret("url", in: section) ?? "", schema: schema,
            confirmation: section.choice("synchronous_commit", default: .on),
            retentionYears: section.integer(
                "retention_years", in: StorePlace.PostgresPlace.retentionRange, default: 5))
    }
}
