//go:build linux

package journey

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// town is a town hall: the built programs and what they work with.
type town struct {
	t          *testing.T
	dir        string
	desk       string // program
	centre     string // program
	scanner    string // SANE configuration
	address    string // of the centre
	passphrase string
}

// newTown builds the programs as they ship, but without the release tags, so that a widget touched from
// the wrong goroutine is said on the error stream.
func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, dir: t.TempDir(), passphrase: "lange geheime Worte"}
	w.desk, w.centre = filepath.Join(w.dir, "schalter"), filepath.Join(w.dir, "schalterd")
	for out, args := range map[string][]string{
		w.desk: {"build", "-o", w.desk, "schalter/cmd/schalter"}, w.centre: {"build", "-o", w.centre, "schalter/cmd/schalterd"},
	} {
		c := exec.Command("go", args...)
		c.Env = os.Environ()
		if out == w.centre {
			c.Env = append(c.Env, "CGO_ENABLED=0")
		}
		if b, err := c.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, b)
		}
	}
	if err := os.Mkdir(filepath.Join(w.dir, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.scanner = filepath.Join(w.dir, "sane")
	if err := os.Mkdir(w.scanner, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"dll.conf": "test\n", "test.conf": "geometry_max 300.0\ntest-picture Grid\n"} {
		if err := os.WriteFile(filepath.Join(w.scanner, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *town) data(name string) string { return filepath.Join(w.dir, name) }

// run runs a command of the desk or the centre to its end and returns what it printed.
func (w *town) run(program string, args ...string) string {
	w.t.Helper()
	out, err := w.try(program, args...)
	if err != nil {
		w.t.Fatalf("%s %v: %v\n%s", filepath.Base(program), args, err, out)
	}
	return out
}

func (w *town) try(program string, args ...string) (string, error) {
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), "SCHALTER_PASSPHRASE="+w.passphrase)
	out, err := c.CombinedOutput()
	return string(out), err
}

// serve starts the centre behind a line and returns the line. Desks know the line's address only.
func (w *town) serve(rate int, delay time.Duration) *line {
	w.t.Helper()
	w.run(w.centre, "authority", "add", "Musterstadt", "--office", "MS", "--data", w.data("centre"))
	l := newLine(w.t, "", rate, delay, 30*time.Second)
	c := exec.Command(w.centre, "serve", "--data", w.data("centre"), "--listen", "127.0.0.1:0", "--url", "https://"+l.addr())
	out := &watched{}
	log, err := os.Create(w.data("centre.log"))
	if err != nil {
		w.t.Fatal(err)
	}
	c.Stdout, c.Stderr = out, log
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		_ = log.Close()
		if w.t.Failed() {
			b, _ := os.ReadFile(log.Name())
			w.t.Logf("centre:\n%s", b)
		}
	})
	ready := out.wait(w.t, "listening")
	fields := strings.Fields(ready[strings.Index(ready, "listening"):])
	w.address = strings.TrimPrefix(fields[1], "https://")
	l.target = w.address
	return l
}

// watched collects what a program prints.
type watched struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func (w *watched) wait(t *testing.T, text string) string {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for {
		if s := w.String(); strings.Contains(s, text) && strings.HasSuffix(s, "\n") {
			return s
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("no %q within 20 s: %s", text, w.String())
		}
	}
}

// window is a desk's window on a screen.
type window struct {
	*screen
	cmd *exec.Cmd
	err *watched
	id  string
}

// open starts a desk's window at the left upper corner of the screen and gives it the keyboard.
func (w *town) open(s *screen, data string, flags ...string) *window {
	s.t.Helper()
	c := exec.Command(w.desk, append([]string{"--data", data, "--lang", "de"}, flags...)...)
	c.Env = append(s.env(), "SANE_CONFIG_DIR="+w.scanner, "XDG_RUNTIME_DIR="+w.dir, "HOME="+w.dir, "DBUS_SESSION_BUS_ADDRESS=disabled:")
	win := &window{screen: s, cmd: c, err: &watched{}}
	c.Stdout, c.Stderr = win.err, win.err
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		win.kill()
		if text := win.err.String(); strings.Contains(text, "Error in Fyne call thread") {
			s.t.Errorf("a widget was touched from the wrong goroutine:\n%s", text)
		} else if s.t.Failed() {
			s.t.Logf("%s said:\n%s", s.name, text)
		}
	})
	win.id = strings.Fields(s.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Schalter"))[0]
	s.run("xdotool", "windowmove", win.id, "0", "0", "windowfocus", "--sync", win.id)
	return win
}

// kill ends the program as a power cut would.
func (w *window) kill() {
	if w.cmd.ProcessState != nil {
		return
	}
	_ = w.cmd.Process.Kill()
	if err := w.cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		w.t.Errorf("%s: the program had ended by itself: %v\n%s", w.name, w.cmd.ProcessState, w.err.String())
	}
}

// unlock types the passphrase.
func (w *window) unlock(passphrase string) {
	w.t.Helper()
	w.see("Passphrase")
	w.write(passphrase)
	w.press("Return")
	w.see("Postausgang", "Heute")
}
