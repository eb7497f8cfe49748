-- The devices whose changes are here. own: this desk made them, now or under an earlier identity.
CREATE TABLE device (
  key INTEGER PRIMARY KEY,
  id  ANY     NOT NULL UNIQUE,
  own INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every change this desk knows, its own and those of others, byte for byte. Rows are only added. What changes
-- is seq, when the centre places a change, and device, n and prev of what was never sent, when the desk becomes
-- another device (renew.go).
CREATE TABLE journal (
  key          INTEGER PRIMARY KEY,     -- order of arrival here
  id           ANY     NOT NULL UNIQUE,
  matter       INTEGER REFERENCES cases (key), -- NULL: the change is about no case, see topic
  device       INTEGER NOT NULL REFERENCES device (key),
  n            INTEGER NOT NULL,        -- unsigned 64 bits
  seq          INTEGER,                 -- NULL until the centre has placed it
  kind         TEXT    NOT NULL,
  time         TEXT    NOT NULL,        -- RFC 3339 with nanoseconds, UTC: the chain is built over it
  hlc          INTEGER NOT NULL,
  user         TEXT    NOT NULL,
  prev         ANY     NOT NULL,
  payload_hash ANY     NOT NULL,
  payload      BLOB,                    -- NULL after an erasure
  fault        TEXT    NOT NULL DEFAULT '', -- why it could not be taken at its word
  topic        ANY                      -- what the change names as its case where matter is NULL: a form's id
) STRICT;

CREATE INDEX journal_matter ON journal (matter);
CREATE INDEX journal_chain ON journal (device, n);
CREATE INDEX journal_topic ON journal (topic) WHERE topic IS NOT NULL;
CREATE INDEX journal_certify ON journal (key) WHERE kind = 'certify';
CREATE INDEX journal_fault ON journal (fault) WHERE fault <> '';

-- Changes the centre has not answered for yet, in the order they were made.
CREATE TABLE outbox (
  journal INTEGER PRIMARY KEY REFERENCES journal (key),
  matter  INTEGER REFERENCES cases (key),
  bytes   INTEGER NOT NULL              -- about what goes over the line
) STRICT;

-- Changes the centre refused, with its reason. They stay part of the case until somebody decides.
CREATE TABLE rejected (
  journal INTEGER PRIMARY KEY REFERENCES journal (key),
  matter  INTEGER REFERENCES cases (key),
  bytes   INTEGER NOT NULL,
  code    TEXT    NOT NULL,
  detail  TEXT    NOT NULL
) STRICT;
