// Package filestore keeps each authority's files as plain files in a directory of its own.
//
// It is the default [server.Files] of schalterd. The layout is TENANT/xx/HASH for complete files, xx being
// the hash's first two characters, TENANT/partial/HASH for what has arrived so far, and TENANT/damaged/HASH for
// what was found not to have its hash any more.
//
// It promises that a file under its hash is complete and has that hash, that what Append reported is on
// disk, and that an upload goes on after a crash where the bytes end. It reaches files only through
// [os.Root], so no name can lead outside.
//
// It never deletes a complete file and never looks into one.
package filestore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"schalter/data/durable"
	"schalter/data/record"
	"schalter/sync/server"
)

const (
	partial = "partial"
	damaged = "damaged"
)

// Store is a directory of files.
type Store struct {
	root *os.Root
	mu   sync.Mutex
	busy map[string]bool // partial files being appended to
}

// Open opens the directory and makes it if it is not there.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault(err)
	}
	return &Store{root: root, busy: map[string]bool{}}, nil
}

// Close lets go of the directory.
func (s *Store) Close() error { return s.root.Close() }

// names gives the paths of a file, or an error if tenant or hash could mean anything else.
func names(tenant string, h record.Hash) (whole, part string, err error) {
	if tenant == "" || strings.Trim(tenant, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || !h.Valid() {
		return "", "", record.E(record.CodeBlobMissing, fmt.Errorf("file %.80q of %.40q", h, tenant))
	}
	return path.Join(tenant, string(h[:2]), string(h)), path.Join(tenant, partial, string(h)), nil
}

// State implements [server.Files].
func (s *Store) State(_ context.Context, tenant string, h record.Hash) (server.FileState, error) {
	whole, part, err := names(tenant, h)
	if err != nil {
		return server.FileState{}, err
	}
	return s.state(whole, part)
}

func (s *Store) state(whole, part string) (server.FileState, error) {
	if i, err := s.root.Stat(whole); err == nil {
		return server.FileState{Offset: i.Size(), Complete: true}, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return server.FileState{}, fault(err)
	}
	i, err := s.root.Stat(part)
	if errors.Is(err, fs.ErrNotExist) {
		return server.FileState{}, nil
	}
	if err != nil {
		return server.FileState{}, fault(err)
	}
	return server.FileState{Offset: i.Size()}, nil
}

// Append implements [server.Files].
func (s *Store) Append(_ context.Context, tenant string, h record.Hash, offset, length int64, body io.Reader) (server.FileState, error) {
	whole, part, err := names(tenant, h)
	if err != nil {
		return server.FileState{}, err
	}
	if !s.claim(part) {
		st, err := s.state(whole, part)
		if err != nil || st.Complete {
			return st, err
		}
		return st, record.E(record.CodeCentreBusy, errors.New("another upload of this file is under way"))
	}
	defer s.release(part)
	st, err := s.state(whole, part)
	switch {
	case err != nil || st.Complete:
		return st, err
	case st.Offset != offset:
		return st, server.ErrOffset
	case length < offset:
		return st, record.E(record.CodeRejected, fmt.Errorf("length %d, offset %d", length, offset), "reason", "length")
	}
	sum, cut, err := s.receive(part, offset, length, body)
	if err == nil && sum != "" {
		err = s.finish(whole, part, sum, h)
	}
	st, stErr := s.state(whole, part)
	if err == nil && !st.Complete {
		err = cut
	}
	return st, errors.Join(fault(err), stErr)
}

func (s *Store) claim(part string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[part] {
		return false
	}
	s.busy[part] = true
	return true
}

func (s *Store) release(part string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, part)
}

