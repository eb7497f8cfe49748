-- Published forms. Their changes belong to no case and name the form by topic; what an older program filed
-- under a case is moved by the program (forms.go).
ALTER TABLE journal ADD COLUMN topic ANY;
CREATE INDEX journal_topic ON journal (topic) WHERE topic IS NOT NULL;

CREATE TABLE waiting AS SELECT journal, matter, bytes FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox (
  journal INTEGER PRIMARY KEY REFERENCES journal (key),
  matter  INTEGER REFERENCES cases (key),
  bytes   INTEGER NOT NULL
) STRICT;
INSERT INTO outbox (journal, matter, bytes) SELECT journal, matter, bytes FROM waiting;
DROP TABLE waiting;

CREATE TABLE refused AS SELECT journal, matter, bytes, code, detail FROM rejected;
DROP TABLE rejected;
CREATE TABLE rejected (
  journal INTEGER PRIMARY KEY REFERENCES journal (key),
  matter  INTEGER REFERENCES cases (key),
  bytes   INTEGER NOT NULL,
  code    TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;
INSERT INTO rejected (journal, matter, bytes, code, detail) SELECT journal, matter, bytes, code, detail FROM refused;
DROP TABLE refused;

ALTER TABLE file ADD COLUMN turn INTEGER NOT NULL DEFAULT 4;
UPDATE file SET turn = iif(size > 65536, 3, 1) + (text = 0);
DROP INDEX file_send;
DROP INDEX file_fetch;
CREATE INDEX file_send ON file (turn, size) WHERE sent = 0;
CREATE INDEX file_fetch ON file (turn, size) WHERE here = 0;

CREATE TABLE form (
  key      INTEGER PRIMARY KEY,
  topic    ANY     NOT NULL,
  id       TEXT    NOT NULL,
  version  TEXT    NOT NULL,
  hash     ANY     NOT NULL,
  rank     INTEGER NOT NULL,
  title    TEXT    NOT NULL,
  file     INTEGER NOT NULL REFERENCES file (key),
  retired  INTEGER NOT NULL,
  standing INTEGER NOT NULL,
  journal  INTEGER NOT NULL REFERENCES journal (key)
) STRICT;

CREATE INDEX form_topic ON form (topic);
CREATE INDEX form_file ON form (file);
