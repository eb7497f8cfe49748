package engine

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/merge"
	"schalter/sync/protocol"
)

// memStore is a desk's store in memory with the promises the engine relies on: what a call did is done
// wholly or not at all.
type memStore struct {
	device record.ID
	key    ed25519.PrivateKey
	blobs  *memBlobs

	mu       sync.Mutex
	own      []record.Change // by n
	former   []record.Change // unsent, of the device this desk was before, by n
	seq      map[record.ID]uint64
	rejected map[record.ID]record.Code
	others   map[record.ID]record.Change
	cursor   record.Cursor
	toSend   []record.BlobRef
	toFetch  []record.BlobRef
	text     []record.Document
	indexed  map[record.ID][]string
	changed  *bell
	sending  []record.ID
	// crash is asked before and after a transaction; an error stands for the program's death there.
	crash func(when string) error
}

func newMemStore() *memStore {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	s := &memStore{device: record.NewID(), key: key, changed: newBell(), crash: func(string) error { return nil }}
	s.blobs = newMemBlobs()
	s.seq, s.rejected, s.others = map[record.ID]uint64{}, map[record.ID]record.Code{}, map[record.ID]record.Change{}
	s.indexed = map[record.ID][]string{}
	return s
}

// tx runs f as one transaction that may be cut before or after its commit.
func (s *memStore) tx(name string, f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(name + " before"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	s.changed.ring()
	return s.crash(name + " after")
}

// apply records an own change, as data/store does.
func (s *memStore) apply(caseID record.ID, kind record.Kind, payload any) record.Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	var prev record.Change
	if n := len(s.own); n > 0 {
		prev = s.own[n-1]
	}
	ch, err := record.Seal(record.Edit{Case: caseID, Kind: kind, User: "w", Payload: payload}, s.device, prev, time.Now())
	if err != nil {
		panic(err)
	}
	s.own = append(s.own, ch)
	if d, ok := payload.(record.DocumentAdded); ok {
		for _, b := range d.Document.Blobs() {
			if !slices.Contains(s.toSend, b) {
				s.toSend = append(s.toSend, b)
			}
		}
		if d.Document.Text.Hash != "" {
			s.text = append(s.text, d.Document)
		}
	}
	s.changed.ring()
	return ch
}

func (s *memStore) Pending(_ context.Context, limit, maxBytes int) (out []record.Change, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := 0
	if len(s.former) > 0 {
		return nil, nil
	}
	for _, c := range s.own {
		if s.seq[c.ID] != 0 || s.rejected[c.ID] != "" {
			continue
		}
		if size += len(c.Payload) + 400; len(out) == limit || len(out) > 0 && size > maxBytes {
			break
		}
		out = append(out, c)
	}
	return out, nil
}

func (s *memStore) Accepted(_ context.Context, placed []record.Placed) error {
	return s.tx("accepted", func() error {
		for _, p := range placed {
			s.seq[p.ID] = p.Seq
		}
		return nil
	})
}

func (s *memStore) Rejected(_ context.Context, id record.ID, code record.Code, _ string) error {
	return s.tx("rejected", func() error {
		s.rejected[id] = code
		return nil
	})
}

func (s *memStore) Cursor(context.Context) (record.Cursor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor, nil
}

func (s *memStore) Receive(_ context.Context, changes []record.Sequenced, next record.Cursor) ([]record.ID, error) {
	return nil, s.tx("receive", func() error {
		for _, c := range changes {
			if c.Change.Device == s.device {
				if !slices.ContainsFunc(s.own, func(o record.Change) bool { return o.ID == c.Change.ID }) {
					if protocol.IsStub(c.Change) {
						return record.E(record.CodeForked, errors.New("own change that is not here"))
					}
					s.own = append(s.own, c.Change)
					s.expectFiles(c.Change)
				}
				if s.rejected[c.Change.ID] == "" {
					s.seq[c.Change.ID] = c.Seq
				}
				continue
			}
			s.former = slices.DeleteFunc(s.former, func(o record.Change) bool { return o.ID == c.Change.ID })
			s.others[c.Change.ID], s.seq[c.Change.ID] = c.Change, c.Seq
			s.expectFiles(c.Change)
		}
		s.cursor = next
		return nil
	})
}

