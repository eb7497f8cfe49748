-- The halls' calendar and the cases of one interview; what the program fills them with stands in bookings.go.
CREATE TABLE booking (
  key      INTEGER PRIMARY KEY REFERENCES cases (key),
  resource TEXT    NOT NULL,
  day      TEXT    NOT NULL,
  start    TEXT    NOT NULL,
  finish   TEXT    NOT NULL
) STRICT;

CREATE INDEX booking_day ON booking (resource, day);

CREATE TABLE bundle (
  key    INTEGER PRIMARY KEY REFERENCES cases (key),
  bundle ANY     NOT NULL
) STRICT;

CREATE INDEX bundle_id ON bundle (bundle);
