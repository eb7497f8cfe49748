//go:build unix

package intake

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"schalter/data/record"
)

// A pipe that nobody writes to would hold the import for ever; so would a terminal.
func TestOnlyPlainFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := syscall.Mkfifo(at("pipe.pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("gut.pdf"), []byte("%PDF"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"zum-pipe.pdf": at("pipe.pdf"), "zum-gut.pdf": at("gut.pdf")} {
		if err := os.Symlink(target, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]record.Code{
		at("pipe.pdf"):     record.CodeImportNotFile,
		at("zum-pipe.pdf"): record.CodeImportNotFile,
		dir:                record.CodeImportNotFile,
		os.DevNull:         record.CodeImportNotFile,
		"/dev/zero":        record.CodeImportNotFile,
		at("fehlt.pdf"):    record.CodeImportUnread,
		at("gut.pdf"):      "",
		at("zum-gut.pdf"):  "",
	} {
		f, size, err := OpenFile(path)
		if record.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		if err != nil {
			continue
		}
		if b, err := io.ReadAll(f); size != 4 || string(b) != "%PDF" || err != nil {
			t.Errorf("%s: %q of %d, %v", path, b, size, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
