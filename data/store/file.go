package store

import (
	"context"

	"schalter/data/record"
	"schalter/sync/merge"
)

// recount brings the numbers of files that a case has still to send and to get to the truth.
const recount = `UPDATE cases SET (files, missing) = (
	SELECT count(DISTINCT iif(f.sent = 0, f.key, NULL)), count(DISTINCT iif(f.here = 0, f.key, NULL))
	FROM document d JOIN document_file l ON l.document = d.key JOIN file f ON f.key = l.file
	WHERE d.matter = cases.key) `

// recountOf is recount for the cases that name a file.
const recountOf = recount + `WHERE key IN (SELECT d.matter FROM file f JOIN document_file l ON l.file = f.key
	JOIN document d ON d.key = l.document WHERE f.hash = ?)`

// file notes the document that a change files, or what it brings to one, and which stored files that needs.
// own: they lie here already and have to be sent; else the centre has or gets them and they have to be fetched.
func (b *batch) file(ctx context.Context, w *work, e entry, own bool) (err error) {
	if !believed(e) {
		return nil
	}
	switch e.Kind {
	case record.KindDocument:
		told(e.Change, func(p record.DocumentAdded) { err = b.fileDocument(ctx, w, e, p.Document, own) })
	case record.KindVersion, record.KindCertify:
		of, files, text := brought(e.Change)
		var doc int64
		var found bool
		if found, err = b.one(ctx, `SELECT key FROM document WHERE id = ? AND matter = ?`, args(packID(of), w.key), &doc); err == nil && found {
			err = b.fileMore(ctx, doc, e, files, text, own)
		}
	}
	return err
}

// fileDocument notes a document. What other changes have said of it already was waiting for it.
func (b *batch) fileDocument(ctx context.Context, w *work, e entry, d record.Document, own bool) error {
	if d.ID == "" {
		d.ID = e.ID // as package merge names it
	}
	d.Versions, d.Certified = nil, nil // come by changes of their own
	var known int
	if _, err := b.one(ctx, `SELECT count(*) FROM document WHERE id = ?`, args(packID(d.ID)), &known); err != nil || known > 0 {
		return err
	}
	unheard, owed := b.hearing(own, d)
	r, err := b.execResult(ctx, `INSERT INTO document (id, matter, journal, unheard, owed) VALUES (?, ?, ?, ?, ?)`,
		packID(d.ID), w.key, e.key, unheard, owed)
	if err != nil {
		return err
	}
	doc, err := r.LastInsertId()
	if err != nil {
		return err
	}
	if err := b.fileMore(ctx, doc, e, d.Blobs(), d.Text.Hash, own); err != nil {
		return err
	}
	if d.Text.Hash != "" {
		if err := b.exec(ctx, `UPDATE document SET text = (SELECT key FROM file WHERE hash = ?) WHERE key = ?`, packHash(d.Text.Hash), doc); err != nil {
			return err
		}
	}
	if w.fresh {
		return nil
	}
	return b.fileEarly(ctx, w, e, doc, d.ID)
}

