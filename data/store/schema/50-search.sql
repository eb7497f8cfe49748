-- Both indexes hold words that package data/search has folded already; the ascii tokenizer only splits at
-- blanks. They keep no text of their own. rowid: cases.key and page.key.
CREATE VIRTUAL TABLE find_case USING fts5 (
  number, party, field, note,
  content = '', contentless_delete = 1, detail = 'column', tokenize = 'ascii', prefix = '1 2 3 4'
);

-- The text of a document's pages, zstd-compressed, to show where a word was found.
CREATE TABLE page (
  key      INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document (key),
  no       INTEGER NOT NULL,            -- from 1
  text     BLOB    NOT NULL
) STRICT;

CREATE INDEX page_document ON page (document);

CREATE VIRTUAL TABLE find_page USING fts5 (
  text,
  content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii', prefix = '2 3'
);

-- The same for the papers of drafts. text: the file that the texts of the pages were read from.
CREATE TABLE draft_page (
  key   INTEGER PRIMARY KEY,
  draft INTEGER NOT NULL REFERENCES draft (key),
  text  ANY     NOT NULL,
  no    INTEGER NOT NULL,               -- from 1
  body  BLOB    NOT NULL
) STRICT;

CREATE INDEX draft_page_draft ON draft_page (draft, text);

CREATE VIRTUAL TABLE find_draft USING fts5 (
  text,
  content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii', prefix = '2 3'
);
