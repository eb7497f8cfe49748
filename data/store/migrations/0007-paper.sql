-- What became of documents: which version is shown, the trash, files that later changes name, and the register
-- of certified copies.
ALTER TABLE document ADD COLUMN version ANY NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN trashed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE named AS SELECT l.document, l.file, d.journal FROM document_file l JOIN document d ON d.key = l.document;
DROP TABLE document_file;
CREATE TABLE document_file (
  document INTEGER NOT NULL REFERENCES document (key),
  file     INTEGER NOT NULL REFERENCES file (key),
  journal  INTEGER NOT NULL REFERENCES journal (key),
  PRIMARY KEY (document, file)
) STRICT, WITHOUT ROWID;
INSERT INTO document_file (document, file, journal) SELECT document, file, journal FROM named;
DROP TABLE named;
CREATE INDEX document_file_file ON document_file (file);

CREATE INDEX journal_certify ON journal (key) WHERE kind = 'certify';
