package cryptvfs

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// IsDamage reports whether an error of a database opened through a [VFS] says that a page did not open:
// altered, moved, or sealed under another key.
func IsDamage(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_IOERR_DATA || e.Code() == sqlite3.SQLITE_NOTADB)
}

// rereads is how often a page is read again before it is called bad: a writer may have been half way.
const rereads = 3

// CheckPages reads every page of the main file and opens its seal. It returns how many pages there are and
// the numbers (from 1) of those that did not open. Pages never written pass; SQLite's integrity_check is what
// notices that one of them should have been. The database may be in use.
func (v *VFS) CheckPages(ctx context.Context, path string) (pages int64, bad []int64, err error) {
	r, err := v.openRaw(path)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	size, err := r.size()
	if err != nil {
		return 0, nil, err
	}
	page := make([]byte, PageSize)
	for pages*PageSize < size {
		if err := ctx.Err(); err != nil {
			return pages, bad, err
		}
		ok, err := r.check(page, pages)
		if err != nil {
			return pages, bad, err
		}
		pages++
		if !ok {
			bad = append(bad, pages)
		}
	}
	return pages, bad, nil
}

// raw is a file opened by SQLite's own VFS, whose bookkeeping keeps our close from dropping the locks of
// connections on the same file.
type raw struct {
	vfs    *VFS
	tls    *libc.TLS
	memory uintptr // sqlite3_file
	name   uintptr // the path, with zeros around it
	buf    uintptr // a page
}

// around is how many zeros SQLite expects before and behind a file's name: URI parameters may be there.
const around = 8

func (v *VFS) openRaw(path string) (*raw, error) {
	parent := at[sqlite3.Tsqlite3_vfs](v.parent)
	r := &raw{vfs: v, tls: libc.NewTLS()}
	r.memory = libc.Xcalloc(r.tls, 1, libc.Tsize_t(parent.FszOsFile))
	r.buf = libc.Xcalloc(r.tls, 1, PageSize)
	full := parent.FmxPathname + 1
	r.name = libc.Xcalloc(r.tls, 1, libc.Tsize_t(full+2*around))
	given, err := libc.CString(path)
	if err != nil || r.memory == 0 || r.buf == 0 || r.name == 0 {
		r.free()
		return nil, errors.New("cryptvfs: check: out of memory")
	}
	defer libc.Xfree(r.tls, given)
	rc := function[func(*libc.TLS, uintptr, uintptr, int32, uintptr) int32](parent.FxFullPathname)(
		r.tls, v.parent, given, full, r.name+around)
	if rc&0xff == sqlite3.SQLITE_OK {
		rc = function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](parent.FxOpen)(
			r.tls, v.parent, r.name+around, r.memory, sqlite3.SQLITE_OPEN_READONLY|sqlite3.SQLITE_OPEN_MAIN_DB, 0)
	}
	if rc != sqlite3.SQLITE_OK {
		r.free()
		return nil, fmt.Errorf("cryptvfs: check %s: SQLite error %d", path, rc)
	}
	return r, nil
}

func (r *raw) methods() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](r.memory).FpMethods)
}

func (r *raw) size() (int64, error) {
	rc := function[func(*libc.TLS, uintptr, uintptr) int32](r.methods().FxFileSize)(r.tls, r.memory, r.buf)
	if rc != sqlite3.SQLITE_OK {
		return 0, fmt.Errorf("cryptvfs: check: size: SQLite error %d", rc)
	}
	return *at[int64](r.buf), nil
}

func (r *raw) check(page []byte, number int64) (bool, error) {
	for range rereads {
		rc := function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](r.methods().FxRead)(
			r.tls, r.memory, r.buf, PageSize, number*PageSize)
		if rc != sqlite3.SQLITE_OK && rc != sqlite3.SQLITE_IOERR_SHORT_READ {
			return false, fmt.Errorf("cryptvfs: check: page %d: SQLite error %d", number+1, rc)
		}
		copy(page, mem(r.buf, PageSize))
		if number > 0 && blank(page) || r.vfs.cipher.open(page, mainFile, number) {
			clear(page)
			return true, nil
		}
	}
	return false, nil
}

func (r *raw) close() error {
	rc := function[func(*libc.TLS, uintptr) int32](r.methods().FxClose)(r.tls, r.memory)
	r.free()
	if rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("cryptvfs: check: close: SQLite error %d", rc)
	}
	return nil
}

func (r *raw) free() {
	for _, p := range []uintptr{r.memory, r.name, r.buf} {
		libc.Xfree(r.tls, p)
	}
	r.tls.Close()
}
