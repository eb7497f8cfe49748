package durable

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"schalter/data/record"
)

func TestWriteFileReplacesAndLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := os.WriteFile(path+".new", []byte("left by a crash, longer than the new content"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"one", "two", ""} {
		if err := WriteFile(path, []byte(s)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != s {
			t.Errorf("%q, %v, want %q", b, err, s)
		}
	}
	// a directory in the way makes the rename fail
	if err := os.MkdirAll(filepath.Join(dir, "b", "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	if WriteFile(filepath.Join(dir, "b"), []byte("x")) == nil {
		t.Error("replaced a directory")
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func TestExplain(t *testing.T) {
	if Explain("x", "d", nil) != nil {
		t.Error("nil is trouble")
	}
	if got := record.CodeOf(Explain("x", "d", &os.PathError{Op: "write", Err: os.ErrPermission})); got != record.CodeReadOnly {
		t.Errorf("permission: %s", got)
	}
	cause := errors.New("boom")
	if err := Explain("x", "d", cause); record.CodeOf(err) != record.CodeInternal || !errors.Is(err, cause) {
		t.Errorf("other: %v", err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("/dev/full is Linux's")
	}
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	_, err = f.WriteString("x")
	if got := record.CodeOf(Explain("x", "d", err)); got != record.CodeDiskFull {
		t.Errorf("full: %s from %v", got, err)
	}
}

func TestSyncDir(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := errors.Join(SyncDir(dir), SyncDirIn(root, ".")); err != nil {
		t.Error(err)
	}
	if runtime.GOOS == "windows" {
		t.Skip("there is nothing to do there")
	}
	if SyncDir(filepath.Join(dir, "none")) == nil || SyncDirIn(root, "none") == nil || SyncDirIn(root, "..") == nil {
		t.Error("a folder that is not there, or not below the root, was reported as durable")
	}
}
