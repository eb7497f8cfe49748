package store

import (
	"context"
	"encoding/json"

	"schalter/data/record"
)

// maxPlaces is how many cases are looked at: a leaflet may lie in thousands.
const maxPlaces = 50

// Places says where a file is used already: as the original of a document or as what is shown of one, in
// cases, the trash included, and in drafts; cases first, the newest first. So a clerk who scans or imports the
// same thing twice hears of it.
func (s *Store) Places(ctx context.Context, h record.Hash) (out []record.Place, err error) {
	if !h.Valid() {
		return nil, nil
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		type row struct {
			matter int64
			id     record.ID
		}
		var rows []row
		if err := t.each(ctx, `SELECT d.matter, d.id FROM file f JOIN document_file l ON l.file = f.key JOIN document d ON d.key = l.document
				WHERE f.hash = ? ORDER BY d.key DESC LIMIT ?`, args(packHash(h), maxPlaces), func(scan func(...any) error) error {
			var r row
			err := scan(&r.matter, idOf{&r.id})
			rows = append(rows, r)
			return err
		}); err != nil {
			return err
		}
		for _, r := range rows {
			c, err := t.caseAt(ctx, r.matter)
			if err != nil {
				return err
			}
			for _, d := range c.Documents {
				if d.ID == r.id && uses(d, h) && !c.Deleted {
					out = append(out, record.Place{Case: c.ID, Number: c.Number, Title: d.Title, Document: d.ID, Trashed: d.Trashed != nil})
				}
			}
		}
		return t.each(ctx, `SELECT body FROM draft WHERE instr(body, CAST(? AS BLOB)) > 0 ORDER BY updated DESC, key DESC`, args(string(h)), func(scan func(...any) error) error {
			var body []byte
			if err := scan(&body); err != nil {
				return err
			}
			var draft record.Draft
			if err := json.Unmarshal(body, &draft); err != nil {
				return err
			}
			for _, d := range draft.Documents {
				if uses(d, h) {
					out = append(out, record.Place{Draft: draft.ID, Title: d.Title, Document: d.ID})
				}
			}
			return nil
		})
	})
	return out, err
}

// uses tells whether a document came from the file, or shows or has shown it.
func uses(d record.Document, h record.Hash) bool {
	if d.Shown.Hash == h {
		return true
	}
	for _, o := range d.Originals {
		if o.Blob.Hash == h {
			return true
		}
	}
	for _, v := range d.Versions {
		if v.Shown.Hash == h {
			return true
		}
	}
	return false
}
