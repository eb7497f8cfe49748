// Package printtest starts a real CUPS scheduler of its own with one printer, and plays the printer.
//
// It promises that nothing of the system's own CUPS is touched and that all of it is gone when the test
// ends.
//
// It never runs outside tests.
package printtest

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Name is the printer's.
const Name = "Schalter_1"

// Queue is a scheduler and its printer.
type Queue struct {
	Socket string        // for CUPS_SERVER
	Paper  <-chan []byte // what was printed, job by job
}

// Start starts a scheduler without any printer, or skips the test where CUPS cannot run.
func Start(t *testing.T) *Queue {
	t.Helper()
	const cupsd = "/usr/sbin/cupsd"
	if _, err := os.Stat(cupsd); err != nil {
		t.Skip("CUPS is not installed")
	}
	if os.Getuid() != 0 {
		t.Skip("a scheduler of our own needs root")
	}
	dir, err := os.MkdirTemp("", "cups") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"root", "spool", "cache", "state", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	q := &Queue{Socket: filepath.Join(dir, "cups.sock")}
	for name, text := range map[string]string{
		"files.conf": fmt.Sprintf("FileDevice Yes\nSystemGroup root\nServerRoot %[1]s/root\nRequestRoot %[1]s/spool\nCacheDir %[1]s/cache\n"+
			"StateDir %[1]s/state\nTempDir %[1]s/tmp\nErrorLog %[1]s/error\nAccessLog %[1]s/access\nPageLog %[1]s/page\n", dir),
		"cupsd.conf": "Listen " + q.Socket + "\nBrowsing Off\nLogLevel warn\nWebInterface No\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n" +
			"<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server := exec.Command(cupsd, "-f", "-c", filepath.Join(dir, "cupsd.conf"), "-s", filepath.Join(dir, "files.conf"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	t.Setenv("CUPS_SERVER", q.Socket)
	eventually(t, "the scheduler answers", func() bool {
		_, err := os.Stat(q.Socket)
		return err == nil && exec.Command("lpstat", "-r").Run() == nil
	})
	return q
}

// AddPrinter sets up a network printer that the test plays.
func (q *Queue) AddPrinter(t *testing.T) {
	t.Helper()
	device, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	paper := make(chan []byte, 16)
	q.Paper = paper
	go func() {
		for {
			c, err := device.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			_ = c.Close()
			paper <- b
		}
	}()
	uri := "socket://" + device.Addr().String() + "/?waiteof=false"
	if out, err := exec.Command("lpadmin", "-p", Name, "-E", "-v", uri, "-m", "raw").CombinedOutput(); err != nil {
		t.Skipf("this CUPS has no queue without a driver: %v %s", err, out)
	}
}

// eventually asks again and again until it is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(15 * time.Second)
	for !so() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within 15 s", what)
		}
	}
}
