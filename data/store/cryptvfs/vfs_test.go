package cryptvfs

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite"
)

// canary is what no file may ever hold in the clear.
const canary = "MUSTERMANN-GEHEIM-4711"

func newVFS(t testing.TB) *VFS {
	t.Helper()
	var key [32]byte
	var id [16]byte
	rand.Read(key[:])
	rand.Read(id[:])
	v, err := Register(key, id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// newDB makes an empty database in a fresh directory.
func newDB(t testing.TB, v *VFS) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schalter.db")
	if err := v.Create(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// open connects to path; params are further URI parameters, each with a leading &.
func open(t testing.TB, v *VFS, path string, params ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+v.Name()+
		"&_pragma=busy_timeout(5000)&_pragma=temp_store(2)&_pragma=synchronous(2)"+strings.Join(params, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%.60s: %v", query, err)
	}
}

func one[T any](t testing.TB, db *sql.DB, query string, args ...any) (v T) {
	t.Helper()
	if err := db.QueryRow(query, args...).Scan(&v); err != nil {
		t.Fatalf("%.60s: %v", query, err)
	}
	return v
}

func healthy(t testing.TB, db *sql.DB) {
	t.Helper()
	if s := one[string](t, db, "pragma integrity_check"); s != "ok" {
		t.Errorf("integrity_check: %s", s)
	}
}

// noPlainText fails if any file in dir holds the canary or a trace of the schema.
func noPlainText(t testing.TB, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{canary, "mustermann", "CREATE TABLE", "SQLite format", "citizen"} {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %q in the clear", filepath.Base(f), s)
			}
		}
	}
}

func fill(t testing.TB, db *sql.DB, n int) {
	t.Helper()
	run(t, db, `create table citizen(id integer primary key, name text, note text);
		create virtual table words using fts5(name, note, content='citizen', content_rowid='id');
		create index by_name on citizen(name)`)
	for i := 0; i < n; i += 100 {
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		for j := i; j < i+100; j++ {
			if _, err := tx.Exec("insert into citizen(name, note) values(?, ?)", fmt.Sprintf("%s %d", canary, j), strings.Repeat("text Wohngeld ", 20)); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	run(t, db, "insert into words(words) values('rebuild')")
}

func TestEverythingSQLiteDoesStaysSealed(t *testing.T) {
	for _, mode := range []string{"wal", "delete", "truncate", "persist"} {
		t.Run(mode, func(t *testing.T) {
			v := newVFS(t)
			path := newDB(t, v)
			dir := filepath.Dir(path)
			db := open(t, v, path, "&_pragma=journal_mode("+mode+")")
			if m := one[string](t, db, "pragma journal_mode"); m != mode {
				t.Fatalf("journal mode %s", m)
			}
			fill(t, db, 1000)
			ctx := context.Background()
			c, err := db.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			do := func(q string) {
				t.Helper()
				if _, err := c.ExecContext(ctx, q); err != nil {
					t.Fatalf("%s: %v", q, err)
				}
			}
			do("pragma cache_size=10") // so that a big transaction spills
			do("begin; update citizen set note=note||note, name='ROLL'||name")
			noPlainText(t, dir)
			do("rollback")
			do("begin; update or fail citizen set note=note||'x'; savepoint a; update citizen set id=id+5000; rollback to a; update citizen set id=id+7000; commit")
			noPlainText(t, dir)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			healthy(t, db)
			if n := one[int](t, db, "select count(*) from citizen where name like ? and id > 7000", canary+"%"); n != 1000 {
				t.Errorf("%d rows", n)
			}
			if n := one[int](t, db, "select count(*) from words where words match 'wohngeld'"); n != 1000 {
				t.Errorf("%d found", n)
			}
			run(t, db, "delete from citizen where id%2=0; vacuum")
			run(t, db, "vacuum into ?", filepath.Join(dir, "copy"))
			noPlainText(t, dir)
			healthy(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			again := open(t, v, filepath.Join(dir, "copy"), "&_pragma=journal_mode(wal)")
			if n := one[int](t, again, "select count(*) from citizen"); n != 500 {
				t.Errorf("%d rows in the copy", n)
			}
			healthy(t, again)
			if n := v.AuthErrors(); n != 0 {
				t.Errorf("%d pages did not open", n)
			}
		})
	}
}

func TestCreateIsWholeOrNotAtAll(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	if err := v.Create(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("second create: %v", err)
	}
	b, err := os.ReadFile(path)
	if err != nil || len(b) != PageSize {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	if err := v.Create(filepath.Join(filepath.Dir(path), "no", "such", "dir")); err == nil {
		t.Error("created in a directory that is not there")
	}
	db := open(t, v, path)
	if m := one[string](t, db, "pragma journal_mode"); m != "wal" {
		t.Errorf("journal mode %s", m)
	}
	healthy(t, db)
}

func TestCloseWaitsForDatabases(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path)
	run(t, db, "create table t(a)")
	if err := v.Close(); !errors.Is(err, ErrInUse) {
		t.Fatalf("closed with a database open: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	db = open(t, v, path)
	if err := db.Ping(); err == nil {
		t.Error("the name still works after Close")
	}
}

func TestManyConnections(t *testing.T) {
	v := newVFS(t)
	db := open(t, v, newDB(t, v), "&_txlock=immediate", "&_pragma=wal_autocheckpoint(20)")
	run(t, db, "create table t(a integer primary key, b)")
	const writers, rows = 4, 60
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rows {
				if _, err := db.Exec("insert into t(b) values(?)", strings.Repeat("x", 500)); err != nil {
					t.Error(err)
					return
				}
			}
		})
		wg.Go(func() {
			for range rows {
				var n int
				if err := db.QueryRow("select count(*) from t where b like 'x%'").Scan(&n); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := one[int](t, db, "select count(*) from t"); n != writers*rows {
		t.Errorf("%d rows", n)
	}
	healthy(t, db)
}
