-- The forms that the authority has published, every version. Follows from the changes of kind 'form' by
-- folding (package sync/merge).
CREATE TABLE form (
  key      INTEGER PRIMARY KEY,
  topic    ANY     NOT NULL,            -- journal.topic
  id       TEXT    NOT NULL,            -- record.FormRef
  version  TEXT    NOT NULL,
  hash     ANY     NOT NULL,
  rank     INTEGER NOT NULL,            -- among the versions of the form, the oldest 0
  title    TEXT    NOT NULL,            -- JSON object: language to name
  file     INTEGER NOT NULL REFERENCES file (key),
  retired  INTEGER NOT NULL,
  standing INTEGER NOT NULL,            -- 0 counts, 1 the version has another content already, 2 the centre refused it
  journal  INTEGER NOT NULL REFERENCES journal (key) -- the change that said the latest about it
) STRICT;

CREATE INDEX form_topic ON form (topic);
CREATE INDEX form_file ON form (file);
