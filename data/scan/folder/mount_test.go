//go:build linux

package folder

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"schalter/data/record"
	"schalter/data/scan"
)

// What systems answer when a share is gone is the folder's trouble, not a file's.
func TestTroubleOfAShare(t *testing.T) {
	for err, want := range map[error]record.Code{
		fs.ErrNotExist: record.CodeScanFolder, unix.ESTALE: record.CodeScanFolder, unix.EIO: record.CodeScanFolder, unix.EHOSTDOWN: record.CodeScanFolder,
		unix.ENOTCONN: record.CodeScanFolder, unix.EACCES: record.CodeScanDenied, context.Canceled: record.CodeScanFolder,
		record.E(record.CodeScanCancelled, nil): record.CodeScanCancelled,
	} {
		if got := record.CodeOf(trouble(&fs.PathError{Op: "open", Path: "/mnt/scan", Err: err}, "/mnt/scan")); got != want {
			t.Errorf("%v: %s", err, got)
		}
	}
	if trouble(nil, "/mnt/scan") != nil {
		t.Error("nothing is trouble")
	}
}

// A share that is unmounted in the middle of a stack leaves an empty folder where it was. What came is kept, what was
// being handed over is told and comes again once the share is back, and nothing is handed over twice without a word.
func TestAShareThatIsUnmountedInMidStack(t *testing.T) {
	w := newWorld(t)
	share := t.TempDir()
	mount := func() error { return unix.Mount(share, w.dir, "", unix.MS_BIND, "") }
	unmount := func() error { return unix.Unmount(w.dir, unix.MNT_DETACH) }
	if err := mount(); err != nil {
		t.Skip("only root can mount: ", err)
	}
	for i := range 4 {
		w.put(t, string(rune('a'+i))+".pdf", paper(i), i)
	}
	s, err := w.Open(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	var stored []string
	err = s.Scan(t.Context(), scan.Settings{}, func(e scan.Event) error {
		if e.Page == nil {
			return nil
		}
		if stored = append(stored, e.Page.Name); len(stored) == 2 {
			if err := unmount(); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	if !slices.Equal(stored, []string{"a.pdf", "b.pdf"}) || record.CodeOf(err) != record.CodeScanFolder {
		t.Fatalf("%v, %v", stored, err)
	}
	// Nothing was lost on the disk: a is put aside, b is being taken, the others lie there.
	for _, name := range []string{filepath.Join(taking, "b.pdf"), "c.pdf", "d.pdf"} {
		if _, err := os.Stat(filepath.Join(share, name)); err != nil {
			t.Error(err)
		}
	}
	if g := w.scan(t); record.CodeOf(g.err) != record.CodeScanNoPaper || len(w.lies(t)) != 0 {
		t.Errorf("the empty folder: %+v, %v", g, w.lies(t))
	}
	if err := mount(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unmount(); err != nil {
			t.Error(err)
		}
	})
	w.Known = func(_ context.Context, h record.Hash) (bool, error) {
		return h == record.HashOf(paper(0)) || h == record.HashOf(paper(1)), nil
	}
	if g := w.scan(t); g.err != nil || !slices.Equal(g.names, []string{"c.pdf", "d.pdf"}) {
		t.Errorf("after it came back: %+v", g)
	}
	w.now = w.now.Add(w.patience())
	if g := w.scan(t); g.err != nil || len(g.names) != 0 || !slices.Equal(g.told, []string{"scan.file_twice b.pdf"}) {
		t.Errorf("what was being handed over: %+v", g)
	}
}