// renew makes another device of the desk, as data/store does; what it has not sent waits to be adopted.
func (s *memStore) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := newMemStore()
	s.device, s.key = fresh.device, fresh.key
	for _, c := range s.own {
		switch {
		case s.seq[c.ID] != 0:
			s.others[c.ID] = c
		case s.rejected[c.ID] == "":
			s.former = append(s.former, c)
		}
	}
	s.own = nil
}

func (s *memStore) Adopt(_ context.Context, at record.Cursor) error {
	s.mu.Lock()
	left := at == s.cursor && len(s.former) > 0
	s.mu.Unlock()
	if !left {
		return nil
	}
	return s.tx("adopt", func() error {
		var prev record.Change
		all := slices.Concat(s.former, s.own)
		s.former, s.own = nil, nil
		for _, c := range all {
			c.Device, c.N, c.Prev = s.device, prev.N+1, ""
			if prev.N > 0 {
				c.Prev = prev.Hash()
			}
			s.own, prev = append(s.own, c), c
		}
		return nil
	})
}

// clone is a copy of the desk's disk.
func (s *memStore) clone() *memStore {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := newMemStore()
	c.device, c.key, c.cursor = s.device, s.key, s.cursor
	c.own, c.former = slices.Clone(s.own), slices.Clone(s.former)
	c.toSend, c.toFetch, c.text = slices.Clone(s.toSend), slices.Clone(s.toFetch), slices.Clone(s.text)
	c.seq, c.rejected, c.others, c.indexed = maps.Clone(s.seq), maps.Clone(s.rejected), maps.Clone(s.others), maps.Clone(s.indexed)
	s.blobs.mu.Lock()
	defer s.blobs.mu.Unlock()
	c.blobs.files, c.blobs.parts = maps.Clone(s.blobs.files), maps.Clone(s.blobs.parts)
	return c
}

func (s *memStore) expectFiles(c record.Change) {
	d, err := record.Decode[record.DocumentAdded](c)
	if c.Kind != record.KindDocument || err != nil {
		return
	}
	for _, b := range d.Document.Blobs() {
		if !s.blobs.Has(b.Hash) && !slices.Contains(s.toFetch, b) {
			s.toFetch = append(s.toFetch, b)
		}
	}
	if d.Document.Text.Hash != "" {
		s.text = append(s.text, d.Document)
	}
}

func (s *memStore) Rewind(_ context.Context, history record.ID) error {
	return s.tx("rewind", func() error {
		s.cursor = record.Cursor{History: history}
		s.seq, s.rejected, s.others = map[record.ID]uint64{}, map[record.ID]record.Code{}, map[record.ID]record.Change{}
		s.toSend = nil
		for _, c := range s.own {
			if d, err := record.Decode[record.DocumentAdded](c); c.Kind == record.KindDocument && err == nil {
				s.toSend = append(s.toSend, d.Document.Blobs()...)
			}
		}
		return nil
	})
}

// smallFirst is the order in which the desk's store gives files.
func smallFirst(refs []record.BlobRef, limit int) []record.BlobRef {
	out := slices.Clone(refs)
	slices.SortStableFunc(out, func(a, b record.BlobRef) int { return cmp.Compare(a.Size>>16, b.Size>>16) })
	return out[:min(limit, len(out))]
}

func (s *memStore) FilesToSend(_ context.Context, limit int) ([]record.BlobRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return smallFirst(s.toSend, limit), nil
}

func (s *memStore) FileSent(_ context.Context, h record.Hash) error {
	return s.tx("sent", func() error {
		s.toSend = slices.DeleteFunc(s.toSend, func(b record.BlobRef) bool { return b.Hash == h })
		return nil
	})
}

func (s *memStore) SendAgain(_ context.Context, files []record.Hash) error {
	return s.tx("again", func() error {
		for _, h := range files {
			p, err := s.blobs.ReadAll(h, 1<<40)
			if ref := (record.BlobRef{Hash: h, Size: int64(len(p))}); err == nil && !slices.Contains(s.toSend, ref) {
				s.toSend = append(s.toSend, ref)
			}
		}
		return nil
	})
}

func (s *memStore) FilesToFetch(_ context.Context, limit int) ([]record.BlobRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return smallFirst(s.toFetch, limit), nil
}

func (s *memStore) FileFetched(_ context.Context, h record.Hash) error {
	return s.tx("fetched", func() error {
		s.toFetch = slices.DeleteFunc(s.toFetch, func(b record.BlobRef) bool { return b.Hash == h })
		return nil
	})
}

