package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"schalter/data/record"
)

// cached is how many opened chunks a reader keeps: a PDF is read to and fro at a few places.
const cached = 4

// Reader reads one file. ReadAt may be used by many goroutines, Read and Seek by one.
type Reader struct {
	f    *os.File
	ref  record.BlobRef
	seal sealing
	at   int64

	mu    sync.Mutex
	cache [cached]chunk // latest first
}

type chunk struct {
	index int64
	plain []byte // nil: unused
}

// Open opens a file for reading. None there is [record.CodeBlobMissing], one that was altered
// [record.CodeBlobDamaged]; damage to its inside shows when it is read.
func (s *Store) Open(h record.Hash) (*Reader, error) {
	if !h.Valid() {
		return nil, record.E(record.CodeBlobMissing, fmt.Errorf("blob: %q is no hash", h), "hash", h)
	}
	r, err := s.openFile(s.path(s.keys.name(h)), h)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, record.E(record.CodeBlobMissing, err, "hash", h)
	case err != nil:
		return nil, err
	case r.ref.Hash != h:
		return nil, damaged(h, errors.Join(fmt.Errorf("it holds %s", r.ref.Hash), r.Close()))
	}
	return r, nil
}

func damaged(h record.Hash, err error) error {
	return record.E(record.CodeBlobDamaged, fmt.Errorf("blob: %s: %w", h, err), "hash", h)
}

// openFile opens the file at path, of which h, if not empty, is told in errors.
func (s *Store) openFile(path string, h record.Hash) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("blob: open: %w", err)
	}
	r := &Reader{f: f}
	if err := r.readHeader(&s.keys); err != nil {
		return nil, damaged(h, errors.Join(err, f.Close()))
	}
	return r, nil
}

func (r *Reader) readHeader(k *keys) error {
	b := make([]byte, headerSize)
	if _, err := r.f.ReadAt(b, 0); err != nil {
		return fmt.Errorf("header: %w", cutShort(err))
	}
	var err error
	if r.seal, r.ref, err = k.openHeader(b); err != nil {
		return err
	}
	info, err := r.f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != fileSize(r.ref.Size) {
		return fmt.Errorf("%d bytes long instead of %d", info.Size(), fileSize(r.ref.Size))
	}
	return nil
}

// cutShort keeps an end that comes too early from being taken for the end of the content.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Size is the length of the content in bytes.
func (r *Reader) Size() int64 { return r.ref.Size }

// ReadAt implements [io.ReaderAt].
func (r *Reader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("blob: negative offset %d", off)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for n < len(p) {
		if off >= r.ref.Size {
			return n, io.EOF
		}
		plain, err := r.chunk(off / chunkSize)
		if err != nil {
			return n, err
		}
		m := copy(p[n:], plain[off%chunkSize:])
		n, off = n+m, off+int64(m)
	}
	return n, nil
}

// chunk returns an opened chunk, from the cache if it is there.
func (r *Reader) chunk(i int64) ([]byte, error) {
	place := cached - 1 // the oldest gives way
	for j, c := range r.cache {
		if c.plain != nil && c.index == i {
			place = j
			break
		}
	}
	c := r.cache[place]
	if c.plain == nil || c.index != i {
		plain, err := r.readChunk(c.plain, i)
		if err != nil {
			r.cache[place] = chunk{}
			return nil, err
		}
		c = chunk{index: i, plain: plain}
	}
	copy(r.cache[1:place+1], r.cache[:place])
	r.cache[0] = c
	return c.plain, nil
}

// readChunk reads and opens a chunk into the memory of buf, if it is enough.
func (r *Reader) readChunk(buf []byte, i int64) ([]byte, error) {
	n := chunkLen(r.ref.Size, i) + tagSize
	if cap(buf) < n {
		buf = make([]byte, n, max(n, min(int(r.ref.Size), chunkSize)+tagSize))
	}
	buf = buf[:n]
	if _, err := r.f.ReadAt(buf, chunkAt(i)); errors.Is(err, os.ErrClosed) {
		return nil, fmt.Errorf("blob: read: %w", err)
	} else if err != nil {
		return nil, damaged(r.ref.Hash, fmt.Errorf("chunk %d: %w", i, cutShort(err)))
	}
	plain, err := r.seal.openChunk(buf, uint64(i), i == chunks(r.ref.Size)-1)
	if err != nil {
		return nil, damaged(r.ref.Hash, fmt.Errorf("chunk %d: %w", i, err))
	}
	return plain, nil
}

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.at)
	r.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Seek implements [io.Seeker].
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.ref.Size
	default:
		return 0, fmt.Errorf("blob: seek from %d", whence)
	}
	if offset < 0 {
		return 0, fmt.Errorf("blob: seek to %d", offset)
	}
	r.at = offset
	return offset, nil
}

// Close ends reading and overwrites what was kept of the content.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.cache {
		clear(r.cache[i].plain)
		r.cache[i] = chunk{}
	}
	return r.f.Close()
}

// verify reads everything and compares the content with its hash.
func (r *Reader) verify(ctx context.Context) error {
	hash := sha256.New()
	var buf []byte
	for i := range chunks(r.ref.Size) {
		if err := ctx.Err(); err != nil {
			return err
		}
		plain, err := r.readChunk(buf, i)
		if err != nil {
			return err
		}
		hash.Write(plain)
		buf = plain
	}
	clear(buf)
	if got := hex.EncodeToString(hash.Sum(nil)); got != string(r.ref.Hash) {
		return damaged(r.ref.Hash, fmt.Errorf("the content's hash is %s", got))
	}
	return nil
}
