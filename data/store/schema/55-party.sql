-- Who and what each case is about: the register of persons, and what is looked up to warn of duplicates. A row
-- follows from the case (package data/party) and is written together with the case's words in the search index.
CREATE TABLE party (
  key          INTEGER PRIMARY KEY REFERENCES cases (key),
  person       INTEGER NOT NULL,        -- the same number: the same party in lists; 0: nobody
  since        INTEGER NOT NULL,        -- when the name was typed, milliseconds
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
  identity     TEXT    NOT NULL         -- what tells the case's thing from all others
) STRICT;

CREATE INDEX party_person ON party (person, since);

-- What two cases that are alike have in common (party.Subject.Keys).
CREATE TABLE party_key (
  hash  INTEGER NOT NULL,
  party INTEGER NOT NULL REFERENCES party (key),
  PRIMARY KEY (hash, party)
) STRICT, WITHOUT ROWID;

-- What a party is found by while it is typed (party.Words), folded already. rowid: party.key.
CREATE VIRTUAL TABLE find_party USING fts5 (
  name, place, sound,
  content = '', contentless_delete = 1, detail = 'column', tokenize = 'ascii', prefix = '1 2 3'
);
