extension PostgresSchema {
    // `empty`: the lease was found to be over and to hold nothing, and was not renewed since. What a lease holds is
    // found from its newest fence on: while an old snapshot is held, its index is full of what it held before.
    static let claiming = """
        ALTER TABLE lease ADD COLUMN empty boolean NOT NULL DEFAULT false;
        DROP INDEX progress_holder;
        CREATE INDEX progress_holder ON progress(holder, fence) WHERE holder IS NOT NULL;
        """
}
