package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/sync/merge"
)

// ofPaper tells whether a kind says what became of a document since it was filed.
func ofPaper(kind record.Kind) bool {
	switch kind {
	case record.KindVersion, record.KindMark, record.KindCheck, record.KindCertify, record.KindTrash:
		return true
	}
	return false
}

// fitsPaper is fits for what becomes of documents.
func fitsPaper(kind record.Kind, payload any) bool {
	ok := false
	switch kind {
	case record.KindVersion:
		_, ok = payload.(record.DocumentVersion)
	case record.KindMark:
		_, ok = payload.(record.DocumentMarked)
	case record.KindCheck:
		_, ok = payload.(record.DocumentChecked)
	case record.KindCertify:
		_, ok = payload.(record.DocumentCertified)
	case record.KindTrash:
		_, ok = payload.(record.DocumentTrashed)
	}
	return ok
}

// aboutPaper checks an edit about a document: it must make sense, and the document must be there. Sheets of a
// version get the originals they count by written beside them, so that they stay right whatever others add.
func (b *batch) aboutPaper(w *work, e record.Edit) (record.Edit, error) {
	if err := merge.CheckPaper(e.Payload); err != nil || !ofPaper(e.Kind) {
		return e, err
	}
	c, err := w.state(&b.s.recent)
	if err != nil {
		return e, err
	}
	id := record.DocumentOf(e.Payload)
	i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == id })
	if i < 0 {
		return e, record.E(record.CodeNotFound, nil, "id", id)
	}
	if p, ok := e.Payload.(record.DocumentChecked); ok {
		e.Payload = transfer.Knowing(c.Documents[i], p)
	}
	if v, ok := e.Payload.(record.DocumentVersion); ok && v.Originals == nil && len(v.Sheets) > 0 {
		v.Originals = c.Documents[i].Originals
		e.Payload = v
		return e, merge.CheckPaper(v)
	}
	return e, nil
}

// signed completes the transfer notes of scans that are filed.
func (t *tx) signed(edits []record.Edit) []record.Edit {
	out := slices.Clone(edits)
	for i, e := range out {
		if p, ok := e.Payload.(record.DocumentAdded); ok {
			p.Document = transfer.Sign(p.Document, t.identity(), t.s.soft)
			out[i].Payload = p
		}
	}
	return out
}

// paperRow is what table document holds of what became of a document.
type paperRow struct {
	key     int64
	id      record.ID
	version record.ID
	trashed bool
	text    record.Hash
	scan    scanRow
}

func (t *tx) paperRows(ctx context.Context, matter int64) (out []paperRow, err error) {
	err = t.each(ctx, `SELECT d.key, d.id, d.version, d.trashed, d.need, d.draw, d.scanned, d.scanner, f.hash FROM document d LEFT JOIN file f ON f.key = d.text WHERE d.matter = ?`,
		args(matter), func(scan func(...any) error) error {
			var r paperRow
			err := scan(&r.key, idOf{&r.id}, idOf{&r.version}, &r.trashed, &r.scan.place, &r.scan.draw, &r.scan.scanned, &r.scan.scanner, hashOf{&r.text})
			out = append(out, r)
			return err
		})
	return out, err
}

// savePapers brings the rows of a case's documents to what the case says.
func (b *batch) savePapers(ctx context.Context, w *work) error {
	if w.papers && len(w.c.Documents) > 0 {
		if err := b.saveVersions(ctx, w); err != nil {
			return err
		}
	}
	return b.saveScans(ctx, w)
}

