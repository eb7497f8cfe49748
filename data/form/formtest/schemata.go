package formtest

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Schemata hands over the official schemata of the FIM portal: those whose file name ends as given, all
// without names. Where they are not at hand the test is skipped.
func Schemata(t testing.TB, each func(name string, file io.Reader), names ...string) {
	t.Helper()
	archive := filepath.Join(root(t), "..", "shared", "fixtures", "forms", "fim", "xdf3-46.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skipf("no official schemata here: %v", err)
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "tar", "-xJf", archive, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("tar: %v %s", err, out)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		wanted := len(names) == 0 || slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(path, n) })
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") || !wanted {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // only read
		each(d.Name(), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// root is the folder of the module that is tested.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	t.Fatalf("no module around the test: %v", err)
	return ""
}
