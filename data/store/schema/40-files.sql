-- Stored files that documents and forms name. here: the bytes lie in this desk's blob store; sent: nothing to send.
CREATE TABLE file (
  key  INTEGER PRIMARY KEY,
  hash ANY     NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  text INTEGER NOT NULL,                -- 1: page texts for the search index
  here INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  -- Files travel by turns: 0 forms, 1 small texts, 2 small, 3 big texts, 4 big (file.go).
  turn INTEGER NOT NULL DEFAULT 4
) STRICT;

CREATE INDEX file_send ON file (turn, size) WHERE sent = 0;
CREATE INDEX file_fetch ON file (turn, size) WHERE here = 0;

-- Documents of cases; what a document is stands in its case.
CREATE TABLE document (
  key     INTEGER PRIMARY KEY,
  id      ANY     NOT NULL UNIQUE,
  matter  INTEGER NOT NULL REFERENCES cases (key),
  journal INTEGER NOT NULL REFERENCES journal (key),
  text    INTEGER REFERENCES file (key), -- NULL: no page texts
  indexed INTEGER NOT NULL DEFAULT 0,
  -- Words are to be looked for on what is shown: 1 this desk made it, 2 another one did and owes them (recognize.go).
  unheard INTEGER NOT NULL DEFAULT 0,
  version ANY     NOT NULL DEFAULT '', -- the change that made what is shown and text; '': as it was filed
  trashed INTEGER NOT NULL DEFAULT 0,
  need    INTEGER NOT NULL DEFAULT 0,   -- transfer.Place: where a scan stands; 0: it is none, or its case is deleted
  draw    INTEGER NOT NULL DEFAULT 0,   -- transfer.Draw: in the sample if less than its share
  scanned INTEGER NOT NULL DEFAULT 0,   -- when, milliseconds
  scanner TEXT    NOT NULL DEFAULT '',  -- by whom, transfer.Folded
  owed    INTEGER NOT NULL DEFAULT 0    -- of unheard 2: when this desk learned of it, milliseconds
) STRICT;

CREATE INDEX document_unheard ON document (key) WHERE unheard = 1;
CREATE INDEX document_owed ON document (owed) WHERE unheard = 2;
CREATE INDEX document_need ON document (need, scanned, draw) WHERE need > 0;
CREATE INDEX document_matter ON document (matter);
CREATE INDEX document_text ON document (text) WHERE indexed = 0 AND text IS NOT NULL;

-- The files of a document; journal: the change that named the file first.
CREATE TABLE document_file (
  document INTEGER NOT NULL REFERENCES document (key),
  file     INTEGER NOT NULL REFERENCES file (key),
  journal  INTEGER NOT NULL REFERENCES journal (key),
  PRIMARY KEY (document, file)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_file_file ON document_file (file);
