-- The words on drafts' papers, and since when another desk owes the words of what it has made.
ALTER TABLE draft ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 0;
UPDATE draft SET unindexed = 1;
CREATE INDEX draft_unindexed ON draft (key) WHERE unindexed = 1;

CREATE TABLE draft_page (
  key   INTEGER PRIMARY KEY,
  draft INTEGER NOT NULL REFERENCES draft (key),
  text  ANY     NOT NULL,
  no    INTEGER NOT NULL,
  body  BLOB    NOT NULL
) STRICT;
CREATE INDEX draft_page_draft ON draft_page (draft, text);
CREATE VIRTUAL TABLE find_draft USING fts5 (
  text,
  content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii', prefix = '2 3'
);

ALTER TABLE document ADD COLUMN owed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX document_owed ON document (owed) WHERE unheard = 2;