func (s *memStore) TextToIndex(_ context.Context, limit int) (out []record.Document, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.text {
		if _, ok := s.indexed[d.ID]; !ok && len(out) < limit {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *memStore) IndexText(_ context.Context, doc record.ID, _ record.Hash, pages []string) error {
	return s.tx("index", func() error {
		s.indexed[doc] = pages
		return nil
	})
}

func (s *memStore) Sending(ids []record.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sending = ids
}

func (s *memStore) Watch() (<-chan struct{}, func()) {
	c := s.changed.listen()
	return c, func() { s.changed.forget(c) }
}

// told is what the store was last told to be on the line.
func (s *memStore) told() []record.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sending
}

func (s *memStore) placed(id record.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq[id] != 0
}

// texts is how many documents are in the index.
func (s *memStore) texts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.indexed)
}

// waiting tells what has not reached the centre or this desk yet.
func (s *memStore) waiting() string {
	p, _ := s.Pending(context.Background(), 1<<20, 1<<40)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p)+len(s.former)+len(s.toSend)+len(s.toFetch) == 0 {
		return ""
	}
	return fmt.Sprintf("%d changes, %d of a former identity, %d files to send, %d files to fetch", len(p), len(s.former), len(s.toSend), len(s.toFetch))
}

// cases is everything the desk shows, as JSON by case id.
func (s *memStore) cases(t testing.TB) map[record.ID]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	type placed struct {
		seq uint64
		ch  record.Change
	}
	by := map[record.ID][]placed{}
	for _, c := range s.others {
		by[c.Case] = append(by[c.Case], placed{s.seq[c.ID], c})
	}
	for _, c := range s.own {
		if s.rejected[c.ID] == "" {
			q := s.seq[c.ID]
			if q == 0 {
				q = 1<<62 + c.N
			}
			by[c.Case] = append(by[c.Case], placed{q, c})
		}
	}
	out := map[record.ID]string{}
	for id, list := range by {
		sort.Slice(list, func(i, j int) bool { return list[i].seq < list[j].seq })
		var changes []record.Change
		for _, p := range list {
			changes = append(changes, p.ch)
		}
		c, err := merge.Replay(changes)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		out[id] = string(b)
	}
	return out
}

// view is one case as the desk shows it.
func (s *memStore) view(t testing.TB, id record.ID) (c record.Case) {
	if err := json.Unmarshal([]byte(s.cases(t)[id]), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// memBlobs keeps files in memory.
type memBlobs struct {
	mu    sync.Mutex
	files map[record.Hash][]byte
	parts map[record.Hash][]byte
}

func newMemBlobs() *memBlobs {
	return &memBlobs{files: map[record.Hash][]byte{}, parts: map[record.Hash][]byte{}}
}

func (b *memBlobs) put(p []byte) record.BlobRef {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := record.HashOf(p)
	b.files[h] = p
	return record.BlobRef{Hash: h, Size: int64(len(p))}
}

func (b *memBlobs) Has(h record.Hash) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.files[h]
	return ok
}

type openFile struct{ *bytes.Reader }

func (openFile) Close() error { return nil }

func (b *memBlobs) Open(h record.Hash) (openFile, error) {
	p, err := b.ReadAll(h, 1<<40)
	return openFile{bytes.NewReader(p)}, err
}

func (b *memBlobs) ReadAll(h record.Hash, limit int64) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.files[h]
	switch {
	case !ok:
		return nil, record.E(record.CodeBlobMissing, nil)
	case int64(len(p)) > limit:
		return nil, record.E(record.CodeBlobTooLarge, nil)
	}
	return p, nil
}

type memPartial struct {
	b   *memBlobs
	ref record.BlobRef
}

func (b *memBlobs) Receive(ref record.BlobRef) (*memPartial, error) { return &memPartial{b, ref}, nil }

func (p *memPartial) Offset() int64 {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	return int64(len(p.b.parts[p.ref.Hash]))
}

func (p *memPartial) Write(d []byte) (int, error) {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	p.b.parts[p.ref.Hash] = append(p.b.parts[p.ref.Hash], d...)
	return len(d), nil
}

func (p *memPartial) Finish() error {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	d := p.b.parts[p.ref.Hash]
	delete(p.b.parts, p.ref.Hash)
	if record.HashOf(d) != p.ref.Hash {
		return record.E(record.CodeHashMismatch, nil)
	}
	p.b.files[p.ref.Hash] = d
	return nil
}

func (p *memPartial) Close() error { return nil }

var _ io.ReadSeekCloser = openFile{}
