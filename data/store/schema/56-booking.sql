-- What each case has lent, and for when: the halls' calendar. A row follows from the case's roles and is
-- written together with the case's words in the search index. Whether the case still counts stands in cases.
CREATE TABLE booking (
  key      INTEGER PRIMARY KEY REFERENCES cases (key),
  resource TEXT    NOT NULL,
  day      TEXT    NOT NULL,            -- 2006-01-02
  start    TEXT    NOT NULL,            -- 15:04; '': from the beginning of the day
  finish   TEXT    NOT NULL             -- 15:04; '': to the end of the day
) STRICT;

CREATE INDEX booking_day ON booking (resource, day);

-- Which cases one interview has made. A case keeps its bundle for ever.
CREATE TABLE bundle (
  key    INTEGER PRIMARY KEY REFERENCES cases (key),
  bundle ANY     NOT NULL
) STRICT;

CREATE INDEX bundle_id ON bundle (bundle);
