package cryptvfs

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// methods is what SQLite calls for an open file. Version 2 has shared memory but no memory-mapped pages:
// those would be read behind our back.
var methods = sqlite3.Tsqlite3_io_methods{
	FiVersion:               2,
	FxClose:                 address(fileClose),
	FxRead:                  address(fileRead),
	FxWrite:                 address(fileWrite),
	FxTruncate:              address(fileTruncate),
	FxSync:                  address(fileSync),
	FxFileSize:              address(fileSize),
	FxLock:                  address(fileLock),
	FxUnlock:                address(fileUnlock),
	FxCheckReservedLock:     address(fileCheckReservedLock),
	FxFileControl:           address(fileControl),
	FxSectorSize:            address(fileSectorSize),
	FxDeviceCharacteristics: address(fileDeviceCharacteristics),
	FxShmMap:                address(fileShmMap),
	FxShmLock:               address(fileShmLock),
	FxShmBarrier:            address(fileShmBarrier),
	FxShmUnmap:              address(fileShmUnmap),
}

func rawRead(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](innerMethods(pFile).FxRead)(tls, inner(pFile), buf, n, off)
}

func rawWrite(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f := fileOf(pFile)
	if rc := f.vfs.before(Op{Kind: OpWrite, Path: f.path, Offset: off, Data: mem(buf, int(n))}, sqlite3.SQLITE_IOERR_WRITE); rc != 0 {
		return rc
	}
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](innerMethods(pFile).FxWrite)(tls, inner(pFile), buf, n, off)
}

func fileTruncate(tls *libc.TLS, pFile uintptr, size int64) int32 {
	f := fileOf(pFile)
	if rc := f.vfs.before(Op{Kind: OpTruncate, Path: f.path, Offset: size}, sqlite3.SQLITE_IOERR_TRUNCATE); rc != 0 {
		return rc
	}
	return function[func(*libc.TLS, uintptr, int64) int32](innerMethods(pFile).FxTruncate)(tls, inner(pFile), size)
}

func fileSync(tls *libc.TLS, pFile uintptr, flags int32) int32 {
	f := fileOf(pFile)
	if rc := f.vfs.before(Op{Kind: OpSync, Path: f.path}, sqlite3.SQLITE_IOERR_FSYNC); rc != 0 {
		return rc
	}
	return function[func(*libc.TLS, uintptr, int32) int32](innerMethods(pFile).FxSync)(tls, inner(pFile), flags)
}

func fileSize(tls *libc.TLS, pFile, pSize uintptr) int32 {
	return function[func(*libc.TLS, uintptr, uintptr) int32](innerMethods(pFile).FxFileSize)(tls, inner(pFile), pSize)
}

func fileLock(tls *libc.TLS, pFile uintptr, level int32) int32 {
	return function[func(*libc.TLS, uintptr, int32) int32](innerMethods(pFile).FxLock)(tls, inner(pFile), level)
}

func fileUnlock(tls *libc.TLS, pFile uintptr, level int32) int32 {
	return function[func(*libc.TLS, uintptr, int32) int32](innerMethods(pFile).FxUnlock)(tls, inner(pFile), level)
}

func fileCheckReservedLock(tls *libc.TLS, pFile, pOut uintptr) int32 {
	return function[func(*libc.TLS, uintptr, uintptr) int32](innerMethods(pFile).FxCheckReservedLock)(tls, inner(pFile), pOut)
}

// fileControl keeps from the parent what would make it map pages, grow the file by itself or write pages in
// the clear at once.
func fileControl(tls *libc.TLS, pFile uintptr, op int32, arg uintptr) int32 {
	switch op {
	case sqlite3.SQLITE_FCNTL_MMAP_SIZE, sqlite3.SQLITE_FCNTL_CHUNK_SIZE, sqlite3.SQLITE_FCNTL_SIZE_HINT,
		sqlite3.SQLITE_FCNTL_BEGIN_ATOMIC_WRITE, sqlite3.SQLITE_FCNTL_COMMIT_ATOMIC_WRITE,
		sqlite3.SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE, sqlite3.SQLITE_FCNTL_POWERSAFE_OVERWRITE:
		return sqlite3.SQLITE_NOTFOUND
	}
	return function[func(*libc.TLS, uintptr, int32, uintptr) int32](innerMethods(pFile).FxFileControl)(tls, inner(pFile), op, arg)
}

func fileSectorSize(tls *libc.TLS, pFile uintptr) int32 {
	return function[func(*libc.TLS, uintptr) int32](innerMethods(pFile).FxSectorSize)(tls, inner(pFile))
}

// fileDeviceCharacteristics always claims power-safe overwrite. Without it SQLite pads journal headers and
// splits log frames in ways that could not be told from pages.
func fileDeviceCharacteristics(tls *libc.TLS, pFile uintptr) int32 {
	c := function[func(*libc.TLS, uintptr) int32](innerMethods(pFile).FxDeviceCharacteristics)(tls, inner(pFile))
	return c&sqlite3.SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN | sqlite3.SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

func fileShmMap(tls *libc.TLS, pFile uintptr, region, size, extend int32, pOut uintptr) int32 {
	fileOf(pFile).shared = true
	return function[func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32](innerMethods(pFile).FxShmMap)(
		tls, inner(pFile), region, size, extend, pOut)
}

func fileShmLock(tls *libc.TLS, pFile uintptr, offset, n, flags int32) int32 {
	return function[func(*libc.TLS, uintptr, int32, int32, int32) int32](innerMethods(pFile).FxShmLock)(
		tls, inner(pFile), offset, n, flags)
}

func fileShmBarrier(tls *libc.TLS, pFile uintptr) {
	function[func(*libc.TLS, uintptr)](innerMethods(pFile).FxShmBarrier)(tls, inner(pFile))
}

func fileShmUnmap(tls *libc.TLS, pFile uintptr, remove int32) int32 {
	fileOf(pFile).shared = false
	return function[func(*libc.TLS, uintptr, int32) int32](innerMethods(pFile).FxShmUnmap)(tls, inner(pFile), remove)
}