// receive appends to the partial file and syncs it. sum is the file's hash once it has its length, else "".
// cut is why body ended early, err what is wrong with the disk.
func (s *Store) receive(part string, offset, length int64, body io.Reader) (sum record.Hash, cut, err error) {
	if err := s.makeDir(path.Dir(part)); err != nil {
		return "", nil, err
	}
	f, err := s.root.OpenFile(part, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &writer{f: f, sum: sha256.New()}
	n, copyErr := io.CopyBuffer(w, io.LimitReader(body, length-offset), make([]byte, 128<<10))
	if w.err == nil {
		cut = copyErr
	}
	if err := f.Sync(); err != nil {
		// What the kernel could not write it may forget, and say nothing the second time.
		return "", cut, errors.Join(err, s.root.Remove(part))
	}
	if w.err != nil {
		return "", cut, w.err
	}
	if offset+n < length {
		return "", cut, nil
	}
	if offset > 0 {
		w.sum.Reset()
		if _, err := io.Copy(w.sum, io.NewSectionReader(f, 0, length)); err != nil {
			return "", nil, err
		}
	}
	return record.Hash(hex.EncodeToString(w.sum.Sum(nil))), nil, nil
}

// writer writes and hashes, and remembers whether it was the disk that failed.
type writer struct {
	f   *os.File
	sum hash.Hash
	err error
}

func (w *writer) Write(b []byte) (int, error) {
	n, err := w.f.Write(b)
	w.sum.Write(b[:n])
	w.err = err
	return n, err
}

// finish moves a partial file that has its length to its place, or throws it away.
func (s *Store) finish(whole, part string, sum, h record.Hash) error {
	if sum != h {
		err := record.E(record.CodeHashMismatch, fmt.Errorf("file %s has hash %s", h, sum))
		return errors.Join(err, s.root.Remove(part), durable.SyncDirIn(s.root, path.Dir(part)))
	}
	if err := s.makeDir(path.Dir(whole)); err != nil {
		return err
	}
	if err := s.root.Rename(part, whole); err != nil {
		return err
	}
	if err := durable.SyncDirIn(s.root, path.Dir(whole)); err != nil {
		// Until the name is on disk nobody may be told that the file is here.
		return errors.Join(err, s.root.Rename(whole, part))
	}
	return nil
}

// makeDir makes a directory and its parent and puts their names on disk.
func (s *Store) makeDir(dir string) error {
	if i, err := s.root.Stat(dir); err == nil && i.IsDir() {
		return nil
	}
	if parent := path.Dir(dir); parent != "." {
		if err := s.makeDir(parent); err != nil {
			return err
		}
	}
	if err := s.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return durable.SyncDirIn(s.root, path.Dir(dir))
}

// Open implements [server.Files].
func (s *Store) Open(_ context.Context, tenant string, h record.Hash) (server.File, int64, error) {
	whole, _, err := names(tenant, h)
	if err != nil {
		return nil, 0, err
	}
	f, err := s.root.Open(whole)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, record.E(record.CodeBlobMissing, fmt.Errorf("file %s", h))
	}
	if err != nil {
		return nil, 0, fault(err)
	}
	i, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fault(err), f.Close())
	}
	return f, i.Size(), nil
}

// SetAside implements [server.Files].
func (s *Store) SetAside(_ context.Context, tenant string, h record.Hash) error {
	whole, _, err := names(tenant, h)
	if err != nil {
		return err
	}
	aside := path.Join(tenant, damaged, string(h))
	if err := s.makeDir(path.Dir(aside)); err != nil {
		return fault(err)
	}
	err = s.root.Rename(whole, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return record.E(record.CodeBlobMissing, err)
	}
	if err == nil {
		err = errors.Join(durable.SyncDirIn(s.root, path.Dir(aside)), durable.SyncDirIn(s.root, path.Dir(whole)))
	}
	return fault(err)
}

// Each implements [server.Files].
func (s *Store) Each(ctx context.Context, tenant string, each func(h record.Hash, size int64) error) error {
	err := fs.WalkDir(s.root.FS(), tenant, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && (d.Name() == partial || d.Name() == damaged):
			return fs.SkipDir
		case d.IsDir() || !record.Hash(d.Name()).Valid():
			return nil
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		return each(record.Hash(d.Name()), i.Size())
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the authority has no files yet
	}
	return err
}

func fault(err error) error {
	if durable.IsFull(err) {
		return record.E(record.CodeDiskFull, err)
	}
	return err
}
