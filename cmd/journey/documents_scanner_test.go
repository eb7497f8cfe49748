//go:build linux

package journey

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"schalter/data/scan/escl/escltest"
)

// device is a network scanner in a process of its own.
type device struct {
	t       *testing.T
	process *os.Process
	in      io.Writer
	out     *bufio.Reader
	url     string
	print   string // of its certificate
}

// newDevice switches a scanner on. It ends with the test.
func newDevice(t *testing.T, args ...string) *device {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(own, args...)
	c.Env = append(os.Environ(), escltest.Variable+"=1")
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGCONT)
		_ = in.Close()
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	d := &device{t: t, process: c.Process, in: in, out: bufio.NewReader(out)}
	d.url, d.print, _ = strings.Cut(d.line(), "\t")
	return d
}

func (d *device) line() string {
	d.t.Helper()
	s, err := d.out.ReadString('\n')
	if err != nil {
		d.t.Fatalf("the scanner says nothing: %v", err)
	}
	return strings.TrimSpace(s)
}

// tell gives the scanner a command.
func (d *device) tell(words ...string) string {
	d.t.Helper()
	if _, err := fmt.Fprintln(d.in, strings.Join(words, " ")); err != nil {
		d.t.Fatal(err)
	}
	return d.line()
}

// load puts sheets into the feeder.
func (d *device) load(files []string) {
	d.t.Helper()
	if said := d.tell(append([]string{"load"}, files...)...); said != "ok" {
		d.t.Fatalf("load: %s", said)
	}
}

// left is how many sheets lie in the feeder.
func (d *device) left() int {
	d.t.Helper()
	said := d.tell("left")
	n, err := strconv.Atoi(said)
	if err != nil {
		d.t.Fatalf("left: %s", said)
	}
	return n
}

// haltAt stops the scanner once so few sheets are left, in the middle of its work.
func (d *device) haltAt(sheets int) {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(3 * patience); d.left() > sheets; <-tick.C {
		if time.Now().After(deadline) {
			d.t.Fatalf("%d sheets are left", d.left())
		}
	}
	if err := d.process.Signal(syscall.SIGSTOP); err != nil {
		d.t.Fatal(err)
	}
}

// goOn lets it go on.
func (d *device) goOn() {
	d.t.Helper()
	if err := d.process.Signal(syscall.SIGCONT); err != nil {
		d.t.Fatal(err)
	}
}

// reachedBySANE makes a scanner of the network one of the system's: SANE's own client speaks to it, which others
// wrote.
func (w *town) reachedBySANE(d *device, name string) {
	w.t.Helper()
	if found, _ := filepath.Glob("/usr/lib/*/sane/libsane-airscan.so*"); len(found) == 0 {
		w.t.Skip("SANE's airscan is not installed (sane-airscan)")
	}
	for file, text := range map[string]string{
		"dll.conf": "airscan\n", "airscan.conf": "[devices]\n\"" + name + "\" = " + d.url + "\n[options]\ndiscovery = disable\n",
	} {
		if err := os.WriteFile(filepath.Join(w.scanner, file), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}