// fileEarly notes the files of changes about a document that came before it.
func (b *batch) fileEarly(ctx context.Context, w *work, e entry, doc int64, id record.ID) error {
	var early []entry
	if err := b.entries(ctx, ` WHERE j.matter = ? AND j.kind IN ('version', 'certify') AND j.key < ?`, args(w.key, e.key), func(x entry) error {
		early = append(early, x)
		return nil
	}); err != nil {
		return err
	}
	for _, x := range early {
		if of, files, text := brought(x.Change); of == id && believed(x) {
			mine, err := b.ours(ctx, x.Device)
			if err == nil {
				err = b.fileMore(ctx, doc, x, files, text, mine)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// brought says which files a change brings to which document; text is the one with the texts of the pages.
// What package merge passes over brings nothing.
func brought(ch record.Change) (of record.ID, files []record.BlobRef, text record.Hash) {
	if merge.Check(ch) != nil {
		return "", nil, ""
	}
	switch ch.Kind {
	case record.KindVersion:
		told(ch, func(v record.DocumentVersion) { of, files, text = v.Document, v.Blobs(), v.Text.Hash })
	case record.KindCertify:
		told(ch, func(c record.DocumentCertified) { of, files = c.Document, []record.BlobRef{c.Copy} })
	}
	return of, files, text
}

// fileMore notes files of a document that it does not have yet.
func (b *batch) fileMore(ctx context.Context, doc int64, e entry, files []record.BlobRef, text record.Hash, own bool) error {
	for _, f := range files {
		var there bool
		if _, err := b.one(ctx, `SELECT EXISTS (SELECT 1 FROM document_file l JOIN file f ON f.key = l.file WHERE l.document = ? AND f.hash = ?)`,
			args(doc, packHash(f.Hash)), &there); err != nil {
			return err
		}
		if there {
			continue
		}
		key, err := b.addFile(ctx, f, turnOf(f.Size, f.Hash == text), own)
		if err != nil {
			return err
		}
		if err := b.exec(ctx, `INSERT INTO document_file (document, file, journal) VALUES (?, ?, ?)`, doc, key, e.key); err != nil {
			return err
		}
	}
	// Other cases may name the same bytes.
	return b.exec(ctx, recount+`WHERE key IN (SELECT o.matter FROM document_file a JOIN document_file b ON b.file = a.file
		JOIN document o ON o.key = b.document WHERE a.document = ?)`, doc)
}

// ours tells whether this desk is or was the device.
func (t *tx) ours(ctx context.Context, device record.ID) (own bool, err error) {
	_, err = t.one(ctx, `SELECT own FROM device WHERE id = ?`, args(packID(device)), &own)
	return own, err
}

// The turns in which files travel: what everybody waits for before what one case needs, and small ones
// before big ones.
const (
	turnForm = iota
	turnSmallText
	turnSmall
	turnText
	turnBig
)

// smallFile is the size up to which a file goes before the big ones.
const smallFile = 64 << 10

func turnOf(size int64, text bool) int {
	switch {
	case text && size <= smallFile:
		return turnSmallText
	case size <= smallFile:
		return turnSmall
	case text:
		return turnText
	}
	return turnBig
}

func (t *tx) addFile(ctx context.Context, f record.BlobRef, turn int, own bool) (key int64, err error) {
	_, err = t.one(ctx, `INSERT INTO file (hash, size, text, here, sent, turn) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET here = max(here, excluded.here), sent = min(sent, excluded.sent), text = max(text, excluded.text),
			turn = min(turn, excluded.turn)
		RETURNING key`, args(packHash(f.Hash), f.Size, turn == turnSmallText || turn == turnText, own, !own, turn), &key)
	return key, err
}

// FilesToSend returns files the centre does not have, which changes name that it knows already: those of forms
// first, then small ones, then big ones, and among these texts first.
func (s *Store) FilesToSend(ctx context.Context, limit int) ([]record.BlobRef, error) {
	return s.files(ctx, `SELECT f.hash, f.size FROM file f WHERE sent = 0 AND (EXISTS (
			SELECT 1 FROM document_file l JOIN journal j ON j.key = l.journal
			WHERE l.file = f.key AND j.seq IS NOT NULL) OR EXISTS (
			SELECT 1 FROM form x JOIN journal j ON j.key = x.journal WHERE x.file = f.key AND j.seq IS NOT NULL))
		ORDER BY f.turn, f.size LIMIT ?`, limit)
}

// FilesToFetch returns files of other desks' forms and documents that are not here, in the same order.
func (s *Store) FilesToFetch(ctx context.Context, limit int) ([]record.BlobRef, error) {
	return s.files(ctx, `SELECT f.hash, f.size FROM file f WHERE here = 0 ORDER BY f.turn, f.size LIMIT ?`, limit)
}

func (s *Store) files(ctx context.Context, query string, limit int) (out []record.BlobRef, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		return t.each(ctx, query, args(limit), func(scan func(...any) error) error {
			var f record.BlobRef
			if err := scan(hashOf{&f.Hash}, &f.Size); err != nil {
				return err
			}
			out = append(out, f)
			return nil
		})
	})
	return out, err
}

// FileSent notes that the centre has a file completely.
func (s *Store) FileSent(ctx context.Context, h record.Hash) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.exec(ctx, `UPDATE file SET sent = 1 WHERE hash = ?`, packHash(h)); err != nil {
			return err
		}
		return t.exec(ctx, recountOf, packHash(h))
	})
}

// SendAgain queues files that the centre has lost and this desk has.
func (s *Store) SendAgain(ctx context.Context, files []record.Hash) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, h := range files {
			r, err := t.execResult(ctx, `UPDATE file SET sent = 0 WHERE hash = ? AND here = 1 AND sent = 1`, packHash(h))
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err == nil && n > 0 {
				err = t.exec(ctx, recountOf, packHash(h))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// FileFetched notes that a file lies in this desk's blob store now.
func (s *Store) FileFetched(ctx context.Context, h record.Hash) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.exec(ctx, `UPDATE file SET here = 1 WHERE hash = ?`, packHash(h)); err != nil {
			return err
		}
		return t.exec(ctx, recountOf, packHash(h))
	})
}
