package intake

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"schalter/data/record"
	"schalter/data/scan/file"
)

// OpenFile opens a file that a clerk chose or dropped. Whatever is not a plain file (a folder, a device, a
// pipe that nobody writes to) is [record.CodeImportNotFile]: reading it might never end. It never waits for
// somebody to open the other end, and it looks at what it has opened, not at what stood there before.
func OpenFile(path string) (*os.File, int64, error) {
	name := file.Name(path)
	f, err := open(path)
	if err != nil {
		if st, e := os.Stat(path); e == nil && !st.Mode().IsRegular() {
			return nil, 0, notFile(name, st.Mode())
		}
		return nil, 0, record.E(record.CodeImportUnread, err, "name", name)
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = notFile(name, st.Mode())
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, 0, err
	}
	return f, st.Size(), nil
}

func notFile(name string, mode fs.FileMode) error {
	return record.E(record.CodeImportNotFile, fmt.Errorf("%s is %s", filepath.Base(name), mode.Type()), "name", name)
}
