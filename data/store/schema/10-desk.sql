-- Who this desk is and how far it has read the centre's history. One row.
CREATE TABLE desk (
  key      INTEGER PRIMARY KEY CHECK (key = 1),
  identity TEXT    NOT NULL,            -- record.Identity as JSON
  history  TEXT    NOT NULL DEFAULT '', -- record.Cursor
  seq      INTEGER NOT NULL DEFAULT 0,
  hash     TEXT    NOT NULL DEFAULT ''
) STRICT;

-- Small things a desk remembers: language, look, printer, last values.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last sequence given out per series of case numbers, e.g. 'MS-1-26'. Only ever grows.
CREATE TABLE number (
  series TEXT    NOT NULL PRIMARY KEY,
  last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is being typed. Nothing else depends on it.
CREATE TABLE draft (
  key     INTEGER PRIMARY KEY,
  id      ANY     NOT NULL UNIQUE,
  user    TEXT    NOT NULL,
  updated INTEGER NOT NULL,
  body    BLOB    NOT NULL,             -- record.Draft as JSON
  unindexed INTEGER NOT NULL DEFAULT 0  -- 1: the words of a paper are not in the search index yet (drafttext.go)
) STRICT;

CREATE INDEX draft_unindexed ON draft (key) WHERE unindexed = 1;
