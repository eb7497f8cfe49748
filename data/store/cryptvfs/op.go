package cryptvfs

import (
	"errors"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"
)

// OpKind is one of the physical operations that change the disk.
type OpKind byte

// The operations.
const (
	OpWrite OpKind = iota + 1
	OpTruncate
	OpSync
	OpDelete
)

// Op is one physical operation on one file, as it is about to be done: Data is sealed already and valid only
// during the call. Offset is the new size for OpTruncate.
type Op struct {
	Kind   OpKind
	Path   string
	Offset int64
	Data   []byte
}

// Intercept lets watch see every physical operation before it is done, so that tests can record a power
// cut's view of the disk or make an operation fail: if watch returns an error, the operation is not done and
// SQLite is told that the disk is full (for ENOSPC) or broken. nil ends it.
func (v *VFS) Intercept(watch func(Op) error) {
	if watch == nil {
		v.hook.Store(nil)
		return
	}
	v.hook.Store(&watch)
}

// before asks the hook and returns the SQLite error the operation is to end with, or SQLITE_OK.
func (v *VFS) before(op Op, failure int32) int32 {
	h := v.hook.Load()
	if h == nil {
		return sqlite3.SQLITE_OK
	}
	err := (*h)(op)
	switch {
	case err == nil:
		return sqlite3.SQLITE_OK
	case errors.Is(err, syscall.ENOSPC):
		return sqlite3.SQLITE_FULL
	}
	return failure
}
