// Package durable writes files so that a power cut leaves the old content or the new, never a mixture.
//
// It is for the rooms that keep a desk's data. It promises that what a function reports as done is on the
// disk, and it tells a full or write-protected disk from other trouble. It never keeps a file open and never
// tries again.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"schalter/data/record"
)

// WriteFile replaces the file at path with b, readable by its owner only. Until it is done the old content
// stays; on an error nothing of the new is left.
func WriteFile(path string, b []byte) (err error) {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return errors.Join(err, Gone(os.Remove(tmp)))
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes renames and removals in dir durable. Windows has no such call; NTFS
// journals them.
func SyncDir(dir string) (err error) {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}

// Gone is err, or nil if it only says that the file was not there.
func Gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Explain makes trouble with writing in dir what a clerk can act upon: [record.CodeDiskFull] or
// [record.CodeReadOnly] where it is that, else err with what was being done.
func Explain(what, dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case isDiskFull(err):
		return record.E(record.CodeDiskFull, fmt.Errorf("%s: %w", what, err), "dir", dir)
	case isReadOnly(err):
		return record.E(record.CodeReadOnly, fmt.Errorf("%s: %w", what, err), "dir", dir)
	}
	return fmt.Errorf("%s: %w", what, err)
}
