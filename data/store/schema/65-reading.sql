-- What text recognition has read on pages, so that none is read twice: page.Reading. hash: of the page's
-- picture, or of file and page number where the page is one of a PDF (package data/recognize).
CREATE TABLE reading (
  key      INTEGER PRIMARY KEY,
  hash     ANY     NOT NULL,
  language TEXT    NOT NULL,
  engine   TEXT    NOT NULL,
  words    BLOB    NOT NULL,            -- page.Text as JSON, zstd-compressed
  fault    TEXT    NOT NULL,            -- why it could not be read
  tries    INTEGER NOT NULL             -- that failed
) STRICT;

CREATE UNIQUE INDEX reading_page ON reading (hash, language, engine);
