package rendition

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"schalter/data/durable"
	"schalter/data/record"
)

// partial is what the name of something ends with that is not whole yet. It stays behind only where the machine or
// the disk went away in the middle.
const partial = ".part"

// trouble says what keeps from writing somewhere.
func trouble(dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case durable.IsFull(err):
		return record.E(record.CodeExportFull, err, "dir", dir)
	case durable.IsReadOnly(err):
		return record.E(record.CodeExportDenied, err, "dir", dir)
	}
	return record.E(record.CodeExportGone, err, "dir", dir)
}

// maxTaken bounds the search for a name that is free.
const maxTaken = 1000

// Folder is a folder of an export that is being written. Until [Folder.Keep] its name says that it is not whole.
type Folder struct {
	parent string
	name   string
	above  *os.Root
	inside *os.Root
	part   string
	broken error // what the disk said first
}

// NewFolder begins a folder below an existing one. What is there already, whole or not, stays as it is: then it gets
// a number behind its name.
func NewFolder(parent, name string) (*Folder, error) {
	above, err := os.OpenRoot(parent)
	if err != nil {
		return nil, trouble(parent, err)
	}
	f := &Folder{parent: parent, name: safe(name), above: above}
	for n := 1; ; n++ {
		f.part = numbered(f.name, n) + partial
		err := fs.ErrExist
		if f.free(numbered(f.name, n)) {
			err = above.Mkdir(f.part, 0o755)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) || n == maxTaken {
			return nil, errors.Join(trouble(parent, err), above.Close())
		}
	}
	if f.inside, err = above.OpenRoot(f.part); err != nil {
		return nil, errors.Join(trouble(parent, err), above.Remove(f.part), above.Close())
	}
	return f, nil
}

func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s (%d)", name, n)
}

func (f *Folder) free(name string) bool {
	_, err := f.above.Lstat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// Sink takes the files.
func (f *Folder) Sink(name string) (io.WriteCloser, error) {
	if d := path.Dir(name); d != "." {
		if err := f.inside.MkdirAll(d, 0o755); err != nil {
			return nil, f.fail(err)
		}
	}
	file, err := f.inside.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, f.fail(err)
	}
	return leaf{file, f.fail}, nil
}

func (f *Folder) fail(err error) error {
	err = trouble(f.parent, err)
	if f.broken == nil {
		f.broken = err
	}
	return err
}

// leaf is a file that is on the disk when it is closed.
type leaf struct {
	*os.File
	fail func(error) error
}

func (l leaf) Write(b []byte) (int, error) {
	n, err := l.File.Write(b)
	if err != nil {
		err = l.fail(err)
	}
	return n, err
}

func (l leaf) Close() error {
	if err := errors.Join(l.Sync(), l.File.Close()); err != nil {
		return l.fail(err)
	}
	return nil
}

// Keep gives the folder, which is whole now, its name, and says where it lies. Where something could not be written,
// nothing of it is left.
func (f *Folder) Keep() (string, error) {
	if f.broken != nil {
		return "", errors.Join(f.broken, f.Drop())
	}
	err := f.inside.Close() // not every system renames what is open
	for n := 1; err == nil && n <= maxTaken; n++ {
		name := numbered(f.name, n)
		if !f.free(name) {
			continue
		}
		if err = f.above.Rename(f.part, name); err == nil {
			return filepath.Join(f.parent, name), f.above.Close()
		}
	}
	if err == nil {
		err = fs.ErrExist
	}
	return "", errors.Join(trouble(f.parent, err), f.above.RemoveAll(f.part), f.above.Close())
}

// Drop takes away what was written.
func (f *Folder) Drop() error {
	return errors.Join(f.inside.Close(), f.above.RemoveAll(f.part), f.above.Close())
}

// File is a file of an export that is being written. Until it is closed its name says that it is not whole.
type File struct {
	*os.File
	path   string
	broken error
	done   bool
}

// NewFile begins a file that replaces the one at path, if there is one, when it is whole.
func NewFile(to string) (*File, error) {
	for n := 1; ; n++ {
		f, err := os.OpenFile(numbered(to, n)+partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			return &File{File: f, path: to}, nil
		}
		if !errors.Is(err, fs.ErrExist) || n == maxTaken {
			return nil, trouble(filepath.Dir(to), err)
		}
	}
}

// Write writes.
func (f *File) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	if err != nil {
		err = f.fail(err)
	}
	return n, err
}

func (f *File) fail(err error) error {
	err = trouble(filepath.Dir(f.path), err)
	if f.broken == nil {
		f.broken = err
	}
	return err
}

// Close gives the file, which is whole now, its name. Where something could not be written, nothing of it is left.
func (f *File) Close() error {
	if f.done {
		return nil
	}
	if f.broken != nil {
		return errors.Join(f.broken, f.Drop())
	}
	f.done = true
	err := errors.Join(f.Sync(), f.File.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		return errors.Join(f.fail(err), durable.Gone(os.Remove(f.Name())))
	}
	return nil
}

// Drop takes away what was written; what was there before stays.
func (f *File) Drop() error {
	if f.done {
		return nil
	}
	f.done = true
	return errors.Join(f.File.Close(), durable.Gone(os.Remove(f.Name())))
}
