package sane

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"schalter/data/record"
	"schalter/data/scan"
)

// A disk that is really full while pages are written: scanimage itself says nothing of it, the page is cut off, and
// those before it are kept.
func TestTheDiskIsFullInMidStack(t *testing.T) {
	d := testBackend(t, "--read-delay=yes", "--read-delay-duration", "20000") // the next page is still in the making
	d.Spool = t.TempDir()
	if err := unix.Mount("tmpfs", d.Spool, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("only root can make a small disk: ", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(d.Spool, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s, err := d.Open(t.Context(), "test:0")
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	err = s.Scan(t.Context(), scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}, func(e scan.Event) error {
		if e.Page == nil {
			return nil
		}
		if pages++; pages == 3 { // somebody else fills it up
			if err := os.WriteFile(filepath.Join(d.Spool, "other"), make([]byte, 8<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
				t.Errorf("the disk is not full: %v", err)
			}
		}
		return nil
	})
	if record.CodeOf(err) != record.CodeDiskFull || pages < 3 || pages == 10 {
		t.Errorf("%d pages, %v", pages, err)
	}
	left, err := os.ReadDir(d.Spool)
	if err != nil || len(left) != 1 {
		t.Errorf("%d things are left, %v", len(left), err)
	}
}
