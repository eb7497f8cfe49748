-- What text recognition has read, and which documents wait for it. Those this desk filed without text wait.
CREATE TABLE reading (
  key      INTEGER PRIMARY KEY,
  hash     ANY     NOT NULL,
  language TEXT    NOT NULL,
  engine   TEXT    NOT NULL,
  words    BLOB    NOT NULL,
  fault    TEXT    NOT NULL,
  tries    INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reading_page ON reading (hash, language, engine);

ALTER TABLE document ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
CREATE INDEX document_unheard ON document (key) WHERE unheard = 1;
UPDATE document SET unheard = 1 WHERE text IS NULL AND journal IN (
  SELECT j.key FROM journal j JOIN device v ON v.key = j.device WHERE v.own = 1);
