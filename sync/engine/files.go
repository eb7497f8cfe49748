package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"schalter/data/record"
)

const (
	// one that is small never waits for a big one that is half through.
	small = 64 << 10
	// page is how many files are looked at together.
	page = 500
	// maxText bounds the texts of one document that are read for the index.
	maxText = 32 << 20
)

// Files adapts the desk's blob store, whose methods return its own types.
func Files[R io.ReadSeekCloser, P Partial](s interface {
	Has(h record.Hash) bool
	Open(h record.Hash) (R, error)
	ReadAll(h record.Hash, limit int64) ([]byte, error)
	Receive(ref record.BlobRef) (P, error)
},
) Blobs {
	return adapter{
		has: s.Has, all: s.ReadAll,
		open: func(h record.Hash) (io.ReadSeekCloser, error) {
			r, err := s.Open(h)
			if err != nil {
				return nil, err
			}
			return r, nil
		},
		receive: func(ref record.BlobRef) (Partial, error) {
			p, err := s.Receive(ref)
			if err != nil {
				return nil, err
			}
			return p, nil
		},
	}
}

type adapter struct {
	has     func(record.Hash) bool
	open    func(record.Hash) (io.ReadSeekCloser, error)
	all     func(record.Hash, int64) ([]byte, error)
	receive func(record.BlobRef) (Partial, error)
}

func (a adapter) Has(h record.Hash) bool                             { return a.has(h) }
func (a adapter) Open(h record.Hash) (io.ReadSeekCloser, error)      { return a.open(h) }
func (a adapter) ReadAll(h record.Hash, limit int64) ([]byte, error) { return a.all(h, limit) }
func (a adapter) Receive(ref record.BlobRef) (Partial, error)        { return a.receive(ref) }

// sendFiles sends every file that waits, in the store's order. What is wrong with a single file is remembered and does not end it.
func (e *Engine) sendFiles(ctx context.Context) error {
	e.unsent.begin()
	for {
		limit := page + e.unsent.count()
		refs, err := e.store.FilesToSend(ctx, limit)
		if err != nil {
			return err
		}
		refs = e.unsent.ready(refs, len(refs) < limit)
		if len(refs) == 0 {
			return nil
		}
		for _, ref := range refs {
			again, err := e.sendOne(ctx, ref)
			if err != nil {
				return err
			}
			if again {
				break // something smaller may be waiting now
			}
		}
	}
}

// sendOne sends a file or books why it cannot go. Only trouble of the line or the store is an error.
func (e *Engine) sendOne(ctx context.Context, ref record.BlobRef) (again bool, err error) {
	complete, err := e.upload(ctx, ref)
	switch code := record.CodeOf(err); {
	case err == nil && !complete:
		return true, nil
	case err == nil:
		e.unsent.done(ref.Hash)
		e.line.answered(partSend)
		return false, e.store.FileSent(ctx, ref.Hash)
	case ofTheFile(code):
		return false, e.unsent.add(ref.Hash, fmt.Errorf("send file %s: %w", ref.Hash, err))
	}
	return false, err
}

// ofTheFile tells trouble with one file from trouble with the line.
func ofTheFile(c record.Code) bool {
	switch c {
	case record.CodeBlobMissing, record.CodeBlobDamaged, record.CodeBlobTooLarge, record.CodeHashMismatch,
		record.CodeCentreBusy, record.CodeRejected, record.CodeNotFound:
		return true
	}
	return false
}

// upload sends a file from where the centre has it. It leaves a big one (complete false) when new files
// have come meanwhile; what was sent stays.
func (e *Engine) upload(ctx context.Context, ref record.BlobRef) (complete bool, err error) {
	f, err := e.blobs.Open(ref.Hash)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	offset := int64(0)
	if ref.Size > small {
		if offset, complete, err = e.centre.Offset(ctx, ref); err != nil || complete {
			return complete, err
		}
	}
	for moves := 0; moves < 5; {
		have, complete, err := e.sendPiece(ctx, f, ref, offset)
		if err != nil || complete {
			return complete, err
		}
		if have <= offset {
			moves++ // the centre wants another place: not for ever
		}
		offset = have
		if rung(e.toSend) {
			return false, nil
		}
	}
	return false, record.E(record.CodeCentreTrouble, fmt.Errorf("file %s gets no further than %d of %d bytes", ref.Hash, offset, ref.Size), "status", 409)
}

func (e *Engine) sendPiece(ctx context.Context, f io.ReadSeeker, ref record.BlobRef, offset int64) (int64, bool, error) {
	if offset > ref.Size {
		offset = 0
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return 0, false, fmt.Errorf("file %s: %w", ref.Hash, err)
	}
	n := min(e.up.piece(), ref.Size-offset)
	m := e.up.measure()
	have, complete, err := e.centre.Send(ctx, ref, offset, m.reader(ctx, f), n)
	if err == nil {
		m.end()
	}
	return have, complete, err
}

func rung(b *bell) bool {
	select {
	case <-b.hear():
		return true
	default:
		return false
	}
}

