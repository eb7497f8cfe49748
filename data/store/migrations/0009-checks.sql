-- Where scans stand on the way to the destruction of their paper; what the program fills this with stands in checks.go.
ALTER TABLE document ADD COLUMN need INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN draw INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN scanned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN scanner TEXT NOT NULL DEFAULT '';

CREATE INDEX document_need ON document (need, scanned, draw) WHERE need > 0;
