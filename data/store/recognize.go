package store

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"schalter/data/page"
	"schalter/data/record"
)

// Whose turn it is to look for the words on what is shown of a document: column unheard.
const (
	heard        = 0 // nobody's: they are known, or there are none
	unheardHere  = 1 // this desk's: it made what is shown
	unheardThere = 2 // that of the desk which made it, and after a while anybody's
)

// hearing says whose turn it is, and since when this desk waits for another one.
func (t *tx) hearing(own bool, d record.Document) (unheard int, owed int64) {
	switch {
	case !d.Unheard():
		return heard, 0
	case own:
		return unheardHere, 0
	}
	return unheardThere, t.now.UnixMilli()
}

// shownByUs tells whether this desk made what is shown of a document; version is the change that did, "" for the
// one that filed it.
func (t *tx) shownByUs(ctx context.Context, document int64, version record.ID) (own bool, err error) {
	_, err = t.one(ctx, `SELECT v.own FROM journal j JOIN device v ON v.key = j.device
			WHERE j.id = ?1 OR ?1 = '' AND j.key = (SELECT journal FROM document WHERE key = ?2)`,
		args(packID(version), document), &own)
	return own, err
}

// Unheard lists documents of cases whose words this desk has to look for, the newest first: it made what is
// shown of them. Those of other desks get their words from there.
func (s *Store) Unheard(ctx context.Context, limit int) (out []record.Paper, err error) {
	return s.papersToHear(ctx, `SELECT matter, id, owed FROM document WHERE unheard = 1 ORDER BY key DESC LIMIT ?`, limit)
}

// Owed lists documents of cases whose words another desk should have looked for and did not in all the time since
// a moment, the longest waiting first. All their files lie here.
func (s *Store) Owed(ctx context.Context, since time.Time, limit int) (out []record.Paper, err error) {
	return s.papersToHear(ctx, `SELECT d.matter, d.id, d.owed FROM document d WHERE d.unheard = 2 AND d.owed < ? AND d.trashed = 0
		AND NOT EXISTS (SELECT 1 FROM document_file l JOIN file f ON f.key = l.file WHERE l.document = d.key AND f.here = 0)
		ORDER BY d.owed, d.key LIMIT ?`, since.UnixMilli(), limit)
}

func (s *Store) papersToHear(ctx context.Context, query string, a ...any) (out []record.Paper, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		type waiting struct {
			matter, owed int64
			id           record.ID
		}
		var list []waiting
		if err := t.each(ctx, query, a, func(scan func(...any) error) error {
			var w waiting
			err := scan(&w.matter, idOf{&w.id}, &w.owed)
			list = append(list, w)
			return err
		}); err != nil {
			return err
		}
		cases := map[int64]record.Case{}
		for _, w := range list {
			c, ok := cases[w.matter]
			if !ok {
				if c, err = t.caseAt(ctx, w.matter); err != nil {
					return err
				}
				cases[w.matter] = c
			}
			p := record.Paper{Case: c.ID, Document: record.Document{ID: w.id}, Gone: true, Owed: time.UnixMilli(w.owed)}
			if i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == w.id }); i >= 0 {
				p.Document, p.Gone = c.Documents[i], c.Deleted || !c.Documents[i].Unheard()
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// PaperOf is a document of a case or a draft, with whether all its files lie here. One that is in neither is
// [record.CodeNotFound].
func (s *Store) PaperOf(ctx context.Context, document record.ID) (p record.Paper, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var matter int64
		found, err := t.one(ctx, `SELECT d.matter, EXISTS (SELECT 1 FROM document_file l JOIN file f ON f.key = l.file WHERE l.document = d.key AND f.here = 0)
			FROM document d WHERE d.id = ?`, args(packID(document)), &matter, &p.Missing)
		if err != nil {
			return err
		}
		if found {
			c, err := t.caseAt(ctx, matter)
			p.Case, p.Gone = c.ID, true
			if i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == document }); i >= 0 {
				p.Document, p.Gone = c.Documents[i], c.Deleted
			}
			return err
		}
		drafts, err := t.draftsWhere(ctx, `WHERE instr(body, CAST(? AS BLOB)) > 0`, string(document))
		for _, d := range drafts {
			if i := slices.IndexFunc(d.Documents, func(o record.Document) bool { return o.ID == document }); i >= 0 {
				p.Draft, p.Document = d.ID, d.Documents[i]
				return err
			}
		}
		if err != nil {
			return err
		}
		return record.E(record.CodeNotFound, nil, "id", document)
	})
	return p, err
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
		if err := t.exec(ctx, `UPDATE draft SET body = ? WHERE id = ?`, body, packID(draft)); err != nil {
			return err
		}
		return t.rememberTexts(ctx, now)
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

// KeepReading stores what was recognized on a page, instead of what was stored for the same. It is the latest then.
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
		return t.exec(ctx, `INSERT OR REPLACE INTO reading (hash, language, engine, words, fault, tries) VALUES (?, ?, ?, ?, ?, ?)`,
			packHash(r.Of), r.Language, r.Engine, packed, string(r.Fault), r.Tries)
	})
}

// fillsOwed is the migration that notes whose turn it is to look for words.
const fillsOwed = "migrations/0010-hearing.sql"

// fillOwed notes for the documents of an older store which words other desks owe, and of which files with words
// some pages have none.
func (t *tx) fillOwed(ctx context.Context) error {
	return t.eachCase(ctx, func(key int64, body []byte) error {
		if !bytes.Contains(body, []byte(`"documents"`)) {
			return nil
		}
		var c record.Case
		if err := json.Unmarshal(body, &c); err != nil {
			return err
		}
		for _, d := range c.Documents {
			if err := t.fillOwedOf(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) fillOwedOf(ctx context.Context, d record.Document) error {
	var key int64
	found, err := t.one(ctx, `SELECT key FROM document WHERE id = ? AND unheard = 0`, args(packID(d.ID)), &key)
	if err != nil || !found || !d.Unheard() {
		return err
	}
	own, err := t.shownByUs(ctx, key, d.Latest.Change)
	if err != nil || own && d.Text.Hash == "" {
		return err // this desk has looked already
	}
	unheard, owed := t.hearing(own, d)
	return t.exec(ctx, `UPDATE document SET unheard = ?, owed = ? WHERE key = ?`, unheard, owed, key)
}
