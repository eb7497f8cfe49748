package cryptvfs

import (
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// cfile is our part of a sqlite3_file; the parent's follows it in memory. The second word keeps the parent's
// part aligned on every platform.
type cfile struct {
	methods uintptr
	handle  uintptr
}

const cfileSize = unsafe.Sizeof(cfile{})

// file is what we know of an open file. SQLite never uses one file from two threads at once.
type file struct {
	vfs     *VFS
	kind    fileKind
	path    string
	scratch uintptr // frameSize bytes of C memory
	// shared is set once SQLite has mapped the shared memory of a main file, which it does in WAL mode only.
	shared bool
	// sumAt is where in a journal the checksum of the page handled last belongs, and sumMask what hides it.
	sumAt   int64
	sumMask [4]byte
}

// cfileOf finds our part and the parent's methods for the parent's part.
func fileOf(pFile uintptr) *file {
	return handles.get(at[cfile](pFile).handle).(*file)
}

func inner(pFile uintptr) uintptr { return pFile + cfileSize }

func innerMethods(pFile uintptr) *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[cfile](inner(pFile)).methods)
}

func vfsOf(pVfs uintptr) (*VFS, *sqlite3.Tsqlite3_vfs) {
	v := handles.get(at[sqlite3.Tsqlite3_vfs](pVfs).FpAppData).(*VFS)
	return v, at[sqlite3.Tsqlite3_vfs](v.parent)
}

// kindOf refuses (0) whatever is a temporary file: it would hold content and is not ours to seal.
func kindOf(flags int32) fileKind {
	switch {
	case flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0:
		return mainFile
	case flags&sqlite3.SQLITE_OPEN_WAL != 0:
		return walFile
	case flags&sqlite3.SQLITE_OPEN_MAIN_JOURNAL != 0:
		return journalFile
	}
	return 0
}

func vfsOpen(tls *libc.TLS, pVfs, zName, pFile uintptr, flags int32, pOutFlags uintptr) int32 {
	*at[cfile](pFile) = cfile{}
	kind := kindOf(flags)
	if kind == 0 || zName == 0 {
		return sqlite3.SQLITE_CANTOPEN
	}
	v, parent := vfsOf(pVfs)
	scratch := libc.Xcalloc(tls, 1, frameSize)
	if scratch == 0 {
		return sqlite3.SQLITE_NOMEM
	}
	at[cfile](inner(pFile)).methods = 0
	rc := function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](parent.FxOpen)(
		tls, v.parent, zName, inner(pFile), flags, pOutFlags)
	if at[cfile](inner(pFile)).methods == 0 { // then SQLite will not call close
		libc.Xfree(tls, scratch)
		return rc
	}
	v.open.Add(1)
	f := &file{vfs: v, kind: kind, path: libc.GoString(zName), scratch: scratch}
	*at[cfile](pFile) = cfile{methods: uintptr(unsafe.Pointer(&methods)), handle: handles.add(f)}
	return rc
}

func fileClose(tls *libc.TLS, pFile uintptr) int32 {
	f := fileOf(pFile)
	rc := function[func(*libc.TLS, uintptr) int32](innerMethods(pFile).FxClose)(tls, inner(pFile))
	clear(mem(f.scratch, frameSize))
	libc.Xfree(tls, f.scratch)
	handles.remove(at[cfile](pFile).handle)
	at[cfile](pFile).methods = 0
	f.vfs.open.Add(-1)
	return rc
}

func vfsDelete(tls *libc.TLS, pVfs, zName uintptr, syncDir int32) int32 {
	v, parent := vfsOf(pVfs)
	if rc := v.before(Op{Kind: OpDelete, Path: libc.GoString(zName)}, sqlite3.SQLITE_IOERR_DELETE); rc != 0 {
		return rc
	}
	return function[func(*libc.TLS, uintptr, uintptr, int32) int32](parent.FxDelete)(tls, v.parent, zName, syncDir)
}

func vfsAccess(tls *libc.TLS, pVfs, zName uintptr, flags int32, pOut uintptr) int32 {
	v, parent := vfsOf(pVfs)
	return function[func(*libc.TLS, uintptr, uintptr, int32, uintptr) int32](parent.FxAccess)(tls, v.parent, zName, flags, pOut)
}

func vfsFullPathname(tls *libc.TLS, pVfs, zName uintptr, n int32, zOut uintptr) int32 {
	v, parent := vfsOf(pVfs)
	return function[func(*libc.TLS, uintptr, uintptr, int32, uintptr) int32](parent.FxFullPathname)(tls, v.parent, zName, n, zOut)
}
