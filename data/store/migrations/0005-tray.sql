-- Scanned pages that are in no case yet.
CREATE TABLE tray_stack (
  key  INTEGER PRIMARY KEY,
  id   ANY     NOT NULL UNIQUE,
  made INTEGER NOT NULL,
  body BLOB    NOT NULL
) STRICT;

CREATE TABLE tray_page (
  key   INTEGER PRIMARY KEY,
  id    ANY     NOT NULL UNIQUE,
  stack INTEGER NOT NULL REFERENCES tray_stack (key),
  n     INTEGER NOT NULL,
  hash  ANY     NOT NULL,
  body  BLOB    NOT NULL,
  UNIQUE (stack, n)
) STRICT;

CREATE INDEX tray_page_hash ON tray_page (hash);