// saveVersions notes which version of each document is shown, and what lies in the trash.
func (b *batch) saveVersions(ctx context.Context, w *work) error {
	rows, err := b.paperRows(ctx, w.key)
	if err != nil {
		return err
	}
	for _, r := range rows {
		i := slices.IndexFunc(w.c.Documents, func(d record.Document) bool { return d.ID == r.id })
		if i < 0 {
			continue
		}
		d := w.c.Documents[i]
		if r.trashed != (d.Trashed != nil) {
			if err := b.exec(ctx, `UPDATE document SET trashed = ? WHERE key = ?`, d.Trashed != nil, r.key); err != nil {
				return err
			}
		}
		if r.version != d.Latest.Change {
			if err := b.showVersion(ctx, r, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// showVersion makes another version of a document the one whose words are found. Until those are read the old
// ones stay; where there are none, nothing of what is not shown any more may be found.
func (b *batch) showVersion(ctx context.Context, r paperRow, d record.Document) error {
	own, err := b.shownByUs(ctx, r.key, d.Latest.Change)
	if err != nil {
		return err
	}
	unheard, owed := b.hearing(own, d)
	if err := b.exec(ctx, `UPDATE document SET version = ?, text = (SELECT key FROM file WHERE hash = ?), indexed = 0, unheard = ?, owed = ? WHERE key = ?`,
		packID(d.Latest.Change), packHash(d.Text.Hash), unheard, owed, r.key); err != nil {
		return err
	}
	if d.Text.Hash != "" {
		return nil
	}
	return b.forgetPages(ctx, r.key)
}

// forgetPages takes what is known of a document's words out of the index.
func (t *tx) forgetPages(ctx context.Context, document int64) error {
	for _, q := range []string{
		`DELETE FROM find_page WHERE rowid IN (SELECT key FROM page WHERE document = ?)`,
		`DELETE FROM page WHERE document = ?`,
	} {
		if err := t.exec(ctx, q, document); err != nil {
			return err
		}
	}
	return nil
}

// caseAt reads a case by its key.
func (t *tx) caseAt(ctx context.Context, key int64) (c record.Case, err error) {
	var body []byte
	if _, err = t.one(ctx, `SELECT body FROM case_body WHERE key = ?`, args(key), &body); err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &c)
	}
	return c, err
}

// papers compares the rows of a case's documents, and the files they need, with what the case says.
func (v *verifier) papers(ctx context.Context, key int64, c record.Case) error {
	rows, err := v.paperRows(ctx, key)
	if err != nil {
		return err
	}
	for _, r := range rows {
		i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == r.id })
		if i < 0 {
			continue // its change says nothing that can be read
		}
		d := c.Documents[i]
		v.note(c, d)
		v.scan(c, d, r)
		if r.version != d.Latest.Change || r.trashed != (d.Trashed != nil) || r.text != d.Text.Hash {
			v.problemf("document %s of case %s is listed as something else than the case says", d.ID, c.ID)
		}
		known := map[record.Hash]bool{}
		if err := v.each(ctx, `SELECT f.hash FROM document_file l JOIN file f ON f.key = l.file WHERE l.document = ?`, args(r.key), func(scan func(...any) error) error {
			var h record.Hash
			err := scan(hashOf{&h})
			known[h] = true
			return err
		}); err != nil {
			return err
		}
		for _, f := range d.Blobs() {
			if !known[f.Hash] {
				v.problemf("document %s of case %s has a file %s that nobody sends or fetches", d.ID, c.ID, f.Hash)
			}
		}
	}
	return nil
}

// note looks at a scan's transfer note: it must be what was signed, by the key that the desk is known by.
func (v *verifier) note(c record.Case, d record.Document) {
	n := d.Transfer
	err := transfer.Verify(d)
	switch {
	case n == nil:
		return
	case errors.Is(err, transfer.ErrUnsigned):
		v.notef("the transfer note of %s in case %s bears no signature", d.ID, c.ID)
		return
	case err != nil:
		v.problemf("the transfer note of document %s in case %s: %v", d.ID, c.ID, err)
		return
	}
	v.Signed++
	if v.signers[n.Desk] == nil {
		v.signers[n.Desk] = n.Key
	}
	if !bytes.Equal(v.signers[n.Desk], n.Key) {
		v.problemf("the transfer note of document %s in case %s is signed by another key than device %s has", d.ID, c.ID, n.Desk)
	}
}
