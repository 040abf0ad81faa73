-- A store as schema 1 was written: one saga with two entries, one print, one seal. Never edited.
CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('store', '00112233445566778899aabbccddeeff'), ('epoch', 0);

CREATE TABLE incarnation(number INTEGER PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;

CREATE TABLE name(number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE flow(number INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
    UNIQUE(name, version)) STRICT;

CREATE TABLE saga(
    number INTEGER PRIMARY KEY, status INTEGER NOT NULL, flow INTEGER NOT NULL REFERENCES flow,
    sequence INTEGER NOT NULL, fence INTEGER NOT NULL, holder INTEGER, ready INTEGER, wake INTEGER,
    sleep INTEGER NOT NULL, stirred INTEGER NOT NULL, open INTEGER NOT NULL, pivoted INTEGER NOT NULL,
    parent INTEGER REFERENCES saga, stage INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL,
    head BLOB NOT NULL, element TEXT, id TEXT NOT NULL UNIQUE, exposures TEXT, predicament BLOB,
    output BLOB, input BLOB NOT NULL) STRICT;
CREATE INDEX saga_ready ON saga(flow, ready) WHERE ready IS NOT NULL;
CREATE INDEX saga_wake ON saga(flow, wake) WHERE wake IS NOT NULL;
CREATE INDEX saga_holder ON saga(holder) WHERE holder IS NOT NULL;
CREATE INDEX saga_child ON saga(parent, stage, element) WHERE parent IS NOT NULL;
CREATE INDEX saga_root ON saga(id) WHERE parent IS NULL;
CREATE INDEX saga_stuck ON saga(id) WHERE status = 3;

CREATE TABLE journal(
    number INTEGER PRIMARY KEY, saga INTEGER NOT NULL REFERENCES saga, sequence INTEGER NOT NULL,
    stage INTEGER NOT NULL, refusals INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL,
    body BLOB NOT NULL, link BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX journal_saga ON journal(saga, sequence);

CREATE TABLE notice(
    number INTEGER PRIMARY KEY, standing INTEGER NOT NULL, saga INTEGER REFERENCES saga,
    source INTEGER NOT NULL, variant INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL,
    reference TEXT NOT NULL,
    claim BLOB NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX notice_once ON notice(source, id, variant);
CREATE INDEX notice_saga ON notice(saga) WHERE saga IS NOT NULL;
CREATE INDEX notice_orphan ON notice(source, reference) WHERE standing = 5;
CREATE INDEX notice_odd ON notice(standing) WHERE standing > 1;

CREATE TABLE expectation(
    source INTEGER NOT NULL, reference TEXT NOT NULL, saga INTEGER NOT NULL REFERENCES saga,
    stage INTEGER NOT NULL, refusals INTEGER NOT NULL, PRIMARY KEY(source, reference)) STRICT, WITHOUT ROWID;

CREATE TABLE lease(epoch INTEGER PRIMARY KEY, runner TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) STRICT;

-- "after" is the journal entry that it follows: the order of the commit, for its seal.
CREATE TABLE print(number INTEGER PRIMARY KEY, after INTEGER NOT NULL, at INTEGER NOT NULL,
    print TEXT NOT NULL) STRICT;
CREATE INDEX print_saga ON print(json_extract(print, '$.saga'));

-- "entry" and "print" are the last ones it seals; it seals everything since the seal before it.
CREATE TABLE seal(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, entry INTEGER NOT NULL,
    print INTEGER NOT NULL, link BLOB NOT NULL) STRICT;

CREATE TABLE book_value(space INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY(space, key)) STRICT, WITHOUT ROWID;
CREATE TABLE book_log(number INTEGER PRIMARY KEY, log INTEGER NOT NULL, key TEXT NOT NULL, saga TEXT NOT NULL,
    stage INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX book_log_key ON book_log(log, key);
INSERT INTO incarnation VALUES(0, 1767225600000, 'created');
INSERT INTO name VALUES(1, 'mint');
INSERT INTO flow VALUES(1, 'settlement', 1);
INSERT INTO saga(number, status, flow, sequence, fence, ready, sleep, stirred, open, pivoted, created, updated, head, id,
    input) VALUES(1, 1, 1, 2, 1, 1853070350745600000, 0, 0, 0, 0, 1767225600000, 1767225600009, x'1e9afeaab51fcb722d300ffbfaeee7d5c888bc79b7bdb4433693e91592922687', 'SG-TOWER-1', CAST('{"offering":"SG-TOWER-1"}' AS BLOB));
INSERT INTO journal VALUES(1, 1, 1, 1, 0, 1, 1767225600000, CAST('{"to":"custodian"}' AS BLOB), x'243a374e0131a68cf30f031c3ae0db2d14f11ad243d472a258813ea9ab69f7b9');
INSERT INTO journal VALUES(2, 1, 2, 1, 0, 3, 1767225600005, CAST('{"id":"r-1"}' AS BLOB), x'1e9afeaab51fcb722d300ffbfaeee7d5c888bc79b7bdb4433693e91592922687');
INSERT INTO print VALUES(1, 2, 1767225600009, '{"action":"retry","actor":"ops","detail":"","outcome":"done","reason":"because","role":"operator","saga":"SG-TOWER-1","version":2}');
INSERT INTO seal VALUES(1, 1767225600009, 2, 1, x'9d9673c73a285f9069cd9a357c1f11dd21eefac818dd6627afa67e5982f6a312');
PRAGMA user_version = 1;
