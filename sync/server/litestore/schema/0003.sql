-- The files that were ever complete, so that the loss of one is noticed. lost: 1, it is gone since.
CREATE TABLE file (
  authority INTEGER NOT NULL REFERENCES authority (no),
  hash      BLOB    NOT NULL CHECK (length(hash) = 32),
  lost      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (authority, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_lost ON file (authority, hash) WHERE lost = 1;

-- Changes whenever a file was found lost: desks that know another mark ask what is missing.
CREATE TABLE loss (
  authority INTEGER PRIMARY KEY REFERENCES authority (no),
  mark      INTEGER NOT NULL
) STRICT;
