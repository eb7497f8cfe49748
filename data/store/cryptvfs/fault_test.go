package cryptvfs

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// faults makes the n-th physical operation, and those after it, fail while it lasts.
func faults(v *VFS, n int, cause error) (count *int) {
	count = new(int)
	v.Intercept(func(Op) error {
		*count++
		if *count >= n {
			return cause
		}
		return nil
	})
	return count
}

// A broken or full disk is reported at whatever operation it begins; what was acknowledged before is there
// afterwards, and what was reported as failed is not.
func TestEveryFaultIsReported(t *testing.T) {
	for _, cause := range []error{syscall.EIO, syscall.ENOSPC} {
		for n := 1; ; n += long(3, 1) {
			v := newVFS(t)
			path := newDB(t, v)
			db := open(t, v, path, "&_pragma=wal_autocheckpoint(4)")
			db.SetMaxOpenConns(1)
			run(t, db, "create table t(id integer primary key, v text)")
			count := faults(v, n, cause)
			saved, failed := save(t, db, cause)
			v.Intercept(nil)
			reached := *count >= n
			_ = db.Close() // may report the fault once more
			again := open(t, v, path)
			healthy(t, again)
			if got := one[int](t, again, "select count(*) from t"); got != saved && got != saved+1 {
				t.Errorf("%v from operation %d: %d saved, %d there", cause, n, saved, got)
			}
			if reached && !failed && saved < saves {
				t.Errorf("%v from operation %d was not reported", cause, n)
			}
			if got := v.AuthErrors(); got != 0 {
				t.Errorf("%v from operation %d: %d pages did not open", cause, n, got)
			}
			if err := again.Close(); err != nil {
				t.Error(err)
			}
			if !reached {
				break
			}
		}
	}
}

const saves = 8

// save saves rows until one fails. A checkpoint that fails after a save does not undo the save.
func save(t *testing.T, db *sql.DB, cause error) (saved int, failed bool) {
	t.Helper()
	for i := range saves {
		_, err := db.Exec("insert into t values(?, ?)", i, strings.Repeat("x", 3000))
		if err == nil {
			saved++
			continue
		}
		var e *sqlite.Error
		if !errors.As(err, &e) {
			t.Fatalf("%v", err)
		}
		if errors.Is(cause, syscall.ENOSPC) && e.Code() != sqlite3.SQLITE_FULL || errors.Is(cause, syscall.EIO) && e.Code()&0xff != sqlite3.SQLITE_IOERR {
			t.Errorf("%v is told as %v", cause, err)
		}
		return saved, true
	}
	return saved, false
}

func TestFailedCreateLeavesNothing(t *testing.T) {
	v := newVFS(t)
	dir := t.TempDir()
	if err := v.Create(filepath.Join(dir, "no", "dir")); err == nil {
		t.Error("created in a folder that is not there")
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

func BenchmarkSeal(b *testing.B) {
	v := newVFS(b)
	src, dst := make([]byte, PageSize), make([]byte, PageSize)
	b.SetBytes(PageSize)
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		v.cipher.seal(dst, src, mainFile, i)
	}
}

func BenchmarkOpen(b *testing.B) {
	v := newVFS(b)
	src, sealed, page := make([]byte, PageSize), make([]byte, PageSize), make([]byte, PageSize)
	v.cipher.seal(sealed, src, mainFile, 7)
	b.SetBytes(PageSize)
	b.ReportAllocs()
	for b.Loop() {
		copy(page, sealed)
		if !v.cipher.open(page, mainFile, 7) {
			b.Fatal("did not open")
		}
	}
}

// BenchmarkSave is one durable save, sealed and bare, side by side.
func BenchmarkSave(b *testing.B) {
	bare, err := RegisterPlain()
	if err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]*VFS{"sealed": newVFS(b), "bare": bare} {
		b.Run(name, func(b *testing.B) {
			db := open(b, v, newDB(b, v))
			db.SetMaxOpenConns(1)
			run(b, db, "create table t(id integer primary key, v text); create index ti on t(v)")
			for i := 0; b.Loop(); i++ {
				run(b, db, "insert into t(v) values(?)", fmt.Sprint(i, strings.Repeat("x", 2000)))
			}
		})
	}
}
