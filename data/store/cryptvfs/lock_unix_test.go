//go:build unix

package cryptvfs

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// lockEnv names the file whose locks the test binary, started anew, is to report.
const lockEnv = "SCHALTER_CRYPTVFS_LOCK"

// TestLockProbe is not a test but the other process of the one below.
func TestLockProbe(t *testing.T) {
	path := os.Getenv(lockEnv)
	if path == "" {
		t.Skip("only as another test's child")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// SQLite's shared lock lies in the 510 bytes behind the first gigabyte and two
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: 1<<30 + 2, Len: 510}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &lock); err != nil {
		t.Fatal(err)
	}
	if lock.Type == syscall.F_UNLCK {
		t.Log("UNLOCKED")
	} else {
		t.Log("LOCKED")
	}
}

func locked(t *testing.T, path string) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestLockProbe$", "-test.v")
	cmd.Env = append(os.Environ(), lockEnv+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "LOCKED") {
		t.Fatalf("%v: %s", err, out)
	}
	return !strings.Contains(string(out), "UNLOCKED")
}

// Closing any descriptor of a file drops all of a process's locks on it, SQLite's too. The check must not.
func TestCheckPagesKeepsLocks(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path)
	run(t, db, "create table t(a)")
	if !locked(t, path) {
		t.Fatal("an open database is not locked: this test sees nothing")
	}
	for range 3 {
		if _, bad := checkPages(t, v, path); len(bad) != 0 {
			t.Errorf("pages %v", bad)
		}
	}
	if !locked(t, path) {
		t.Error("the check dropped SQLite's lock")
	}
	run(t, db, "insert into t values(1)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if locked(t, path) {
		t.Error("still locked after close")
	}
}
