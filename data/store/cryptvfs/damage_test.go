package cryptvfs

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func long(short, count int) int {
	if os.Getenv("SCHALTER_LONG") != "" {
		return count
	}
	return short
}

// filled makes a database of some 40 pages, most of them overflow pages, and closes it. It has no index, with
// which integrity_check could compare.
func filled(t *testing.T, v *VFS) string {
	t.Helper()
	path := newDB(t, v)
	db := open(t, v, path)
	run(t, db, "create table t(id integer primary key, v text)")
	for i := range 30 {
		run(t, db, "insert into t(v) values(?)", strings.Repeat(fmt.Sprint(i, canary), 200))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll reads everything there is and returns the first error.
func readAll(t *testing.T, v *VFS, path string) error {
	t.Helper()
	db := open(t, v, path)
	defer db.Close()
	var s string
	if err := db.QueryRow("pragma integrity_check").Scan(&s); err != nil {
		return err
	}
	if s != "ok" {
		return fmt.Errorf("integrity_check: %s", s)
	}
	var n, length int
	if err := db.QueryRow("select count(*), sum(length(v)) from t").Scan(&n, &length); err != nil {
		return err
	}
	if n != 30 || length < 30*200*len(canary) {
		return fmt.Errorf("%d rows of %d characters", n, length)
	}
	return nil
}

func checkPages(t *testing.T, v *VFS, path string) (int64, []int64) {
	t.Helper()
	n, bad, err := v.CheckPages(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return n, bad
}

// Every flipped byte is found by CheckPages, named by its page, and stops SQLite as well.
func TestEveryFlippedByteIsFound(t *testing.T) {
	v := newVFS(t)
	path := filled(t, v)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages, bad := checkPages(t, v, path)
	if pages != int64(len(good)/PageSize) || pages < 30 || len(bad) != 0 {
		t.Fatalf("%d pages, bad %v", pages, bad)
	}
	random := rand.New(rand.NewPCG(4, 7))
	count := long(300, 10_000)
	for i := range count {
		at := random.IntN(len(good))
		if i < PageSize/8 { // and the first page closely
			at = i * 8
		}
		broken := bytes.Clone(good)
		broken[at] ^= 1 << random.IntN(8)
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, bad := checkPages(t, v, path); !slices.Equal(bad, []int64{int64(at/PageSize) + 1}) {
			t.Fatalf("byte %d of page %d: CheckPages found %v", at%PageSize, at/PageSize+1, bad)
		}
		if i%20 == 0 {
			if err := readAll(t, v, path); err == nil {
				t.Errorf("byte %d of page %d: SQLite read on", at%PageSize, at/PageSize+1)
			}
		}
	}
}

func TestExchangedPagesAreFound(t *testing.T) {
	key := [32]byte{1}
	v, err := Register(key, [16]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	sibling, err := Register(key, [16]byte{2}) // the same key, another desk's id
	if err != nil {
		t.Fatal(err)
	}
	path, other := filled(t, v), filled(t, sibling)
	twin := filled(t, v)
	page := func(b []byte, n int) []byte { return b[(n-1)*PageSize : n*PageSize] }
	foreign, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		bad    []int64
	}{
		"exchanged": {func(b []byte) []byte {
			p := bytes.Clone(page(b, 4))
			copy(page(b, 4), page(b, 5))
			copy(page(b, 5), p)
			return b
		}, []int64{4, 5}},
		"repeated":       {func(b []byte) []byte { copy(page(b, 9), page(b, 8)); return b }, []int64{9}},
		"of another id":  {func(b []byte) []byte { copy(page(b, 7), page(foreign, 7)); return b }, []int64{7}},
		"whole other id": {func(b []byte) []byte { copy(b, foreign); return b[:PageSize] }, []int64{1}},
		"torn":           {func(b []byte) []byte { clear(page(b, 6)[512:1024]); return b }, []int64{6}},
	} {
		if err := os.WriteFile(path, c.change(bytes.Clone(good)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, bad := checkPages(t, v, path); !slices.Equal(bad, c.bad) {
			t.Errorf("%s: CheckPages found %v, want %v", name, bad, c.bad)
		}
		if err := readAll(t, v, path); err == nil {
			t.Errorf("%s: SQLite read on", name)
		}
	}
	if err := readAll(t, v, twin); err != nil {
		t.Errorf("the untouched one: %v", err)
	}
}

// A disk that answers zeros, or a file cut off, is damage even where SQLite's own checks do not look: the
// last page of a long text has no pointer that could be wrong.
func TestZerosAndCutFilesAreDamage(t *testing.T) {
	v := newVFS(t)
	path := filled(t, v)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages := len(good) / PageSize
	for n := 2; n <= pages; n++ {
		broken := bytes.Clone(good)
		clear(broken[(n-1)*PageSize : n*PageSize])
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := readAll(t, v, path); err == nil {
			t.Errorf("page %d of %d is zero and SQLite read on", n, pages)
		}
	}
	for _, size := range []int{len(good) - PageSize, len(good) - 1, 3*PageSize + 100, PageSize, 100, 1} {
		if err := os.WriteFile(path, good[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := readAll(t, v, path); err == nil {
			t.Errorf("cut to %d bytes and SQLite read on", size)
		}
	}
}

// A cut file is damage as well while a log is there, from which SQLite takes the size to be right.
func TestCutFileBesideALogIsDamage(t *testing.T) {
	v := newVFS(t)
	path := filled(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(0)")
	run(t, db, "insert into t(id, v) values(1000, 'x')")
	copied := liveCopy(t, path)
	info, err := os.Stat(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(copied, info.Size()-4*PageSize); err != nil {
		t.Fatal(err)
	}
	again := open(t, v, copied)
	var n int
	if err := again.QueryRow("select sum(length(v)) from t").Scan(&n); !IsDamage(err) {
		t.Errorf("read %d characters, %v", n, err)
	}
}

func TestFlippedByteInTheLiveLogIsDamage(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(0)", "&_pragma=cache_size(5)")
	run(t, db, "create table t(a)")
	for i := range 20 {
		run(t, db, "insert into t values(?)", strings.Repeat(fmt.Sprint(i), 3000))
	}
	f, err := os.OpenFile(path+"-wal", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for off := int64(walHeader + frameHeader + 99); off < info.Size(); off += frameSize {
		b := make([]byte, 1)
		if _, err := f.ReadAt(b, off); err != nil {
			t.Fatal(err)
		}
		b[0] ^= 4
		if _, err := f.WriteAt(b, off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	other := open(t, v, path) // with an empty cache
	var n int
	if err := other.QueryRow("select sum(length(a)) from t").Scan(&n); !IsDamage(err) {
		t.Errorf("read %d characters, %v", n, err)
	}
	if v.AuthErrors() == 0 {
		t.Error("damage was not counted")
	}
}

func TestWrongKeyOpensNothing(t *testing.T) {
	v := newVFS(t)
	path := filled(t, v)
	stranger := newVFS(t)
	db := open(t, stranger, path)
	var n int
	if err := db.QueryRow("select count(*) from t").Scan(&n); !IsDamage(err) {
		t.Errorf("read %d rows, %v", n, err)
	}
	if _, err := db.Exec("create table mine(a)"); err == nil {
		t.Error("wrote under another key")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	pages, bad := checkPages(t, stranger, path)
	if int64(len(bad)) != pages {
		t.Errorf("%d of %d pages bad", len(bad), pages)
	}
	if err := readAll(t, v, path); err != nil {
		t.Errorf("the right key afterwards: %v", err)
	}
	plain, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if err := plain.QueryRow("select count(*) from t").Scan(&n); err == nil {
		t.Error("read without a key")
	}
}

// A plain database is not taken for a sealed one.
func TestPlainDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plain.db")
	plain, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	run(t, plain, "create table t(a)")
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, newVFS(t), path)
	var n int
	if err := db.QueryRow("select count(*) from t").Scan(&n); !IsDamage(err) {
		t.Errorf("read %d rows, %v", n, err)
	}
}

// Strictness about pages that were not written must never hit a sound database, whatever SQLite does to it.
func TestNoFalseAlarms(t *testing.T) {
	for seed := range uint64(long(3, 200)) {
		random := rand.New(rand.NewPCG(seed, 1))
		v := newVFS(t)
		path := newDB(t, v)
		db := open(t, v, path, "&_pragma=cache_size(8)", "&_pragma=wal_autocheckpoint(7)", "&_pragma=synchronous(0)")
		db.SetMaxOpenConns(1)
		run(t, db, "create table t(id integer primary key, v blob); create index ti on t(v)")
		depth := 0
		for range 250 {
			switch random.IntN(9) {
			case 0, 1, 2, 3:
				run(t, db, "insert into t(v) values(randomblob(?))", random.IntN(20_000))
			case 4, 5:
				run(t, db, "delete from t where id in (select id from t order by random() limit ?)", random.IntN(8))
			case 6:
				run(t, db, "update t set v=randomblob(?) where id%3=0", random.IntN(9000))
			case 7:
				run(t, db, "savepoint s")
				depth++
			case 8:
				switch {
				case depth > 0 && random.IntN(2) == 0:
					run(t, db, "rollback to s")
				case depth > 0:
					run(t, db, "release s")
					depth--
				case random.IntN(4) == 0:
					run(t, db, "vacuum")
				}
			}
			for depth > 5 {
				run(t, db, "release s")
				depth--
			}
		}
		for ; depth > 0; depth-- {
			run(t, db, "release s")
		}
		healthy(t, db)
		reader := open(t, v, path)
		healthy(t, reader)
		run(t, reader, "pragma wal_checkpoint(truncate)")
		if _, bad := checkPages(t, v, path); len(bad) != 0 {
			t.Errorf("seed %d: pages %v", seed, bad)
		}
		if n := v.AuthErrors(); n != 0 {
			t.Fatalf("seed %d: %d pages did not open in a sound database", seed, n)
		}
	}
}
