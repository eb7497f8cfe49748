package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"schalter/data/record"
	"schalter/data/search"
)

// Limits of what is indexed of one document; the document itself has none.
const (
	maxPages     = 20_000
	maxPageBytes = 256 << 10
)

var (
	packer   = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) })
	unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(8*maxPageBytes))
	})
)

func packText(text string) ([]byte, error) {
	e, err := packer()
	if err != nil {
		return nil, err
	}
	return e.EncodeAll([]byte(text), nil), nil
}

func unpackText(b []byte) (string, error) {
	d, err := unpacker()
	if err != nil {
		return "", err
	}
	text, err := d.DecodeAll(b, nil)
	return string(text), err
}

// IndexText makes the text of a document's pages findable, instead of what was indexed of it before; text is
// the file they were read from, "" if they are from none. Where another version is shown by now, nothing is
// done. The words of a document in a draft are kept with the draft. One that is in neither is
// [record.CodeNotFound].
func (s *Store) IndexText(ctx context.Context, doc record.ID, text record.Hash, pages []string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		var key int64
		var now record.Hash
		found, err := t.one(ctx, `SELECT d.key, f.hash FROM document d LEFT JOIN file f ON f.key = d.text WHERE d.id = ?`, args(packID(doc)), &key, hashOf{&now})
		switch {
		case err != nil:
			return err
		case !found:
			if found, err = t.indexDraft(ctx, doc, text, pages); err == nil && !found {
				err = record.E(record.CodeNotFound, nil, "id", doc)
			}
			return err
		case text != "" && text != now:
			return nil
		}
		if err := t.forgetPages(ctx, key); err != nil {
			return err
		}
		if err := t.exec(ctx, `UPDATE document SET indexed = 1 WHERE key = ?`, key); err != nil {
			return err
		}
		if text != "" && !slices.ContainsFunc(pages, silent) { // the file says all of its words itself
			if err := t.exec(ctx, `UPDATE document SET unheard = 0 WHERE key = ? AND unheard > 0`, key); err != nil {
				return err
			}
		}
		for i, text := range pages[:min(len(pages), maxPages)] {
			if err := t.indexPage(ctx, key, i+1, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// silent tells whether a page says nothing.
func silent(text string) bool { return strings.TrimSpace(text) == "" }

func (t *tx) indexPage(ctx context.Context, document int64, no int, text string) error {
	text = text[:min(len(text), maxPageBytes)]
	words := search.Fold(text)
	if words == "" {
		return nil
	}
	packed, err := packText(text)
	if err != nil {
		return err
	}
	r, err := t.execResult(ctx, `INSERT INTO page (document, no, text) VALUES (?, ?, ?)`, document, no, packed)
	if err != nil {
		return err
	}
	key, err := r.LastInsertId()
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO find_page (rowid, text) VALUES (?, ?)`, key, words)
}

// TextToIndex returns documents of cases and drafts whose page texts lie here but are not in the index yet.
func (s *Store) TextToIndex(ctx context.Context, limit int) (out []record.Document, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		type doc struct {
			matter int64
			id     record.ID
		}
		var waiting []doc
		err := t.each(ctx, `SELECT d.matter, d.id FROM document d JOIN file f ON f.key = d.text
			WHERE d.indexed = 0 AND d.text IS NOT NULL AND f.here = 1 ORDER BY d.key LIMIT ?`, args(limit), func(scan func(...any) error) error {
			var d doc
			err := scan(&d.matter, idOf{&d.id})
			waiting = append(waiting, d)
			return err
		})
		if err != nil {
			return err
		}
		for _, w := range waiting {
			c, err := t.caseAt(ctx, w.matter)
			if err != nil {
				return err
			}
			for _, d := range c.Documents {
				if d.ID == w.id {
					out = append(out, d)
				}
			}
		}
		drafts, err := t.draftTextsToIndex(ctx, limit)
		out = append(out, drafts...)
		return err
	})
	return out, err
}
