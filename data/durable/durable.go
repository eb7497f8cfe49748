// Package durable writes files so that a power cut leaves the old content or the new, never a mixture.
//
// It is for every room that keeps something on a disk, on a desk or in the centre. It promises that what a
// function reports as done is on the disk, and it tells a full or write-protected disk from other trouble on
// every system. It never keeps a file open, never decides where a file belongs and never tries again.
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

// SyncDir makes new names, renames and removals in dir durable.
func SyncDir(dir string) error { return syncDir(os.Open, dir) }

// SyncDirIn is [SyncDir] for a directory below root.
func SyncDirIn(root *os.Root, dir string) error { return syncDir(root.Open, dir) }

// syncDir does nothing on Windows, which has no such call; NTFS journals names.
func syncDir(open func(string) (*os.File, error), dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Gone is err, or nil if it only says that the file was not there.
func Gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// IsFull tells that the disk, or what this user may use of it, is full.
func IsFull(err error) bool { return isFull(err) }

// IsReadOnly tells that the disk, the folder or the file may not be written.
func IsReadOnly(err error) bool { return isReadOnly(err) }

// Explain makes trouble with writing in dir what a clerk can act upon: [record.CodeDiskFull] or
// [record.CodeReadOnly] where it is that, else err with what was being done.
func Explain(what, dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case IsFull(err):
		return record.E(record.CodeDiskFull, fmt.Errorf("%s: %w", what, err), "dir", dir)
	case IsReadOnly(err):
		return record.E(record.CodeReadOnly, fmt.Errorf("%s: %w", what, err), "dir", dir)
	}
	return fmt.Errorf("%s: %w", what, err)
}
