// Package powercut shows what a disk may hold after a power cut, for tests of what is stored through
// data/store/cryptvfs.
//
// A [Recorder] notes every physical operation and, by [Recorder.Mark], what was acknowledged to the user. A
// cut takes a random moment and builds the files as a disk could have left them: what was synced is there;
// of every later write, in any order, nothing, all, or any of its 512-byte sectors.
//
// It promises to be harsher than real disks with honest flushes, and the same for the same random source. It
// never touches the files it recorded.
package powercut

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"schalter/data/store/cryptvfs"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// mark is the operation kind of an acknowledgement; Offset is its number.
const mark cryptvfs.OpKind = 0

// Recorder holds the operations on the files of one directory.
type Recorder struct {
	vfs  *cryptvfs.VFS
	base map[string][]byte

	mu  sync.Mutex
	log []cryptvfs.Op
}

// Record starts with the files that are in dir now; no database in it may be open.
func Record(v *cryptvfs.VFS, dir string) (*Recorder, error) {
	r := &Recorder{vfs: v, base: map[string][]byte{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("powercut: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if r.base[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, fmt.Errorf("powercut: %w", err)
		}
	}
	v.Intercept(func(op cryptvfs.Op) error {
		op.Data = append([]byte(nil), op.Data...)
		op.Path = filepath.Base(op.Path)
		r.add(op)
		return nil
	})
	return r, nil
}

func (r *Recorder) add(op cryptvfs.Op) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, op)
}

// Mark notes that the n-th save was acknowledged.
func (r *Recorder) Mark(n int64) { r.add(cryptvfs.Op{Kind: mark, Offset: n}) }

// Stop ends recording.
func (r *Recorder) Stop() { r.vfs.Intercept(nil) }

// Ops is how many moments there are at which the power can go.
func (r *Recorder) Ops() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.log)
}

// disk is one file: what it surely holds, and what was written since the last sync.
type disk struct {
	durable []byte
	pending []cryptvfs.Op
}

// Cut lets the power go at a random moment and writes the files left into dir. It returns the mark last
// acknowledged before, -1 if none, and the moment.
func (r *Recorder) Cut(random *rand.Rand, dir string) (acknowledged int64, at int, err error) {
	at = random.IntN(r.Ops()) + 1
	files := map[string]*disk{}
	for name, b := range r.base {
		files[name] = &disk{durable: append([]byte(nil), b...)}
	}
	acknowledged = -1
	for _, op := range r.log[:at] {
		if op.Kind == mark {
			acknowledged = op.Offset
			continue
		}
		f := files[op.Path]
		if f == nil {
			f = &disk{}
			files[op.Path] = f
		}
		switch op.Kind {
		case cryptvfs.OpSync:
			for _, p := range f.pending {
				f.durable = whole(f.durable, p)
			}
			f.pending = nil
		case cryptvfs.OpDelete:
			delete(files, op.Path)
		default:
			f.pending = append(f.pending, op)
		}
	}
	for name, f := range files {
		b := f.durable
		for _, p := range f.pending {
			b = maybe(b, p, random)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return 0, 0, fmt.Errorf("powercut: %w", err)
		}
	}
	return acknowledged, at, nil
}

func whole(b []byte, op cryptvfs.Op) []byte {
	if op.Kind == cryptvfs.OpTruncate {
		return resize(b, int(op.Offset))
	}
	b = resize(b, max(len(b), int(op.Offset)+len(op.Data)))
	copy(b[op.Offset:], op.Data)
	return b
}

// maybe does an operation wholly, not at all, or for some sectors.
func maybe(b []byte, op cryptvfs.Op, random *rand.Rand) []byte {
	switch random.IntN(3) {
	case 0:
		return whole(b, op)
	case 1:
		return b
	}
	if op.Kind == cryptvfs.OpTruncate {
		return b
	}
	b = resize(b, max(len(b), int(op.Offset)+len(op.Data)))
	for from := 0; from < len(op.Data); {
		n := min(sector-(int(op.Offset)+from)%sector, len(op.Data)-from)
		if random.IntN(2) == 0 {
			copy(b[int(op.Offset)+from:], op.Data[from:from+n])
		}
		from += n
	}
	return b
}

func resize(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n:n]
	}
	return append(b, make([]byte, n-len(b))...)
}
