-- When a case was begun, for the search. A case without any opening has the year 1.
ALTER TABLE cases ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET created = coalesce((SELECT CAST(unixepoch(json_extract(CAST(b.body AS TEXT), '$.created'), 'subsec') * 1000 AS INTEGER)
  FROM case_body b WHERE b.key = cases.key), 0);
CREATE INDEX cases_created ON cases (shelf, created);
