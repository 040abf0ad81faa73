extension PostgresSchema {
    // An update that changes no column of any index, nor of an index's condition, touches no index at all (HOT) and
    // leaves no dead row for look-ups to walk over. A saga's status changes with most appends and a notice's standing
    // when a stage takes it, so conditions are on columns that follow from them and stay as they are in these cases:
    // `stuck` is NULL unless the saga is stuck, `odd` is NULL unless the notice is neither fresh nor consumed. Most
    // notices of a page are taken soon after they came, so their pages have room for that.
    static let calmIndexes = """
        DROP INDEX progress_stuck;
        ALTER TABLE progress
            ADD COLUMN stuck boolean GENERATED ALWAYS AS (CASE WHEN status = 3 THEN true END) STORED;
        CREATE INDEX progress_stuck ON progress(number) WHERE stuck;

        DROP INDEX notice_saga, notice_conflict, notice_orphan, notice_quarantine, notice_odd;
        ALTER TABLE notice SET (fillfactor = 60);
        ALTER TABLE notice
            ADD COLUMN odd smallint GENERATED ALWAYS AS (CASE WHEN standing > 1 THEN standing END) STORED;
        CREATE INDEX notice_saga ON notice(saga, number) WHERE saga IS NOT NULL;
        CREATE INDEX notice_conflict ON notice(source) WHERE odd = 4;
        CREATE INDEX notice_orphan ON notice(source, reference) WHERE odd = 5;
        CREATE INDEX notice_quarantine ON notice(source) WHERE odd = 6;
        CREATE INDEX notice_odd ON notice(odd, number) WHERE odd IS NOT NULL;
        """
}
