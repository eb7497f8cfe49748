package cryptvfs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCheckPagesWhileInUse(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(5)", "&_txlock=immediate")
	run(t, db, "create table t(a)")
	stop := make(chan struct{})
	done := make(chan error)
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, err := db.Exec("insert into t values(randomblob(9000))"); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 30 {
		if _, bad := checkPages(t, v, path); len(bad) != 0 {
			t.Errorf("pages %v in a sound database", bad)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	healthy(t, db)
}

func TestCheckPagesOfWhatIsNotADatabase(t *testing.T) {
	v := newVFS(t)
	dir := t.TempDir()
	if _, _, err := v.CheckPages(context.Background(), filepath.Join(dir, "none")); err == nil {
		t.Error("checked a file that is not there")
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the check made a file")
	}
	// SQLite takes a file of one byte for empty: some file systems need that byte to lock an empty file
	for size, want := range map[int][]int64{0: nil, 1: nil, 2: {1}, PageSize: {1}, PageSize + 7: {1, 2}} {
		path := filepath.Join(dir, "junk")
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(i + 1)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if pages, bad := checkPages(t, v, path); !slices.Equal(bad, want) || pages != int64(len(want)) {
			t.Errorf("%d bytes: %d pages, bad %v, want %v", size, pages, bad, want)
		}
	}
	path := newDB(t, v)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := v.CheckPages(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
