package cryptvfs

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// VFS is one registered way to reach databases sealed under one key and id.
type VFS struct {
	name   string
	cipher pageCipher

	tls    *libc.TLS
	parent uintptr // SQLite's default VFS
	self   uintptr // our sqlite3_vfs in C memory
	cname  uintptr
	handle uintptr

	open       atomic.Int64
	authErrors atomic.Int64
	hook       atomic.Pointer[func(Op) error]

	mu     sync.Mutex
	closed bool
}

// ErrInUse is returned, wrapped, by [VFS.Close] while a database is still open.
var ErrInUse = errors.New("cryptvfs: a database is still open")

// Register makes a VFS under a fresh name for databases sealed under key and bound to id. The key is not
// kept; keys derived from it are, until the garbage collector takes them after [VFS.Close].
func Register(key [32]byte, id [16]byte) (*VFS, error) {
	s, err := newSealer(key, id)
	if err != nil {
		return nil, err
	}
	return register(s)
}

func register(c pageCipher) (*VFS, error) {
	tls := libc.NewTLS()
	v := &VFS{cipher: c, tls: tls, parent: sqlite3.Xsqlite3_vfs_find(tls, 0)}
	if v.parent == 0 {
		tls.Close()
		return nil, errors.New("cryptvfs: SQLite has no default VFS")
	}
	v.handle = handles.add(v)
	v.name = fmt.Sprintf("schalter-%d", v.handle)
	var err error
	if v.cname, err = libc.CString(v.name); err != nil {
		v.free()
		return nil, fmt.Errorf("cryptvfs: %w", err)
	}
	v.self = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	if v.self == 0 {
		v.free()
		return nil, errors.New("cryptvfs: out of memory")
	}
	parent, self := at[sqlite3.Tsqlite3_vfs](v.parent), at[sqlite3.Tsqlite3_vfs](v.self)
	*self = *parent
	self.FiVersion = 2 // no system calls to override
	self.FpNext = 0
	self.FszOsFile = parent.FszOsFile + int32(cfileSize)
	self.FzName = v.cname
	self.FpAppData = v.handle
	self.FxOpen = address(vfsOpen)
	self.FxDelete = address(vfsDelete)
	self.FxAccess = address(vfsAccess)
	self.FxFullPathname = address(vfsFullPathname)
	self.FxDlOpen, self.FxDlError, self.FxDlSym, self.FxDlClose = 0, 0, 0, 0
	if rc := sqlite3.Xsqlite3_vfs_register(tls, v.self, 0); rc != sqlite3.SQLITE_OK {
		v.free()
		return nil, fmt.Errorf("cryptvfs: register: SQLite error %d", rc)
	}
	return v, nil
}

// Name is what a connection names as vfs in its file: URI.
func (v *VFS) Name() string { return v.name }

// AuthErrors counts pages that did not open since the start. More than zero means damage or tampering.
func (v *VFS) AuthErrors() int64 { return v.authErrors.Load() }

// Close takes the VFS away from SQLite. Every database opened through it must be closed before, else it does
// nothing and returns [ErrInUse]; no new one may be opened meanwhile.
func (v *VFS) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil
	}
	if n := v.open.Load(); n != 0 {
		return fmt.Errorf("%w: %s has %d open files", ErrInUse, v.name, n)
	}
	v.closed = true
	rc := sqlite3.Xsqlite3_vfs_unregister(v.tls, v.self)
	v.free()
	if rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("cryptvfs: unregister: SQLite error %d", rc)
	}
	return nil
}

func (v *VFS) free() {
	libc.Xfree(v.tls, v.cname)
	libc.Xfree(v.tls, v.self)
	handles.remove(v.handle)
	v.tls.Close()
}

// table gives Go objects numbers that may lie in C memory.
type table struct {
	mu   sync.RWMutex
	last uintptr
	m    map[uintptr]any
}

var handles = table{m: map[uintptr]any{}}

func (t *table) add(x any) uintptr {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		t.last++
		if _, taken := t.m[t.last]; !taken && t.last != 0 {
			t.m[t.last] = x
			return t.last
		}
	}
}

func (t *table) get(h uintptr) any {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.m[h]
}

func (t *table) remove(h uintptr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.m, h)
}
