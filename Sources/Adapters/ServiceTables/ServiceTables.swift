/// The tables that a daemon keeps beside the sagas: what its API has answered, evidence it was given, and its notes.
enum ServiceTables {
    static let statements = """
        CREATE TABLE service_answer(
            actor TEXT NOT NULL, key TEXT NOT NULL, route TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
            status INTEGER NOT NULL, answer BLOB NOT NULL, PRIMARY KEY(actor, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX service_answer_at ON service_answer(at);

        CREATE TABLE service_evidence(
            digest TEXT PRIMARY KEY, name TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
            content BLOB NOT NULL) STRICT;

        CREATE TABLE service_note(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
}
