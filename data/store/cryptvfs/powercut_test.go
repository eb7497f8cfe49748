package cryptvfs_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"schalter/data/store/cryptvfs"
	"schalter/data/store/cryptvfs/powercut"
)

// memoryDir is a directory that costs no disk writes where there is one: the simulator is the disk.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "schalter-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func connect(t *testing.T, v *cryptvfs.VFS, path, params string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+v.Name()+"&_pragma=busy_timeout(5000)&_pragma=temp_store(2)"+params)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

const saves = 60

// recordSaves saves rows one by one, with checkpoints and cache spills in between, and a big transaction in
// the middle.
func recordSaves(t *testing.T, v *cryptvfs.VFS, mode, synchronous string) *powercut.Recorder {
	t.Helper()
	dir := memoryDir(t)
	path := filepath.Join(dir, "db")
	if err := v.Create(path); err != nil {
		t.Fatal(err)
	}
	rec, err := powercut.Record(v, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Stop()
	db := connect(t, v, path, "&_pragma=journal_mode("+mode+")&_synchronous="+synchronous+
		"&_pragma=wal_autocheckpoint(15)&_pragma=cache_size(20)&_pragma=journal_size_limit(30000)")
	defer db.Close()
	do := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	if err := db.QueryRow("pragma synchronous").Scan(&got); err != nil || got != synchronous {
		t.Fatalf("synchronous %s, %v", got, err)
	}
	do("create table t(id integer primary key, v text); create index ti on t(v); create table big(v)")
	rec.Mark(0)
	for i := 1; i <= saves; i++ {
		if i == saves/2 {
			do("begin")
			for range 100 {
				do("insert into big values(randomblob(3000))")
			}
			do("delete from big where rowid%3=0")
			do("commit")
		}
		do("insert into t values(?,?)", i, strings.Repeat(fmt.Sprint(i, "x"), 300))
		rec.Mark(int64(i))
	}
	return rec
}

// outcome of many cuts.
type outcome struct{ lost, corrupt int }

func cutMany(t *testing.T, v *cryptvfs.VFS, rec *powercut.Recorder, cuts int) (out outcome) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 9))
	parent := memoryDir(t)
	for i := range cuts {
		dir := filepath.Join(parent, fmt.Sprint(i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		acknowledged, at, err := rec.Cut(random, dir)
		if err != nil {
			t.Fatal(err)
		}
		n, err := survivors(t, v, filepath.Join(dir, "db"))
		switch {
		case err != nil:
			out.corrupt++
			if out.corrupt <= 3 {
				t.Logf("cut at operation %d: %v", at, err)
			}
		case n < acknowledged:
			out.lost++
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// survivors opens what the power cut left and returns how many saves are there, -1 if not even the table.
func survivors(t *testing.T, v *cryptvfs.VFS, path string) (n int64, err error) {
	t.Helper()
	db := connect(t, v, path, "&_pragma=synchronous(0)")
	defer db.Close()
	var s string
	if err := db.QueryRow("pragma integrity_check").Scan(&s); err != nil {
		return 0, err
	}
	if s != "ok" {
		return 0, fmt.Errorf("integrity_check: %.100s", s)
	}
	var tables, last int64
	if err := db.QueryRow("select count(*) from sqlite_schema where name='t'").Scan(&tables); err != nil || tables == 0 {
		return -1, err
	}
	if err := db.QueryRow("select count(*), coalesce(max(id), 0) from t where length(v) >= 600").Scan(&n, &last); err != nil {
		return 0, err
	}
	if n != last {
		return 0, fmt.Errorf("%d rows up to %d", n, last)
	}
	return n, nil
}

func long(short, count int) int {
	if os.Getenv("SCHALTER_LONG") != "" {
		return count
	}
	return short
}

func TestPowerCut(t *testing.T) {
	for _, c := range []struct {
		mode, synchronous string
		cuts              int
	}{{"wal", "2", long(250, 20000)}, {"delete", "2", long(60, 5000)}} {
		t.Run(c.mode, func(t *testing.T) {
			v, err := cryptvfs.Register([32]byte{1}, [16]byte{2})
			if err != nil {
				t.Fatal(err)
			}
			rec := recordSaves(t, v, c.mode, c.synchronous)
			out := cutMany(t, v, rec, c.cuts)
			t.Logf("%d cuts in %d operations: %d lost, %d corrupt", c.cuts, rec.Ops(), out.lost, out.corrupt)
			if out != (outcome{}) {
				t.Errorf("%d cuts: %d lost an acknowledged save, %d corrupted the database", c.cuts, out.lost, out.corrupt)
			}
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestPowerCutBites shows that the simulator finds what is to be found: with synchronous=NORMAL acknowledged
// saves are lost, sealed or not; with OFF and a rollback journal databases break.
func TestPowerCutBites(t *testing.T) {
	sealed, err := cryptvfs.Register([32]byte{1}, [16]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	bare, err := cryptvfs.RegisterPlain()
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*cryptvfs.VFS{"sealed": sealed, "bare": bare} {
		out := cutMany(t, v, recordSaves(t, v, "wal", "1"), long(40, 2000))
		if out.lost == 0 || out.corrupt != 0 {
			t.Errorf("%s, NORMAL: %+v, want some lost and none corrupt", name, out)
		}
		out = cutMany(t, v, recordSaves(t, v, "delete", "0"), long(40, 2000))
		if out.corrupt == 0 {
			t.Errorf("%s, OFF: %+v, want some corrupt", name, out)
		}
	}
	if os.Getenv("SCHALTER_LONG") != "" {
		if out := cutMany(t, bare, recordSaves(t, bare, "wal", "2"), 5000); out != (outcome{}) {
			t.Errorf("bare, FULL: %+v", out)
		}
	}
}
