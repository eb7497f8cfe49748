package store

import (
	"context"
	"encoding/json"
	"slices"

	"schalter/data/page"
	"schalter/data/record"
)

// Unheard lists documents of cases whose words this desk has to look for, the newest first: it made what is
// shown of them. Those of other desks get their words from there.
func (s *Store) Unheard(ctx context.Context, limit int) (out []record.Paper, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		type waiting struct {
			matter int64
			id     record.ID
		}
		var list []waiting
		if err := t.each(ctx, `SELECT matter, id FROM document WHERE unheard = 1 ORDER BY key DESC LIMIT ?`, args(limit), func(scan func(...any) error) error {
			var w waiting
			err := scan(&w.matter, idOf{&w.id})
			list = append(list, w)
			return err
		}); err != nil {
			return err
		}
		cases := map[int64]record.Case{}
		for _, w := range list {
			c, ok := cases[w.matter]
			if !ok {
				var body []byte
				if _, err := t.one(ctx, `SELECT body FROM case_body WHERE key = ?`, args(w.matter), &body); err != nil {
					return err
				}
				if err := json.Unmarshal(body, &c); err != nil {
					return err
				}
				cases[w.matter] = c
			}
			p := record.Paper{Case: c.ID, Document: record.Document{ID: w.id}, Gone: true}
			if i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == w.id }); i >= 0 {
				p.Document, p.Gone = c.Documents[i], c.Deleted || !c.Documents[i].Unheard()
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// Heard notes that there is nothing more to look for on what was shown of a document. If something else is
// shown by now, that is looked at.
func (s *Store) Heard(ctx context.Context, document record.ID, of record.Hash) error {
	return s.commit(ctx, func(ctx context.Context, t *tx) error {
		var body []byte
		if _, err := t.one(ctx, `SELECT b.body FROM document d JOIN case_body b ON b.key = d.matter WHERE d.id = ?`, args(packID(document)), &body); err != nil {
			return err
		}
		var c record.Case
		if len(body) > 0 {
			if err := json.Unmarshal(body, &c); err != nil {
				return err
			}
		}
		for _, d := range c.Documents {
			if d.ID == document && d.Shown.Hash != of {
				return nil
			}
		}
		return t.exec(ctx, `UPDATE document SET unheard = 0 WHERE id = ?`, packID(document))
	})
}

// HearDraft gives a document of a draft its words, if what is shown of it is still what they were looked for
// on. It reports whether it was.
func (s *Store) HearDraft(ctx context.Context, draft record.ID, of record.Hash, d record.Document) (ok bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		var body []byte
		found, err := t.one(ctx, `SELECT body FROM draft WHERE id = ?`, args(packID(draft)), &body)
		if err != nil || !found {
			return err
		}
		var now record.Draft
		if err := json.Unmarshal(body, &now); err != nil {
			return err
		}
		if ok = now.Hear(of, d); !ok {
			return nil
		}
		if body, err = json.Marshal(now); err != nil {
			return err
		}
		return t.exec(ctx, `UPDATE draft SET body = ? WHERE id = ?`, body, packID(draft))
	})
	return ok, err
}

// Reading returns what was recognized on a page; the zero Reading if nobody has looked yet.
func (s *Store) Reading(ctx context.Context, of record.Hash, language, engine string) (r page.Reading, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		r, err = t.reading(ctx, `WHERE hash = ? AND language = ? AND engine = ?`, packHash(of), language, engine)
		return err
	})
	return r, err
}

// LatestReading returns what was recognized last on a page, whatever was looked for.
func (s *Store) LatestReading(ctx context.Context, of record.Hash) (r page.Reading, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		r, err = t.reading(ctx, `WHERE hash = ? AND fault = '' ORDER BY key DESC LIMIT 1`, packHash(of))
		return err
	})
	return r, err
}

func (t *tx) reading(ctx context.Context, where string, a ...any) (r page.Reading, err error) {
	var packed []byte
	found, err := t.one(ctx, `SELECT hash, language, engine, words, fault, tries FROM reading `+where, a,
		hashOf{&r.Of}, &r.Language, &r.Engine, &packed, &r.Fault, &r.Tries)
	if err != nil || !found {
		return page.Reading{}, err
	}
	text, err := unpackText(packed)
	if err != nil {
		return page.Reading{}, err
	}
	return r, json.Unmarshal([]byte(text), &r.Text)
}

// KeepReading stores what was recognized on a page, instead of what was stored for the same.
func (s *Store) KeepReading(ctx context.Context, r page.Reading) error {
	b, err := json.Marshal(r.Text)
	if err != nil {
		return err
	}
	packed, err := packText(string(b))
	if err != nil {
		return err
	}
	return s.commit(ctx, func(ctx context.Context, t *tx) error {
		return t.exec(ctx, `INSERT INTO reading (hash, language, engine, words, fault, tries) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (hash, language, engine) DO UPDATE SET words = excluded.words, fault = excluded.fault, tries = excluded.tries`,
			packHash(r.Of), r.Language, r.Engine, packed, string(r.Fault), r.Tries)
	})
}
