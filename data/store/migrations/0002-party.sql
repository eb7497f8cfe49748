-- The register of persons; what the program fills it with stands in party.go.
CREATE TABLE party (
  key          INTEGER PRIMARY KEY REFERENCES cases (key),
  person       INTEGER NOT NULL,
  since        INTEGER NOT NULL,
  family       TEXT    NOT NULL,
  given        TEXT    NOT NULL,
  organisation TEXT    NOT NULL,
  birth        TEXT    NOT NULL,
  street       TEXT    NOT NULL,
  house        TEXT    NOT NULL,
  postcode     TEXT    NOT NULL,
  town         TEXT    NOT NULL,
  phone        TEXT    NOT NULL,
  email        TEXT    NOT NULL,
  iban         TEXT    NOT NULL,
  identity     TEXT    NOT NULL
) STRICT;

CREATE INDEX party_person ON party (person, since);

CREATE TABLE party_key (
  hash  INTEGER NOT NULL,
  party INTEGER NOT NULL REFERENCES party (key),
  PRIMARY KEY (hash, party)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE find_party USING fts5 (
  name, place, sound,
  content = '', contentless_delete = 1, detail = 'column', tokenize = 'ascii', prefix = '1 2 3'
);
