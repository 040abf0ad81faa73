internal import CSQLite

/// What is set once for the whole process before SQLite is first used; measured to be worth half the throughput.
enum SQLiteTuning {
    /// Whether the settings were taken; they are not when SQLite was used before, and then nothing is lost but speed.
    static let isApplied: Bool = {
        csqlite_tune_allocator()
        return csqlite_memory_statistics_off() == SQLITE_OK
    }()
}
