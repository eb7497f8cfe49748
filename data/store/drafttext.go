package store

import (
	"context"
	"encoding/json"
	"slices"

	"schalter/data/record"
	"schalter/data/search"
)

// The words on the papers of drafts lie apart from those of cases: nobody but whose draft it is may find them,
// and they go with the draft, in the transaction that discards or files it.

// rememberTexts brings what is kept of the words on a draft's papers to what the draft says: what it has no more
// is gone at once, what is new is to be indexed.
func (t *tx) rememberTexts(ctx context.Context, d record.Draft) error {
	var key int64
	var waits bool
	if _, err := t.one(ctx, `SELECT key, unindexed FROM draft WHERE id = ?`, args(packID(d.ID)), &key, &waits); err != nil {
		return err
	}
	known, err := t.knownTexts(ctx, key)
	if err != nil {
		return err
	}
	missing := false
	for _, doc := range d.Documents {
		if i := slices.Index(known, doc.Text.Hash); i >= 0 {
			known = slices.Delete(known, i, i+1)
		} else if doc.Text.Hash != "" {
			missing = true
		}
	}
	for _, gone := range known {
		if slices.ContainsFunc(d.Documents, func(doc record.Document) bool { return doc.Text.Hash == gone }) {
			continue // two papers with the same text
		}
		if err := t.forgetTexts(ctx, `WHERE draft = ? AND text = ?`, key, packHash(gone)); err != nil {
			return err
		}
	}
	if missing == waits {
		return nil
	}
	return t.exec(ctx, `UPDATE draft SET unindexed = ? WHERE key = ?`, missing, key)
}

// knownTexts are the files whose words are kept for a draft.
func (t *tx) knownTexts(ctx context.Context, draft int64) (out []record.Hash, err error) {
	err = t.each(ctx, `SELECT DISTINCT text FROM draft_page WHERE draft = ?`, args(draft), func(scan func(...any) error) error {
		var h record.Hash
		err := scan(hashOf{&h})
		out = append(out, h)
		return err
	})
	return out, err
}

