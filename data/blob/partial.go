package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"schalter/data/durable"
	"schalter/data/record"
)

// syncEvery is after how many chunks of a file being fetched the disk is waited for. A killed program loses
// less than one chunk, a power cut at most so many.
const syncEvery = 4

// ErrIncomplete is returned, wrapped, by [Partial.Finish] while bytes are missing. Nothing is lost.
var ErrIncomplete = errors.New("blob: not all bytes are there yet")

// Partial is a file being fetched from the centre. It lies sealed on the disk and goes on after a restart
// where its last whole chunk ends. One goroutine may use it.
type Partial struct {
	store *Store
	ref   record.BlobRef
	name  string
	f     *os.File // nil: the file is in the store already, or the partial is closed
	seal  sealing
	hash  hash.Hash
	buf   []byte // begun chunk
	next  int64  // index of the begun chunk
	whole bool   // the file is in the store
	holds bool   // the name is taken in store.receiving
	err   error
}

// Receive begins or resumes fetching a file. If it is in the store already, Offset is its size and Finish
// succeeds. A file may have one Partial at a time.
func (s *Store) Receive(ref record.BlobRef) (*Partial, error) {
	if !ref.Hash.Valid() || ref.Size < 0 || ref.Size > maxSize {
		return nil, fmt.Errorf("blob: receive: no such reference: %q, %d bytes", ref.Hash, ref.Size)
	}
	p := &Partial{store: s, ref: ref, name: s.keys.name(ref.Hash), hash: sha256.New(), buf: make([]byte, 0, min(ref.Size, chunkSize))}
	if s.Has(ref.Hash) {
		p.whole = true
		return p, nil
	}
	s.mu.Lock()
	taken := s.receiving[p.name]
	s.receiving[p.name] = true
	s.mu.Unlock()
	if taken {
		return nil, fmt.Errorf("blob: receive: %s is being received already", ref.Hash)
	}
	p.holds = true
	if err := p.open(); err != nil {
		err = errors.Join(err, p.Close())
		return nil, durable.Explain("blob: receive", s.dir, err)
	}
	return p, nil
}

func (p *Partial) path() string { return filepath.Join(p.store.dir, partialDir, p.name) }

func (p *Partial) open() (err error) {
	p.f, err = os.OpenFile(p.path(), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return p.begin()
	}
	if err != nil {
		return err
	}
	b := make([]byte, headerSize)
	if _, err := p.f.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	seal, ref, err := p.store.keys.openHeader(b)
	if err != nil || ref != p.ref { // torn at its beginning, or fetched under another size
		return errors.Join(p.f.Close(), p.begin())
	}
	p.seal = seal
	return p.resume()
}

func (p *Partial) begin() (err error) {
	if p.f, err = os.OpenFile(p.path(), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600); err != nil {
		return err
	}
	p.seal = p.store.keys.newSealing()
	header, err := p.seal.header(p.ref)
	if err != nil {
		return err
	}
	if _, err := p.f.WriteAt(header, 0); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(p.path()))
}

// resume reads the chunks that are there, for the hash must go over all, and cuts off what is not whole.
func (p *Partial) resume() error {
	buf := make([]byte, chunkSize+tagSize)
	for p.next < chunks(p.ref.Size) {
		b := buf[:chunkLen(p.ref.Size, p.next)+tagSize]
		_, err := p.f.ReadAt(b, chunkAt(p.next))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		plain, err := p.seal.openChunk(b, uint64(p.next), p.last())
		if err != nil {
			break
		}
		p.hash.Write(plain)
		p.next++
	}
	clear(buf)
	return p.f.Truncate(min(chunkAt(p.next), fileSize(p.ref.Size)))
}

func (p *Partial) last() bool { return p.next == chunks(p.ref.Size)-1 }

// Offset is how many bytes of the content are here; fetching goes on behind them.
func (p *Partial) Offset() int64 {
	if p.whole {
		return p.ref.Size
	}
	return min(p.next*chunkSize+int64(len(p.buf)), p.ref.Size)
}

// Write takes the bytes that follow. More than the file has is [record.CodeHashMismatch]; then, and when the
// disk is full, what was fetched is dropped.
func (p *Partial) Write(b []byte) (n int, err error) {
	switch {
	case p.err != nil:
		return 0, p.err
	case int64(len(b)) > p.ref.Size-p.Offset():
		return 0, p.fail(record.E(record.CodeHashMismatch, fmt.Errorf("blob: %s: more than %d bytes", p.ref.Hash, p.ref.Size), "hash", p.ref.Hash))
	}
	for len(b) > 0 {
		m := min(len(b), chunkLen(p.ref.Size, p.next)-len(p.buf))
		p.buf = append(p.buf, b[:m]...)
		b, n = b[m:], n+m
		if len(p.buf) == chunkLen(p.ref.Size, p.next) {
			if err := p.flush(); err != nil {
				return n, p.fail(durable.Explain("blob: receive", p.store.dir, err))
			}
		}
	}
	return n, nil
}

// flush seals the begun chunk and writes it.
func (p *Partial) flush() error {
	if _, err := p.f.WriteAt(p.seal.sealChunk(nil, p.buf, uint64(p.next), p.last()), chunkAt(p.next)); err != nil {
		return err
	}
	p.hash.Write(p.buf)
	clear(p.buf)
	p.buf = p.buf[:0]
	p.next++
	if p.next%syncEvery == 0 {
		return p.f.Sync()
	}
	return nil
}

// Finish puts the file into the store, durably, if its hash is right. If not, what was fetched is dropped
// ([record.CodeHashMismatch]). While bytes are missing it returns [ErrIncomplete] and they may still come.
func (p *Partial) Finish() error {
	switch {
	case p.err != nil:
		return p.err
	case p.whole:
		return nil
	case p.Offset() < p.ref.Size:
		return fmt.Errorf("%w: %d of %d", ErrIncomplete, p.Offset(), p.ref.Size)
	}
	if p.ref.Size == 0 && p.next == 0 {
		if err := p.flush(); err != nil {
			return p.fail(durable.Explain("blob: receive", p.store.dir, err))
		}
	}
	if got := record.Hash(hex.EncodeToString(p.hash.Sum(nil))); got != p.ref.Hash {
		return p.fail(record.E(record.CodeHashMismatch, fmt.Errorf("blob: got %s instead of %s", got, p.ref.Hash), "hash", p.ref.Hash))
	}
	err := p.f.Sync()
	err = errors.Join(err, p.f.Close())
	p.f = nil
	if err == nil {
		err = p.store.publish(p.path(), p.ref)
	}
	if err != nil {
		return p.fail(durable.Explain("blob: receive", p.store.dir, err))
	}
	p.whole = true
	return p.Close()
}

// fail drops what was fetched and keeps the reason.
func (p *Partial) fail(err error) error {
	p.err = err
	if p.f != nil {
		err = errors.Join(err, p.f.Close())
		p.f = nil
	}
	if p.holds {
		err = errors.Join(err, durable.Gone(os.Remove(p.path())))
	}
	return errors.Join(err, p.Close())
}

// Close ends fetching for now. The whole chunks stay for a later [Store.Receive].
func (p *Partial) Close() error {
	clear(p.buf)
	p.buf = p.buf[:0]
	if p.err == nil && !p.whole {
		p.err = fmt.Errorf("blob: %w", os.ErrClosed)
	}
	var err error
	if p.f != nil {
		err = p.f.Close()
		p.f = nil
	}
	if p.holds {
		p.holds = false
		p.store.mu.Lock()
		delete(p.store.receiving, p.name)
		p.store.mu.Unlock()
	}
	return err
}
