package cryptvfs

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"schalter/data/record"
)

func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount the small disk this needs")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=600k"); err != nil {
		t.Skipf("the small disk this needs cannot be mounted here: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	v := newVFS(t)
	path := filepath.Join(dir, "schalter.db")
	if err := v.Create(path); err != nil {
		t.Fatal(err)
	}
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(10)")
	db.SetMaxOpenConns(1)
	run(t, db, "create table t(a)")
	saved := 0
	for {
		_, err := db.Exec("insert into t values(randomblob(6000))")
		if err == nil {
			saved++
			continue
		}
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Code() != sqlite3.SQLITE_FULL {
			t.Errorf("a full disk is told as %v", err)
		}
		break
	}
	if err := v.Create(filepath.Join(dir, "second.db")); record.CodeOf(err) != record.CodeDiskFull {
		t.Errorf("create: %v", err)
	}
	if n := one[int](t, db, "select count(*) from t"); n != saved || saved == 0 {
		t.Errorf("%d saved, %d there", saved, n)
	}
	healthy(t, db)
	if err := db.Close(); err != nil {
		t.Log("close:", err) // a checkpoint may still find no room
	}
	db = open(t, v, path)
	if n := one[int](t, db, "select count(*) from t"); n != saved {
		t.Errorf("%d saved, %d there after a restart", saved, n)
	}
	healthy(t, db)
	if files, err := filepath.Glob(filepath.Join(dir, "*.new")); err != nil || len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	if n := v.AuthErrors(); n != 0 {
		t.Errorf("%d pages did not open", n)
	}
	if err := db.Close(); err != nil {
		t.Log("close:", err)
	}
}
