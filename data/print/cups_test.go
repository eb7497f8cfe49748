//go:build linux

package print

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestWithRealCUPS prints through a CUPS scheduler of its own onto a network printer that the test plays.
func TestWithRealCUPS(t *testing.T) {
	cupsd, err := exec.LookPath("/usr/sbin/cupsd")
	if err != nil {
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
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // filters run as another user
		t.Fatal(err)
	}
	for _, sub := range []string{"root", "spool", "cache", "state", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o777); err != nil { //nolint:gosec // filters run as another user
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	socket := filepath.Join(dir, "cups.sock")
	write("files.conf", fmt.Sprintf("FileDevice Yes\nSystemGroup root\nServerRoot %[1]s/root\nRequestRoot %[1]s/spool\nCacheDir %[1]s/cache\n"+
		"StateDir %[1]s/state\nTempDir %[1]s/tmp\nErrorLog %[1]s/error\nAccessLog %[1]s/access\nPageLog %[1]s/page\n", dir))
	write("cupsd.conf", "Listen "+socket+"\nBrowsing Off\nLogLevel warn\nWebInterface No\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n"+
		"<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n")
	server := exec.Command(cupsd, "-f", "-c", filepath.Join(dir, "cupsd.conf"), "-s", filepath.Join(dir, "files.conf"))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	t.Setenv("CUPS_SERVER", socket)
	eventually(t, "the scheduler answers", func() bool { return exec.Command("lpstat", "-r").Run() == nil && reachable(socket) })

	if got, err := Printers(t.Context()); len(got) != 0 {
		t.Errorf("before one is set up: %v, %v", got, err)
	}
	device, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	paper := make(chan []byte, 1)
	go func() {
		c, err := device.Accept()
		if err != nil {
			return
		}
		b, _ := io.ReadAll(c)
		_ = c.Close()
		paper <- b
	}()
	uri := "socket://" + device.Addr().String() + "/?waiteof=false"
	if out, err := exec.Command("lpadmin", "-p", "Schalter_1", "-E", "-v", uri, "-m", "raw").CombinedOutput(); err != nil {
		t.Skipf("this CUPS has no queue without a driver: %v %s", err, out)
	}
	if got, err := Printers(t.Context()); err != nil || len(got) != 1 || got[0].Name != "Schalter_1" {
		t.Fatalf("%v, %v", got, err)
	}
	pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("Grüße\n"), 5000)...)
	if err := Submit(t.Context(), pdf, "Bestätigung „Müller“", ""); err != nil {
		t.Fatal(err)
	}
	select {
	case b := <-paper:
		if !bytes.Equal(b, pdf) {
			t.Errorf("%d bytes came out of %d", len(b), len(pdf))
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no paper came out")
	}
	if out, err := exec.Command("cupsdisable", "Schalter_1").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if out, err := exec.Command("cupsreject", "Schalter_1").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := Submit(t.Context(), pdf, "x", "Schalter_1"); err == nil {
		t.Error("a printer that takes no jobs took one")
	} else {
		t.Log(err)
	}
}

func reachable(socket string) bool {
	_, err := os.Stat(socket)
	return err == nil
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
