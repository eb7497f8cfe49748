package store

import (
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"schalter/data/durable"
	"schalter/data/record"
	"schalter/data/store/cryptvfs"
)

// translate gives an error of the database or the file system its name. What has none stays an internal
// error with its cause.
func translate(err error, dir string) error {
	code := codeOf(err)
	if code == "" && cannotOpen(err) {
		code = codeOf(probe(dir)) // SQLite does not say why
	}
	if code != "" {
		return record.E(code, err, "dir", dir)
	}
	return fmt.Errorf("store: %w", err)
}

func codeOf(err error) record.Code {
	switch {
	case durable.IsFull(err):
		return record.CodeDiskFull
	case durable.IsReadOnly(err):
		return record.CodeReadOnly
	case cryptvfs.IsDamage(err):
		return record.CodeStoreDamaged
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return record.CodeDiskFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return record.CodeReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return record.CodeStoreDamaged
	case sqlite3.SQLITE_IOERR:
		return record.CodeDiskError
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return record.CodeStoreInUse
	}
	return ""
}

func cannotOpen(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_CANTOPEN
}

// probe tells why nothing can be written in dir.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
