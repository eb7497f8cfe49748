package cryptvfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"

	"schalter/data/durable"
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
	sealed := make([]byte, PageSize)
	v.cipher.seal(sealed, v.emptyPage(), mainFile, 0)
	return durable.Explain("cryptvfs: create", filepath.Dir(path), durable.WriteFile(path, sealed))
}
