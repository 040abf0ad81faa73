extension PostgresSchema {
    /// The few sagas that ended otherwise than completed with nothing at stake: a census counts the others off their
    /// parents' counters.
    static let otherwiseEnded = """
        CREATE INDEX finished_otherwise ON finished(number) WHERE status <> 5 OR exposures IS NOT NULL;
        """
}
