-- An authority (town hall) and the head of its history: the counter row that gives changes their places.
CREATE TABLE authority (
  no      INTEGER PRIMARY KEY,               -- 1 to 2^22, upper part of change.place
  tenant  TEXT    NOT NULL UNIQUE,
  name    TEXT    NOT NULL,
  office  TEXT    NOT NULL UNIQUE,
  history TEXT    NOT NULL,
  created INTEGER NOT NULL,                  -- all times: milliseconds since 1970, UTC
  seq     INTEGER NOT NULL DEFAULT 0,
  hash    BLOB    NOT NULL DEFAULT x''       -- running hash at seq, 32 bytes; empty at 0
) STRICT;

-- A device and the head of its chain. Rows are never deleted: case numbers contain the number.
CREATE TABLE desk (
  no        INTEGER PRIMARY KEY,
  authority INTEGER NOT NULL REFERENCES authority (no),
  number    INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999),
  device    TEXT    NOT NULL UNIQUE,
  key       BLOB    NOT NULL CHECK (length(key) = 32),
  program   TEXT    NOT NULL,
  enrolled  INTEGER NOT NULL,
  seen      INTEGER NOT NULL,
  revoked   INTEGER,
  n         INTEGER NOT NULL DEFAULT 0,
  hash      BLOB    NOT NULL DEFAULT x'',    -- of change n, 32 bytes; empty at 0
  UNIQUE (authority, number)
) STRICT;

-- Enrolment codes given out. Only the hash of the secret is kept. device is set once it is used.
CREATE TABLE invitation (
  authority INTEGER NOT NULL REFERENCES authority (no),
  number    INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999),
  secret    BLOB    NOT NULL UNIQUE,
  centre    TEXT    NOT NULL,
  created   INTEGER NOT NULL,
  expires   INTEGER NOT NULL,
  device    TEXT,
  PRIMARY KEY (authority, number)
) STRICT;

-- The histories. place = authority.no << 40 | seq.
CREATE TABLE change (
  place    INTEGER PRIMARY KEY,
  desk     INTEGER NOT NULL REFERENCES desk (no),
  n        INTEGER NOT NULL,
  id       BLOB    NOT NULL CHECK (length(id) = 16),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32),      -- of the change
  log_hash BLOB    NOT NULL CHECK (length(log_hash) = 32),  -- running hash at this place
  ends     INTEGER NOT NULL,                                -- 1: last change of its push
  line     BLOB    NOT NULL                                 -- the change's JSON as the desk sent it
) STRICT;
CREATE UNIQUE INDEX change_of_desk ON change (desk, n);
CREATE UNIQUE INDEX change_by_id ON change (id, place >> 40);

-- Changes that will never enter a history. They keep their place in their device's chain.
CREATE TABLE rejected (
  desk   INTEGER NOT NULL REFERENCES desk (no),
  n      INTEGER NOT NULL,
  hash   BLOB    NOT NULL CHECK (length(hash) = 32),
  code   TEXT    NOT NULL,
  detail TEXT    NOT NULL,
  line   BLOB    NOT NULL,
  PRIMARY KEY (desk, n)
) STRICT;

-- Facts about the centre that its own commands share, such as its address.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
