//go:build linux

package journey

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// needs skips where a program is missing, except in CI, where everything was installed.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is missing", p)
			}
			t.Skipf("%s is missing; `make test` installs it", p)
		}
	}
}

// TestScreenReadsWhatIsShown proves the eyes of the journey: a window of a program nobody here wrote.
func TestScreenReadsWhatIsShown(t *testing.T) {
	needs(t, "Xvfb", "xdotool", "tesseract", "pcmanfm", "dbus-run-session")
	s := newScreen(t, "eyes", 1366, 768, t.TempDir())
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Vertrag.pdf"), []byte("%PDF-1.4"), 0o600); err != nil {
		t.Fatal(err)
	}
	fileManager(s, dir)
	s.see("Bookmarks") // names below icons depend on the machine's fonts
	if p := s.where("Bookmarks"); p.X <= 0 || p.Y <= 0 {
		t.Errorf("found at %v", p)
	}
}

// fileManager opens a folder in a real file manager. It ends with the test.
func fileManager(s *screen, dir string) {
	s.t.Helper()
	c := exec.Command("dbus-run-session", "--", "pcmanfm", "--no-desktop", dir)
	home := s.t.TempDir()
	c.Env = append(s.env(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "LC_ALL=C.UTF-8")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the session's bus ends with it
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
	})
}

// beside puts the file manager's window to the right of a desk's.
func (s *screen) beside(win *window) {
	s.t.Helper()
	ids := strings.Fields(s.run("xdotool", "search", "--sync", "--onlyvisible", "--class", "pcmanfm"))
	s.run("xdotool", "windowmove", ids[len(ids)-1], "1380", "60", "windowsize", ids[len(ids)-1], "500", "500")
	s.run("xdotool", "windowfocus", "--sync", win.id)
}