// forgetTexts takes words of drafts out of the index.
func (t *tx) forgetTexts(ctx context.Context, where string, a ...any) error {
	if err := t.exec(ctx, `DELETE FROM find_draft WHERE rowid IN (SELECT key FROM draft_page `+where+`)`, a...); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM draft_page `+where, a...)
}

// draftTextsToIndex lists papers of drafts whose words are not in the index yet.
func (t *tx) draftTextsToIndex(ctx context.Context, limit int) (out []record.Document, err error) {
	type draft struct {
		key  int64
		body []byte
	}
	var waiting []draft
	if err := t.each(ctx, `SELECT key, body FROM draft WHERE unindexed = 1 ORDER BY key LIMIT ?`, args(limit), func(scan func(...any) error) error {
		var d draft
		err := scan(&d.key, &d.body)
		waiting = append(waiting, d)
		return err
	}); err != nil {
		return nil, err
	}
	for _, w := range waiting {
		var d record.Draft
		if err := json.Unmarshal(w.body, &d); err != nil {
			return nil, err
		}
		known, err := t.knownTexts(ctx, w.key)
		if err != nil {
			return nil, err
		}
		for _, doc := range d.Documents {
			if doc.Text.Hash != "" && !slices.Contains(known, doc.Text.Hash) && len(out) < limit {
				out = append(out, doc)
			}
		}
	}
	return out, nil
}

// indexDraft keeps the words on a paper of a draft; found is false where no draft has the paper.
func (t *tx) indexDraft(ctx context.Context, doc record.ID, text record.Hash, pages []string) (found bool, err error) {
	type draft struct {
		key  int64
		body []byte
	}
	var having []draft
	if err := t.each(ctx, `SELECT key, body FROM draft WHERE instr(body, CAST(? AS BLOB)) > 0`, args(string(doc)), func(scan func(...any) error) error {
		var d draft
		err := scan(&d.key, &d.body)
		having = append(having, d)
		return err
	}); err != nil {
		return false, err
	}
	for _, w := range having {
		var d record.Draft
		if err := json.Unmarshal(w.body, &d); err != nil {
			return false, err
		}
		i := slices.IndexFunc(d.Documents, func(o record.Document) bool { return o.ID == doc })
		if i < 0 {
			continue
		}
		found = true
		if text == "" || d.Documents[i].Text.Hash != text {
			continue // something else is shown by now
		}
		if err := t.indexDraftPages(ctx, w.key, text, pages); err != nil {
			return true, err
		}
		if err := t.rememberTexts(ctx, d); err != nil {
			return true, err
		}
	}
	return found, nil
}

func (t *tx) indexDraftPages(ctx context.Context, draft int64, text record.Hash, pages []string) error {
	if err := t.forgetTexts(ctx, `WHERE draft = ? AND text = ?`, draft, packHash(text)); err != nil {
		return err
	}
	if len(pages) == 0 {
		pages = []string{""} // so that it is not asked for again
	}
	for i, page := range pages[:min(len(pages), maxPages)] {
		page = page[:min(len(page), maxPageBytes)]
		words := search.Fold(page)
		if words == "" && i > 0 {
			continue
		}
		packed, err := packText(page)
		if err != nil {
			return err
		}
		r, err := t.execResult(ctx, `INSERT INTO draft_page (draft, text, no, body) VALUES (?, ?, ?, ?)`, draft, packHash(text), i+1, packed)
		if err != nil {
			return err
		}
		key, err := r.LastInsertId()
		if err != nil {
			return err
		}
		if err := t.exec(ctx, `INSERT INTO find_draft (rowid, text) VALUES (?, ?)`, key, words); err != nil {
			return err
		}
	}
	return nil
}

// ownDrafts are the drafts that a user may see, the last touched first: hers, and those of nobody. The next user
// of the desk never sees them.
func (t *tx) ownDrafts(ctx context.Context, user string) (out []record.Draft, err error) {
	return t.draftsWhere(ctx, `WHERE user = ? OR user = ''`, user)
}

// draftPages finds the user's drafts by the words on their papers: of each the first page with all of them.
func (f *finder) draftPages(ctx context.Context) error {
	filter := f.q.Filter
	words := f.q.All()
	if filter.Done && !filter.Open || filter.Outbox || len(words) == 0 && len(f.q.Days) == 0 {
		return nil
	}
	list, err := f.ownDrafts(ctx, f.sieve.user)
	if err != nil {
		return err
	}
	for _, d := range list {
		if len(f.hits) >= f.limit {
			return nil
		}
		if len(d.Documents) == 0 || f.seenDraft(d.ID) || !f.draftPasses(d) {
			continue
		}
		if err := f.draftPage(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) seenDraft(id record.ID) bool {
	return slices.ContainsFunc(f.hits, func(h record.Hit) bool { return h.Draft == id })
}

// draftPage makes a hit of a draft whose papers have the words, at least those that were not typed into it.
func (f *finder) draftPage(ctx context.Context, d record.Draft) error {
	q := f.q
	typed := foldFields(draftFields(d)) + " " + search.Fold(d.Note)
	q.Words = slices.DeleteFunc(slices.Clone(q.Words), func(w string) bool { return search.Has(typed, w) })
	if len(q.Words) == 0 && len(q.Phrases) == 0 && len(q.Days) == 0 {
		q = f.q
	}
	match := search.MatchAll(q.All())
	for _, d := range q.Days {
		if match != "" {
			match += " AND "
		}
		match += d.MatchYear()
	}
	type row struct {
		text   record.Hash
		no     int
		packed []byte
	}
	var rows []row
	if err := f.each(ctx, `SELECT p.text, p.no, p.body FROM draft_page p WHERE p.draft = (SELECT key FROM draft WHERE id = ?1)
			AND p.key IN (SELECT rowid FROM find_draft WHERE find_draft MATCH ?2) AND (?3 = 0 OR p.no = ?3) ORDER BY p.key`,
		args(packID(d.ID), match, f.q.Filter.Page), func(scan func(...any) error) error {
			var r row
			err := scan(hashOf{&r.text}, &r.no, &r.packed)
			rows = append(rows, r)
			return err
		}); err != nil {
		return err
	}
	for _, r := range rows {
		i := slices.IndexFunc(d.Documents, func(doc record.Document) bool { return doc.Text.Hash == r.text })
		if i < 0 {
			continue
		}
		text, err := unpackText(r.packed)
		if err != nil {
			return err
		}
		if !q.Begins(1, search.Fold(text)) {
			continue
		}
		h := hitOf(d)
		h.Field, h.Doc, h.Page, h.Words = hitText, d.Documents[i].ID, r.no, q.All()
		h.Snippet = q.Snippet(text, snippetWidth)
		f.hits = append(f.hits, h)
		return nil
	}
	return nil
}
