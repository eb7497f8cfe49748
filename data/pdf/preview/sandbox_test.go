package preview

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// grab asks for memory the way the library does: anonymous and writable.
func grab(n int) error {
	defer func() { _ = recover() }()
	return grabPages(n)
}

// TestNothingIsAllowedInTheSandbox runs the probe under the very sandbox of the helper.
func TestNothingIsAllowedInTheSandbox(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this sandbox is Linux's")
	}
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
	cmd := exec.Command(exe, probeArg, dir)
	cmd.Env = append(os.Environ(), "PROBE_TCP="+l.Addr().String())
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	t.Logf("%s", out)
	if strings.Contains(string(out), "allowed:") {
		t.Error("the helper could do more than it may")
	}
	if n := strings.Count(string(out), "refused:"); n != 8 {
		t.Errorf("%d of 8 attempts were made", n)
	}
	if exists(filepath.Join(dir, "new")) || !exists(filepath.Join(dir, "secret")) {
		t.Error("the folder was changed")
	}
}
