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
	"path/filepath"
	"sync"

	"schalter/data/durable"
	"schalter/data/record"
)

const (
	tmpDir     = "tmp"
	partialDir = "partial"
)

// Store is a directory of sealed files. Many goroutines may use it.
type Store struct {
	dir  string
	keys keys

	mu        sync.Mutex
	receiving map[string]bool // names with an open Partial
}

// Open uses the directory, which is made if it is not there, for files sealed under key.
func Open(dir string, key [32]byte) (*Store, error) {
	k, err := deriveKeys(key)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, keys: k, receiving: map[string]bool{}}
	tmp := filepath.Join(dir, tmpDir)
	if err := os.RemoveAll(tmp); err != nil {
		return nil, durable.Explain("blob: open", dir, err)
	}
	for _, d := range []string{tmp, filepath.Join(dir, partialDir)} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, durable.Explain("blob: open", dir, err)
		}
	}
	return s, durable.Explain("blob: open", dir, s.makeFolders())
}

// makeFolders makes what is missing of the folders for files, all at once: one flush here instead of one for each
// of the first files.
func (s *Store) makeFolders() error {
	there, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, d := range there {
		have[d.Name()] = true
	}
	for i := range 256 {
		name := fmt.Sprintf("%02x", i)
		if have[name] {
			continue
		}
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return durable.SyncDir(s.dir)
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name[:2], name) }

// Put stores what r yields. When it returns without error the file is on the disk. Content that is there
// already is not stored twice.
func (s *Store) Put(ctx context.Context, r io.Reader) (record.BlobRef, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, tmpDir), "put-*")
	if err != nil {
		return record.BlobRef{}, durable.Explain("blob: put", s.dir, err)
	}
	ref, err := s.write(ctx, f, r)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = s.publish(f.Name(), ref)
	}
	if err != nil {
		err = errors.Join(err, durable.Gone(os.Remove(f.Name())))
		return record.BlobRef{}, durable.Explain("blob: put", s.dir, err)
	}
	return ref, nil
}

// write seals r into f, chunk by chunk, and at last the header, for only then the hash is known.
func (s *Store) write(ctx context.Context, f *os.File, r io.Reader) (ref record.BlobRef, err error) {
	seal := s.keys.newSealing()
	hash := sha256.New()
	buf := make([]byte, 2*chunkSize)
	plain, ahead := buf[:chunkSize], buf[chunkSize:]
	sealed := make([]byte, 0, chunkSize+tagSize)
	n, end, err := nextChunk(r, plain)
	for i := int64(0); err == nil; i++ {
		if err = ctx.Err(); err != nil {
			break
		}
		var next int
		last := end
		if !end { // a chunk is the last if nothing follows it
			if next, end, err = nextChunk(r, ahead); err != nil {
				break
			}
			last = next == 0
		}
		hash.Write(plain[:n])
		ref.Size += int64(n)
		if _, err = f.WriteAt(seal.sealChunk(sealed, plain[:n], uint64(i), last), chunkAt(i)); err != nil || last {
			break
		}
		plain, ahead, n = ahead, plain, next
	}
	clear(buf)
	if err != nil {
		return ref, err
	}
	ref.Hash = record.Hash(hex.EncodeToString(hash.Sum(nil)))
	header, err := seal.header(ref)
	if err != nil {
		return ref, err
	}
	if _, err := f.WriteAt(header, 0); err != nil {
		return ref, err
	}
	return ref, f.Sync()
}

// nextChunk fills b as far as r goes and reports whether r has ended.
func nextChunk(r io.Reader, b []byte) (n int, end bool, err error) {
	n, err = io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && n < len(b) {
		return n, true, nil
	}
	return n, false, err
}

// publish moves a finished file to its place, durably. A file that is there and whole stays. Many may do so at
// once, so that their flushes are one to the disk: who comes second with the same content meets the same bytes, and
// where what somebody reads cannot be replaced (Windows) it need not be.
func (s *Store) publish(from string, ref record.BlobRef) error {
	to := s.path(s.keys.name(ref.Hash))
	if s.verify(ref.Hash) != nil {
		if err := s.move(from, to); err != nil && s.verify(ref.Hash) != nil {
			return err
		}
	}
	if err := durable.Gone(os.Remove(from)); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(to))
}

// move renames a file into its folder, which somebody may have tidied away.
func (s *Store) move(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.makeFolders(); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// verify reads the file of a hash from beginning to end.
func (s *Store) verify(h record.Hash) error {
	r, err := s.Open(h)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	return r.verify(context.Background())
}

// Has reports whether the file is there in full length with its header unharmed.
func (s *Store) Has(h record.Hash) bool {
	r, err := s.Open(h)
	if err != nil {
		return false
	}
	return r.Close() == nil
}

// ReadAll returns a whole file; one of more than limit bytes is [record.CodeBlobTooLarge].
func (s *Store) ReadAll(h record.Hash, limit int64) ([]byte, error) {
	r, err := s.Open(h)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read
	if r.Size() > limit {
		return nil, record.E(record.CodeBlobTooLarge, fmt.Errorf("blob: %s has %d bytes", h, r.Size()), "limit", readable(limit))
	}
	b := make([]byte, r.Size())
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	return b, nil
}

// readable writes a number of bytes as people do, rounded down.
func readable(n int64) string {
	if n < 1e6 {
		return fmt.Sprintf("%d kB", n/1e3)
	}
	return fmt.Sprintf("%d MB", n/1e6)
}

// Remove deletes a file and what was fetched of it. One that is not there is removed already.
func (s *Store) Remove(h record.Hash) error {
	if !h.Valid() {
		return nil
	}
	name := s.keys.name(h)
	for _, p := range []string{s.path(name), filepath.Join(s.dir, partialDir, name)} {
		err := os.Remove(p)
		if err == nil {
			err = durable.SyncDir(filepath.Dir(p))
		}
		if err := durable.Gone(err); err != nil {
			return durable.Explain("blob: remove", s.dir, err)
		}
	}
	return nil
}
