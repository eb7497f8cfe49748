// Package store keeps what a town hall records on one desk: the journal of changes, the cases they make,
// the outbox, drafts, settings and the search index, in one encrypted SQLite database.
//
// It is for the program's screens, which read lists and record changes, and for the sync engine, which
// sends what waits and brings what others did.
//
// It promises:
//
//   - One invariant: a change's journal entry, the case it makes and its place in the outbox are committed
//     in one transaction, or none of them is. There is one way to change a case, [Store.Apply] (with
//     [Store.Submit] and [Store.Receive] going the same way inside).
//   - What a method acknowledged survives a power cut (write-ahead log, synchronous=FULL).
//   - A case is always its placed changes in the centre's order followed by the desk's own that are not
//     placed, folded by package sync/merge.
//   - Nothing in the data directory is readable without the key (package store/cryptvfs).
//   - Reading never waits for writing, and every method may be called from any goroutine.
//
// It never opens a connection to anything, never touches a stored file's bytes (package blob), never
// deletes a change, and never reads the wall clock except through [Options.Clock].
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"

	"schalter/data/record"
	"schalter/data/store/cryptvfs"
)

// The files of a data directory that belong to the store.
const (
	fileName = "schalter.db"
	lockName = "lock"
)

// Options open a store. Key and ID come from the vault; Clock may be nil for the machine's clock.
type Options struct {
	Key   [32]byte
	ID    [16]byte
	Clock record.Clock
	// Software is what the transfer notes of scans that are filed here name as the program.
	Software string
}

// Store is an open store.
type Store struct {
	dir   string
	clock record.Clock
	soft  string
	vfs   *cryptvfs.VFS
	lock  *flock.Flock
	pools []closer

	writer  *stack // of the one writing connection
	readers *stack

	recent  recent
	indexer *indexer
	who     atomic.Pointer[record.Identity]
	wire    wire
	watches watches
	closing sync.Once
	closed  error
}

type closer interface{ Close() error }

// Create makes the store of a new desk in dir, which must exist, and opens it. The desk gets its device
// id and key. A store that is there already is [record.CodeStoreExists].
func Create(ctx context.Context, dir string, o Options) (*Store, error) {
	s, err := prepare(dir, o)
	if err != nil {
		return nil, err
	}
	if err := s.vfs.Create(s.path()); err != nil {
		if errors.Is(err, fs.ErrExist) {
			err = record.E(record.CodeStoreExists, err, "dir", dir)
		}
		return nil, errors.Join(s.explain(err), s.Close())
	}
	if err := s.connect(ctx, true); err != nil {
		return nil, s.abandon(err)
	}
	return s, nil
}

// Open opens the store in dir and brings it to this program's version. The errors a clerk can do
// something about: [record.CodeStoreMissing], [record.CodeStoreInUse], [record.CodeStoreForeign],
// [record.CodeStoreNewer], [record.CodeStoreDamaged], [record.CodeStoreNetwork], [record.CodeReadOnly] and
// [record.CodeDiskFull].
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	st, err := os.Stat(filepath.Join(dir, fileName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, record.E(record.CodeStoreMissing, err, "dir", dir)
	case err == nil && st.Size() == 0: // Create never leaves such a file, and SQLite would take it for a new one
		return nil, record.E(record.CodeStoreDamaged, errors.New("store: the file is empty"), "dir", dir)
	}
	s, err := prepare(dir, o)
	if err != nil {
		return nil, err
	}
	if err := s.connect(ctx, false); err != nil {
		return nil, s.abandon(s.foreignOrDamaged(ctx, err))
	}
	return s, nil
}

// prepare takes the lock on dir and registers the encryption.
func prepare(dir string, o Options) (*Store, error) {
	if o.Clock == nil {
		o.Clock = record.SystemClock
	}
	s := &Store{dir: dir, clock: o.Clock, soft: o.Software, writer: newStack(1), readers: newStack(readers), indexer: newIndexer()}
	if name, err := networkVolume(dir); err != nil {
		return nil, s.explain(err)
	} else if name != "" {
		return nil, record.E(record.CodeStoreNetwork, nil, "dir", dir, "kind", name)
	}
	s.lock = flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	switch held, err := s.lock.TryLock(); {
	case err != nil:
		return nil, s.explain(err)
	case !held:
		return nil, record.E(record.CodeStoreInUse, nil, "dir", dir)
	}
	vfs, err := cryptvfs.Register(o.Key, o.ID)
	if err != nil {
		return nil, errors.Join(s.explain(err), s.lock.Close())
	}
	s.vfs = vfs
	return s, nil
}

func (s *Store) path() string { return filepath.Join(s.dir, fileName) }

// abandon closes what a failed start had opened.
func (s *Store) abandon(err error) error {
	if e := s.Close(); e != nil {
		return errors.Join(err, e)
	}
	return err
}

// Close waits for what is under way, then closes the store. A second call does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.indexer.end()
		var errs []error
		if s.pools != nil {
			errs = append(s.writer.close(), s.readers.close()...)
		}
		for _, p := range s.pools {
			errs = append(errs, p.Close())
		}
		s.watches.close()
		if s.vfs != nil {
			errs = append(errs, s.vfs.Close())
		}
		s.closed = errors.Join(append(errs, s.lock.Close())...)
	})
	return s.closed
}

// newIdentity is what a desk is before its enrolment.
func newIdentity() (record.Identity, error) {
	id := record.Identity{Device: record.NewID(), Key: make([]byte, 32)}
	_, err := rand.Read(id.Key)
	return id, err
}
