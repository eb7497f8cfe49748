-- Publishing of forms. desk: the number 0 is the centre's own device, and some desks may publish. change: the
-- publications are found without reading the history.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE desk_kept AS SELECT no, authority, number, device, key, program, enrolled, seen, revoked, n, hash FROM desk;
DROP TABLE desk;
CREATE TABLE desk (
  no        INTEGER PRIMARY KEY,
  authority INTEGER NOT NULL REFERENCES authority (no),
  number    INTEGER NOT NULL CHECK (number BETWEEN 0 AND 999), -- 0: the centre's own device
  device    TEXT    NOT NULL UNIQUE,
  key       BLOB    NOT NULL CHECK (length(key) = 32),
  program   TEXT    NOT NULL,
  enrolled  INTEGER NOT NULL,
  seen      INTEGER NOT NULL,
  revoked   INTEGER,
  n         INTEGER NOT NULL DEFAULT 0,
  hash      BLOB    NOT NULL DEFAULT x'',    -- of change n, 32 bytes; empty at 0
  admin     INTEGER NOT NULL DEFAULT 0,      -- 1: may publish forms
  UNIQUE (authority, number)
) STRICT;
INSERT INTO desk (no, authority, number, device, key, program, enrolled, seen, revoked, n, hash)
  SELECT no, authority, number, device, key, program, enrolled, seen, revoked, n, hash FROM desk_kept;
DROP TABLE desk_kept;

ALTER TABLE invitation ADD COLUMN admin INTEGER NOT NULL DEFAULT 0;

ALTER TABLE change ADD COLUMN form INTEGER NOT NULL DEFAULT 0; -- 1: it is of kind 'form'
UPDATE change SET form = 1 WHERE instr(line, CAST('"kind":"form"' AS BLOB)) > 0 AND json_extract(CAST(line AS TEXT), '$.kind') = 'form';
CREATE INDEX change_form ON change (place) WHERE form = 1;
