extension PostgresSchema {
    // Texts that are looked up or ordered are COLLATE "C": byte order, as everywhere else. Names that every row repeats
    // (stages, sources, spaces) are numbers here and text in `name`.
    //
    // progress: what changes of a saga that has not ended, narrow, with room in each page so that most changes touch no
    // index (HOT). `ready` is its place among those that can be claimed (milliseconds and a turn, twenty bits), NULL
    // while it sleeps or is held; `wake` is when it wants to be woken; `sleep` has bit 1 for "a notice wakes it" and
    // bit 2
    // for "its last child wakes it"; `stirred` tells that a notice became its own out of turn; `lane` is the last place
    // it gave to a child. One that ends moves to `finished`, which is written once and never again.
    //
    // child_end: how many of a saga's children have ended, counted by each writer in a row of its own: a counter in the
    // parent's row would queue all runners behind one row's lock through every sync.
    //
    // lease: `dead` once it was given up or taken over; `swept` once somebody has looked after the parents of what its
    // runner may have ended last, which is done for every lease that is over, whether it holds anything or not.
    //
    // book_log: a line's number is its transaction's, and its place in it. Transactions are numbered in the order in
    // which they begin, so below the oldest one that has not ended every line that will ever be there is there.
    // `base` of
    // the life of the data is added to the transactions' numbers, which begin anew on another system.
    //
    // journal: `writer`, `turn` and `place` say in which transaction of which connection an entry came, and where in
    // it: a
    // connection's transactions follow one another, so the sealer meets every entry once, in an order that can be
    // repeated, without a number that all runners would have to share.
    static let tables = """
        CREATE TABLE meta(key text COLLATE "C" PRIMARY KEY, value text NOT NULL);
        INSERT INTO meta VALUES ('store', replace(gen_random_uuid()::text, '-', ''));

        CREATE TABLE incarnation(number bigint PRIMARY KEY, since bigint NOT NULL, reason text NOT NULL,
            system text NOT NULL, timeline text NOT NULL, base bigint NOT NULL);

        CREATE SEQUENCE writer_number;
        CREATE TABLE writer(number bigint PRIMARY KEY, opened bigint NOT NULL, sealed bigint NOT NULL DEFAULT 0);

        CREATE TABLE name(number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text COLLATE "C" NOT NULL
            UNIQUE);
        CREATE TABLE flow(number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL,
            version bigint NOT NULL, UNIQUE(name, version));

        CREATE SEQUENCE saga_number;
        CREATE TABLE saga(
            number bigint PRIMARY KEY, flow bigint NOT NULL, parent bigint, stage bigint, created bigint NOT NULL,
            element text COLLATE "C", id text COLLATE "C" NOT NULL UNIQUE, input bytea NOT NULL);
        CREATE INDEX saga_child ON saga(parent, stage, element) WHERE parent IS NOT NULL;
        CREATE INDEX saga_root ON saga(id) WHERE parent IS NULL;

        CREATE SEQUENCE fence_number;
        CREATE TABLE progress(
            number bigint PRIMARY KEY, flow bigint NOT NULL, status smallint NOT NULL, sequence bigint NOT NULL,
            holder bigint, fence bigint NOT NULL, ready bigint, wake bigint, sleep smallint NOT NULL,
            stirred boolean NOT NULL, spawned bigint NOT NULL, lane bigint NOT NULL, pivoted boolean NOT NULL,
            updated bigint NOT NULL, head bytea NOT NULL, exposures bytea, predicament bytea)
            WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
                autovacuum_vacuum_cost_delay = 1, autovacuum_analyze_scale_factor = 0.1);
        CREATE INDEX progress_ready ON progress(flow, ready, number) WHERE ready IS NOT NULL;
        CREATE INDEX progress_wake ON progress(flow, wake, number) WHERE wake IS NOT NULL;
        CREATE INDEX progress_holder ON progress(holder) WHERE holder IS NOT NULL;
        CREATE INDEX progress_parent ON progress(number) WHERE spawned > 0;
        CREATE INDEX progress_stuck ON progress(number) WHERE status = 3;

        CREATE TABLE finished(
            number bigint PRIMARY KEY, flow bigint NOT NULL, status smallint NOT NULL, sequence bigint NOT NULL,
            spawned bigint NOT NULL, pivoted boolean NOT NULL, updated bigint NOT NULL, head bytea NOT NULL,
            exposures bytea, predicament bytea, output bytea NOT NULL);
        CREATE TABLE child_end(parent bigint, writer bigint, ended bigint NOT NULL, PRIMARY KEY(parent, writer))
            WITH (fillfactor = 50);

        CREATE TABLE journal(
            saga bigint NOT NULL, sequence bigint NOT NULL, writer bigint NOT NULL, turn bigint NOT NULL,
            place bigint NOT NULL, stage bigint NOT NULL, refusals bigint NOT NULL, kind smallint NOT NULL,
            at bigint NOT NULL, body bytea NOT NULL, link bytea NOT NULL, PRIMARY KEY(saga, sequence));
        CREATE INDEX journal_turn ON journal(writer, turn);
        ALTER TABLE journal ALTER body SET STORAGE EXTERNAL;

        CREATE SEQUENCE notice_number;
        CREATE TABLE notice(
            number bigint PRIMARY KEY, standing smallint NOT NULL, saga bigint, source bigint NOT NULL,
            variant bigint NOT NULL, at bigint NOT NULL, id text COLLATE "C" NOT NULL,
            reference text COLLATE "C" NOT NULL, claim bytea NOT NULL, headers text NOT NULL, body bytea NOT NULL)
            WITH (fillfactor = 80);
        CREATE UNIQUE INDEX notice_once ON notice(source, id, variant);
        CREATE INDEX notice_saga ON notice(saga, standing, number) WHERE saga IS NOT NULL;
        CREATE INDEX notice_conflict ON notice(source) WHERE standing = 4;
        CREATE INDEX notice_orphan ON notice(source, reference) WHERE standing = 5;
        CREATE INDEX notice_quarantine ON notice(source) WHERE standing = 6;
        CREATE INDEX notice_odd ON notice(standing, number) WHERE standing > 1;

        CREATE TABLE expectation(
            source bigint NOT NULL, reference text COLLATE "C" NOT NULL, saga bigint NOT NULL, stage bigint NOT NULL,
            refusals bigint NOT NULL, PRIMARY KEY(source, reference));

        CREATE SEQUENCE epoch_number;
        CREATE TABLE lease(epoch bigint PRIMARY KEY, runner text COLLATE "C" NOT NULL UNIQUE, expires bigint NOT NULL,
            granted bigint NOT NULL, dead boolean NOT NULL DEFAULT false, swept boolean NOT NULL DEFAULT false)
            WITH (fillfactor = 50);

        CREATE SEQUENCE print_number;
        CREATE TABLE print(number bigint PRIMARY KEY, writer bigint NOT NULL, turn bigint NOT NULL,
            place bigint NOT NULL, at bigint NOT NULL, saga text COLLATE "C", print text NOT NULL);
        CREATE INDEX print_turn ON print(writer, turn);
        CREATE INDEX print_saga ON print(saga) WHERE saga IS NOT NULL;

        CREATE TABLE seal(number bigint PRIMARY KEY, at bigint NOT NULL, writers bigint[] NOT NULL,
            after bigint[] NOT NULL, upto bigint[] NOT NULL, link bytea NOT NULL);

        CREATE TABLE book_value(space bigint NOT NULL, key text COLLATE "C" NOT NULL, version bigint NOT NULL,
            value bytea NOT NULL, PRIMARY KEY(space, key)) WITH (fillfactor = 80);
        CREATE TABLE book_log(number bigint PRIMARY KEY, log bigint NOT NULL, key text COLLATE "C" NOT NULL,
            saga text COLLATE "C" NOT NULL, stage bigint NOT NULL, at bigint NOT NULL, body bytea NOT NULL);
        CREATE INDEX book_log_key ON book_log(log, key, number);
        CREATE INDEX book_log_number ON book_log(log, number);

        CREATE TABLE runner(writer bigint PRIMARY KEY, name text COLLATE "C" NOT NULL, address text NOT NULL,
            version text NOT NULL, host text NOT NULL, started bigint NOT NULL, seen bigint NOT NULL)
            WITH (fillfactor = 50);
        """

    /// History cannot be edited or deleted, not even by our own code.
    static let guards =
        """
        CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '% only grows: no line of it is ever changed or deleted', TG_TABLE_NAME USING ERRCODE =
                'SG001';
        END $$;

        """
        + ["journal", "print", "seal", "book_log", "incarnation", "finished"].map { table in
            """
            CREATE TRIGGER \(table)_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON \(table)
                FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
            """
        }.joined(separator: "\n")

    /// A journal that people can read with psql.
    static let views = """
        CREATE VIEW readable_journal AS
            SELECT s.id AS saga, j.sequence, n.text AS stage, j.refusals, j.kind, to_timestamp(j.at / 1000.0) AS at,
                convert_from(j.body, 'UTF8') AS body, encode(j.link, 'hex') AS link, j.writer, j.turn, j.place
            FROM journal j JOIN saga s ON s.number = j.saga JOIN name n ON n.number = j.stage;
        """
}
