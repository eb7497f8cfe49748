-- The tray "Unsortiert": stacks of scanned pages that are in no case yet. They belong to this desk alone and are
-- in no journal. A page's row goes in the transaction that files it in a case.
CREATE TABLE tray_stack (
  key  INTEGER PRIMARY KEY,
  id   ANY     NOT NULL UNIQUE,
  made INTEGER NOT NULL,
  body BLOB    NOT NULL                 -- sorting.Stack as JSON, without its pages
) STRICT;

CREATE TABLE tray_page (
  key   INTEGER PRIMARY KEY,
  id    ANY     NOT NULL UNIQUE,
  stack INTEGER NOT NULL REFERENCES tray_stack (key),
  n     INTEGER NOT NULL,               -- the order in which the pages came
  hash  ANY     NOT NULL,               -- of the stored file, for whoever asks which files are needed
  body  BLOB    NOT NULL,               -- sorting.Page as JSON
  UNIQUE (stack, n)
) STRICT;

CREATE INDEX tray_page_hash ON tray_page (hash);
