package preview

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"schalter/data/pdf/preview/sandbox"
)

const probeArg = "preview-probe"

func init() { shapes[probeArg] = probe }

// probe enters the sandbox of the helper and prints what it could still do.
func probe(args []string) {
	dir, listener := args[0], args[1]
	if err := sandbox.Enter(1 << 30); err != nil {
		fmt.Println("enter:", err)
		os.Exit(1)
	}
	tell := func(what string, err error) {
		if err == nil {
			fmt.Println("allowed:", what)
		} else {
			fmt.Println("refused:", what, err)
		}
	}
	_, err := os.ReadFile(filepath.Join(dir, "secret"))
	tell("read", err)
	_, err = os.ReadDir(dir)
	tell("list", err)
	tell("write", os.WriteFile(filepath.Join(dir, "new"), []byte("x"), 0o600))
	tell("remove", os.Remove(filepath.Join(dir, "secret")))
	_, err = net.DialTimeout("tcp", listener, time.Second)
	tell("tcp", err)
	_, err = net.Listen("tcp", "127.0.0.1:0")
	tell("listen", err)
	_, err = os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
	tell("start", err)
	tell("exec", syscall.Exec("/bin/true", []string{"true"}, nil))
	tell("signal", syscall.Kill(os.Getppid(), 0))
	_, err = unix.Mmap(-1, 0, 3<<30, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	tell("memory", err)
	os.Exit(0)
}

// TestNothingIsAllowedInTheSandbox runs the probe under the very sandbox of the helper.
func TestNothingIsAllowedInTheSandbox(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(exe, probeArg, dir, l.Addr().String()).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	t.Logf("%s", out)
	if strings.Contains(string(out), "allowed:") {
		t.Errorf("the helper could do more than it may:\n%s", out)
	}
	if n := strings.Count(string(out), "refused:"); n != 10 {
		t.Errorf("%d of 10 attempts were made:\n%s", n, out)
	}
	if exists(filepath.Join(dir, "new")) || !exists(filepath.Join(dir, "secret")) {
		t.Error("the folder was changed")
	}
}

// TestTheRunningHelperIsConfined looks at the real helper from outside.
func TestTheRunningHelperIsConfined(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, pages("Hallo"), "")
	if _, err := d.Render(t.Context(), 0, 50, 0); err != nil {
		t.Fatal(err)
	}
	pid := helperPID(t, r)
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Max open files", "Max file size", "Max core file size"} {
		for line := range strings.Lines(string(limits)) {
			if f := strings.Fields(strings.TrimPrefix(line, name)); strings.HasPrefix(line, name) && (f[0] != "0" || f[1] != "0") {
				t.Errorf("%s: %v", name, f)
			}
		}
	}
	st, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(st), "NoNewPrivs:\t1") {
		t.Error("the helper could gain privileges")
	}
}
