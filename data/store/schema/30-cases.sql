-- The projection: what lists sort by and show. Follows from the journal by folding (package sync/merge).
CREATE TABLE cases (
  key       INTEGER PRIMARY KEY,
  id        ANY     NOT NULL UNIQUE,
  shelf     INTEGER NOT NULL DEFAULT 0, -- 0 in no list, 1 open, 2 done
  updated   INTEGER NOT NULL DEFAULT 0,
  conflicts INTEGER NOT NULL DEFAULT 0,
  waiting   INTEGER NOT NULL DEFAULT 0, -- rows in outbox
  rejected  INTEGER NOT NULL DEFAULT 0, -- rows in rejected
  loose     INTEGER NOT NULL DEFAULT 0, -- changes without a seq, whyever
  files     INTEGER NOT NULL DEFAULT 0, -- files still to be sent
  missing   INTEGER NOT NULL DEFAULT 0, -- files of other desks that have not come yet
  seq       INTEGER NOT NULL DEFAULT 0, -- the highest placed change
  stale     INTEGER NOT NULL DEFAULT 0, -- 1: the search index does not know the latest yet
  hlc       INTEGER NOT NULL DEFAULT 0, -- the latest clock reading among its changes
  user      TEXT    NOT NULL DEFAULT '',
  number    TEXT    NOT NULL DEFAULT '',
  state     TEXT    NOT NULL DEFAULT '',
  service   TEXT    NOT NULL DEFAULT '',
  subject   TEXT    NOT NULL DEFAULT '',
  party     TEXT    NOT NULL DEFAULT '',
  title     TEXT    NOT NULL DEFAULT '', -- JSON object: language to name
  created   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX cases_shelf ON cases (shelf, updated);
CREATE INDEX cases_created ON cases (shelf, created);
CREATE INDEX cases_user ON cases (user, updated) WHERE shelf = 1;
CREATE INDEX cases_conflict ON cases (updated) WHERE conflicts > 0 AND shelf > 0;
CREATE INDEX cases_stale ON cases (stale) WHERE stale = 1;
CREATE INDEX cases_number ON cases (number) WHERE number <> '';

-- record.Case as JSON, apart from the rows so that lists stay dense.
CREATE TABLE case_body (
  key  INTEGER PRIMARY KEY REFERENCES cases (key),
  body BLOB    NOT NULL
) STRICT;

-- How many cases each list holds, in all (level 0) and by stretches of time of their last change (level 1:
-- 2^31 ms, level 2: 2^21 ms), so that counting and jumping into a long list never walk it.
-- Lists: 'open', 'done', 'conflict', 'user/' and the user's name. Of scans, only on level 0: 'scan/' and where they
-- stand, 'scan/1/' and who scanned them; their bucket is what they have drawn.
CREATE TABLE tally (
  list   TEXT    NOT NULL,
  level  INTEGER NOT NULL,
  bucket INTEGER NOT NULL,              -- updated >> 31, updated >> 21; 0 on level 0
  n      INTEGER NOT NULL,
  PRIMARY KEY (list, level, bucket)
) STRICT, WITHOUT ROWID;