// fetchFiles brings every file the desk lacks: what somebody waits for first, then in the store's order.
func (e *Engine) fetchFiles(ctx context.Context) error {
	e.unfetched.begin()
	for {
		refs, err := e.toBring(ctx)
		if err != nil || len(refs) == 0 {
			return errors.Join(err, e.index(ctx))
		}
		texts := false
		for _, ref := range refs {
			if texts && ref.Size > small {
				texts = false
				if err := e.index(ctx); err != nil {
					return err
				}
			}
			if err := e.fetchOne(ctx, ref); err != nil {
				return err
			}
			texts = texts || ref.Size <= small
			if rung(e.toFetch) {
				break // something else may be wanted now
			}
		}
		if err := e.index(ctx); err != nil {
			return err
		}
	}
}

// toBring lists what to fetch now, in order.
func (e *Engine) toBring(ctx context.Context) ([]record.BlobRef, error) {
	e.mu.Lock()
	want := slices.Clone(e.want)
	e.mu.Unlock()
	limit := page + e.unfetched.count()
	refs, err := e.store.FilesToFetch(ctx, limit)
	if err != nil {
		return nil, err
	}
	missing := func(h record.Hash) bool {
		return !slices.ContainsFunc(refs, func(r record.BlobRef) bool { return r.Hash == h })
	}
	if len(refs) == limit && slices.ContainsFunc(want, missing) {
		if refs, err = e.store.FilesToFetch(ctx, 1<<20); err != nil {
			return nil, err
		}
	}
	refs = e.unfetched.ready(refs, len(refs) < limit)
	slices.SortStableFunc(refs, func(a, b record.BlobRef) int { return rank(want, a.Hash) - rank(want, b.Hash) })
	// A wish for something that is not to be had now is over.
	e.mu.Lock()
	e.want = slices.DeleteFunc(e.want, func(h record.Hash) bool { return slices.Contains(want, h) && missing(h) })
	e.mu.Unlock()
	return refs[:min(len(refs), page)], nil
}

func rank(want []record.Hash, h record.Hash) int {
	if i := slices.Index(want, h); i >= 0 {
		return i
	}
	return len(want)
}

// fetchOne brings one file or books why it cannot come. Only trouble of the line or the store is an error.
func (e *Engine) fetchOne(parent context.Context, ref record.BlobRef) error {
	ctx, leave := context.WithCancel(parent)
	defer leave()
	e.mu.Lock()
	e.fetch, e.leave = ref.Hash, leave
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.fetch, e.leave = "", nil
		e.mu.Unlock()
	}()
	err := e.download(ctx, ref)
	switch code := record.CodeOf(err); {
	case err == nil:
		e.unfetched.done(ref.Hash)
		e.line.answered(partFetch)
		return e.store.FileFetched(parent, ref.Hash)
	case ctx.Err() != nil && parent.Err() == nil:
		return nil // left for one that somebody waits for
	case code == record.CodeBlobMissing:
		return e.unfetched.add(ref.Hash, nil) // its desk has not sent it yet
	case ofTheFile(code):
		return e.unfetched.add(ref.Hash, fmt.Errorf("fetch file %s: %w", ref.Hash, err))
	}
	return err
}

func (e *Engine) download(ctx context.Context, ref record.BlobRef) (err error) {
	if e.blobs.Has(ref.Hash) {
		return nil
	}
	p, err := e.blobs.Receive(ref)
	if err != nil {
		return err
	}
	m := e.down.measure()
	_, err = e.centre.Fetch(ctx, ref, p.Offset(), m.writer(ctx, p))
	if err != nil {
		return errors.Join(err, p.Close())
	}
	m.end()
	return p.Finish()
}

// makeGood queues files again that the centre has lost and this desk has. A desk that starts asks once more,
// which does no harm.
func (e *Engine) makeGood(ctx context.Context, mark uint64) error {
	if mark == e.lost {
		return nil
	}
	for after, more := record.Hash(""), mark != 0; more; {
		l, err := e.centre.Lost(ctx, after)
		if err != nil {
			return err
		}
		var here []record.Hash
		for _, h := range l.Files {
			if after = h; e.blobs.Has(h) {
				here = append(here, h)
			}
		}
		if len(here) > 0 {
			if err := e.store.SendAgain(ctx, here); err != nil {
				return err
			}
		}
		more = l.More && len(l.Files) > 0
	}
	e.lost = mark
	return nil
}

// KeepIndexed brings texts into the search index as soon as they are in the store, with or without a line
// or a centre: what was imported a moment ago is found offline. It ends with ctx.
func (e *Engine) KeepIndexed(ctx context.Context) {
	changed, stop := e.store.Watch()
	defer stop()
	for ctx.Err() == nil {
		// What could not be indexed now is tried again with the next change of the store.
		_ = e.index(ctx)
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// indexTexts brings the texts of documents that have arrived into the store's search index.
func (e *Engine) indexTexts(ctx context.Context) error {
	docs, err := e.store.TextToIndex(ctx, page)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if !e.blobs.Has(d.Text.Hash) {
			continue
		}
		b, err := e.blobs.ReadAll(d.Text.Hash, maxText)
		var pages []string
		if err == nil && json.Unmarshal(b, &pages) != nil {
			pages = nil // not a list of texts: nothing to find in it, and no reason to ask again
		}
		if err != nil {
			if err := e.unfetched.add(d.Text.Hash, fmt.Errorf("text of document %s: %w", d.ID, err)); err != nil {
				return err
			}
			continue
		}
		if err := e.store.IndexText(ctx, d.ID, d.Text.Hash, pages); err != nil {
			return err
		}
	}
	return nil
}
