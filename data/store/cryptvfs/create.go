package cryptvfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	sqlite3 "modernc.org/sqlite/lib"
)

// emptyPage is page 1 of a database without tables, in WAL mode, with room for our reserved bytes
// (https://sqlite.org/fileformat2.html, sections 1.3 and 1.6).
func (v *VFS) emptyPage() []byte {
	p := make([]byte, PageSize)
	reserve := v.cipher.reserve()
	copy(p, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(p[16:], PageSize)
	p[18], p[19] = 2, 2 // written and read in WAL mode
	p[20] = reserve
	p[21], p[22], p[23] = 64, 32, 32      // payload fractions, fixed
	binary.BigEndian.PutUint32(p[24:], 1) // change counter
	binary.BigEndian.PutUint32(p[28:], 1) // pages
	binary.BigEndian.PutUint32(p[44:], 4) // schema format
	binary.BigEndian.PutUint32(p[56:], 1) // UTF-8
	binary.BigEndian.PutUint32(p[92:], 1) // valid for the change counter
	binary.BigEndian.PutUint32(p[96:], sqlite3.SQLITE_VERSION_NUMBER)
	p[headerPeek] = 0x0d // an empty leaf of the schema table
	binary.BigEndian.PutUint16(p[headerPeek+5:], PageSize-uint16(reserve))
	return p
}

// Create writes an empty sealed database in WAL mode. It is there whole and durably, or not at all. If path
// exists already the error is os.ErrExist.
func (v *VFS) Create(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("cryptvfs: create %s: %w", path, os.ErrExist)
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("cryptvfs: create: %w", err)
	}
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a crash
		return fmt.Errorf("cryptvfs: create: %w", err)
	}
	sealed := make([]byte, PageSize)
	v.cipher.seal(sealed, v.emptyPage(), mainFile, 0)
	err := writeFile(tmp, sealed)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return fmt.Errorf("cryptvfs: create: %w", errors.Join(err, ignoreMissing(os.Remove(tmp))))
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("cryptvfs: create: %w", err)
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func writeFile(path string, b []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err = f.Write(b); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir makes a rename durable. Windows has no such call and does it with the rename.
func syncDir(dir string) (err error) {
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
