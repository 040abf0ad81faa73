/// The tables of schedules: how far each was decided, and what was decided to be fired.
enum ScheduleTables {
    /// The statements that make the tables.
    ///
    /// They are a released step of the store's schema: what they make in a database is never changed here.
    static func statements(in dialect: TableDialect) -> String {
        let (integer, text, blob) = (dialect.integer, dialect.text, dialect.blob)
        return """
            CREATE TABLE schedule(
                name \(text) PRIMARY KEY, cron \(text) NOT NULL, zone \(text) NOT NULL, flow \(text) NOT NULL,
                input \(blob) NOT NULL, catch_up \(text) NOT NULL, grace \(integer) NOT NULL,
                since \(integer) NOT NULL, revision \(integer) NOT NULL, mark \(integer) NOT NULL
                )\(dialect.strictClustered);

            CREATE TABLE schedule_firing(
                schedule \(text) NOT NULL, moment \(text) NOT NULL, at \(integer) NOT NULL, claimed \(integer) NOT NULL,
                saga \(text) NOT NULL, flow \(text) NOT NULL, input \(blob) NOT NULL, state \(integer) NOT NULL,
                detail \(text) NOT NULL, PRIMARY KEY(schedule, moment))\(dialect.strictClustered);
            CREATE INDEX schedule_firing_at ON schedule_firing(schedule, at);
            CREATE INDEX schedule_firing_open ON schedule_firing(at, schedule, moment) WHERE state = 0;
            """
    }
}
