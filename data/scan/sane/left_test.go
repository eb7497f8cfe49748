package sane

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A page that was being written when the program was killed is gone with the next start; a scan that runs
// in another program is not touched.
func TestPagesOfAKilledProgramAreForgotten(t *testing.T) {
	c := exec.Command("true")
	if err := c.Run(); err != nil {
		t.Skip("no program to run:", err)
	}
	d := &Driver{Spool: t.TempDir()}
	page := func(pid int) string {
		p := filepath.Join(d.Spool, fmt.Sprintf("schalter-scan-%d-12345", pid), "p00001")
		if err := errors.Join(os.Mkdir(filepath.Dir(p), 0o700), os.WriteFile(p, []byte("a citizen's page"), 0o600)); err != nil {
			t.Fatal(err)
		}
		return p
	}
	dead, living := page(c.Process.Pid), page(os.Getpid())
	if err := d.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
	if _, err := os.Stat(living); err != nil {
		t.Errorf("a living program's page: %v", err)
	}
	if m, _ := filepath.Match(spoolPattern(), filepath.Base(filepath.Dir(living))); !m {
		t.Errorf("scans name their folder %q", spoolPattern())
	}
}
