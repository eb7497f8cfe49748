package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
)

func TestStoresThatCannotBeOpened(t *testing.T) {
	ctx, o := t.Context(), testOptions()
	made := func(t *testing.T) string {
		dir := t.TempDir()
		s, err := Create(ctx, dir, o)
		check(t, err)
		enrol(t, s, 1)
		submit(t, s, "Weber", "Ina", "Rex")
		check(t, s.Close())
		return dir
	}
	version := func(t *testing.T, dir, pragma string) {
		s, err := Open(ctx, dir, o)
		check(t, err)
		check(t, s.write(ctx, func(ctx context.Context, x *tx) error { return x.exec(ctx, pragma) }))
		check(t, s.Close())
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string, o *Options)
		want  record.Code
	}{
		"missing":      {func(t *testing.T, dir string, _ *Options) { check(t, os.Remove(filepath.Join(dir, fileName))) }, record.CodeStoreMissing},
		"wrong key":    {func(_ *testing.T, _ string, o *Options) { o.Key[0]++ }, record.CodeStoreForeign},
		"other device": {func(_ *testing.T, _ string, o *Options) { o.ID[0]++ }, record.CodeStoreForeign},
		"not a store": {func(t *testing.T, dir string, _ *Options) {
			check(t, os.WriteFile(filepath.Join(dir, fileName), bytes.Repeat([]byte("<html>"), 4096), 0o600))
		}, record.CodeStoreForeign},
		"other application": {func(t *testing.T, dir string, _ *Options) { version(t, dir, "PRAGMA application_id = 7") }, record.CodeStoreForeign},
		"newer":             {func(t *testing.T, dir string, _ *Options) { version(t, dir, "PRAGMA user_version = 1000") }, record.CodeStoreNewer},
		"damaged": {func(t *testing.T, dir string, _ *Options) {
			f, err := os.OpenFile(filepath.Join(dir, fileName), os.O_RDWR, 0)
			check(t, err)
			_, err = f.WriteAt([]byte("x"), 200) // in the first page
			check(t, err)
			check(t, f.Close())
		}, record.CodeStoreDamaged},
		"cut off": {func(t *testing.T, dir string, _ *Options) {
			check(t, os.Truncate(filepath.Join(dir, fileName), 3*4096))
		}, record.CodeStoreDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			dir, o := made(t), o
			c.spoil(t, dir, &o)
			s, err := Open(ctx, dir, o)
			if err == nil { // what the start does not touch, the check finds
				r, e := s.Verify(ctx, nil)
				check(t, s.Close())
				check(t, e)
				if len(r.Problems) > 0 {
					err = record.E(record.CodeStoreDamaged, errors.New(r.Problems[0]))
				}
			}
			wantCode(t, err, c.want)
			if _, err := Open(ctx, dir, o); record.CodeOf(err) == record.CodeStoreInUse {
				t.Error("the lock was kept")
			}
		})
	}
	dir := made(t)
	_, err := Create(ctx, dir, o)
	wantCode(t, err, record.CodeStoreExists)
	s, err := Open(ctx, dir, o)
	check(t, err)
	defer s.Close()
	_, err = Open(ctx, dir, o)
	wantCode(t, err, record.CodeStoreInUse)
	_, err = Create(ctx, filepath.Join(dir, "missing"), o)
	if err == nil {
		t.Error("a store in a missing directory")
	}
}

func TestDamageInUseIsSaid(t *testing.T) {
	ctx, dir, o := t.Context(), t.TempDir(), testOptions()
	s, err := Create(ctx, dir, o)
	check(t, err)
	enrol(t, s, 1)
	for range 40 {
		submit(t, s, "Weber", "Ina", "Rex")
	}
	check(t, s.Close())
	path := filepath.Join(dir, fileName)
	b, err := os.ReadFile(path)
	check(t, err)
	for at := 4096 + 100; at < len(b); at += 4096 {
		b[at] ^= 1
	}
	check(t, os.WriteFile(path, b, 0o600))
	s, err = Open(ctx, dir, o)
	if err != nil {
		wantCode(t, err, record.CodeStoreDamaged)
		return
	}
	defer s.Close()
	r, err := s.Verify(ctx, nil)
	check(t, err)
	if len(r.Problems) == 0 {
		t.Error("damage was not found")
	}
	_, _, err = s.Cases(ctx, record.ViewOffice, "", 0, 100)
	wantCode(t, err, record.CodeStoreDamaged)
}

var update = flag.Bool("update", false, "write testdata/schema-N.sql for the newest version")

// A store of any older version comes to the same tables as a new one.
func TestMigrationsFromEmpty(t *testing.T) {
	ctx := t.Context()
	steps, err := migrations(migrationFiles)
	check(t, err)
	newest := steps[len(steps)-1].version
	s := desk(t, 1)
	present := tables(t, s)
	path := func(v int) string { return filepath.Join("testdata", fmt.Sprintf("schema-%d.sql", v)) }
	if *update {
		check(t, os.WriteFile(path(newest), []byte(strings.Join(present, ";\n\n")+";\n"), 0o600))
	}
	for v := 1; v <= newest; v++ {
		script, err := os.ReadFile(path(v))
		check(t, err)
		old := desk(t, 1)
		check(t, old.write(ctx, func(ctx context.Context, x *tx) error {
			for _, q := range []string{`PRAGMA defer_foreign_keys = 1`} {
				check(t, x.exec(ctx, q))
			}
			var names []string
			check(t, x.each(ctx, `SELECT 'DROP TABLE ' || name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
				AND name NOT GLOB 'find_*_*' ORDER BY name DESC`, nil, func(scan func(...any) error) error {
				names = append(names, "")
				return scan(&names[len(names)-1])
			}))
			for _, q := range names {
				if _, err := x.c.ExecContext(ctx, q); err != nil {
					return err
				}
			}
			if _, err := x.c.ExecContext(ctx, string(script)); err != nil {
				return err
			}
			for _, m := range steps[v:] {
				if err := x.migrate(ctx, m); err != nil {
					return err
				}
			}
			return nil
		}))
		if diff := cmp.Diff(present, tables(t, old)); diff != "" {
			t.Errorf("from version %d: %s", v, diff)
		}
	}
}

// tables lists what makes up the database, without comments and the index's own tables.
func tables(t *testing.T, s *Store) (out []string) {
	t.Helper()
	check(t, s.read(t.Context(), func(ctx context.Context, x *tx) error {
		return x.each(ctx, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'find_*_*' ORDER BY type DESC, name`, nil,
			func(scan func(...any) error) error {
				var sql string
				if err := scan(&sql); err != nil {
					return err
				}
				var lines []string
				for l := range strings.Lines(sql) {
					l, _, _ = strings.Cut(l, "--")
					lines = append(lines, strings.Fields(l)...)
				}
				// A column that a migration added stands behind a comma of its own.
				one := strings.NewReplacer(" ,", ",", "( ", "(", " )", ")").Replace(strings.Join(lines, " "))
				out = append(out, strings.ReplaceAll(one, ", ", ",\n"))
				return nil
			})
	}))
	return out
}

func TestMigrationFilesAreNumbered(t *testing.T) {
	file := func(names ...string) fs.FS {
		m := fstest.MapFS{}
		for _, n := range names {
			m["migrations/"+n] = &fstest.MapFile{Data: []byte("SELECT 1")}
		}
		return m
	}
	if got, err := migrations(file("0002-b.sql", "0001-a.sql")); err != nil || len(got) != 2 || got[1].version != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range [][]string{{}, {"0002-b.sql"}, {"0001-a.sql", "0003-c.sql"}, {"a.sql"}} {
		if _, err := migrations(file(bad...)); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestBrokenMigrationLeavesTheOldStore(t *testing.T) {
	s := desk(t, 1)
	before := tables(t, s)
	err := s.write(t.Context(), func(ctx context.Context, x *tx) error {
		return x.migrate(ctx, migration{version: 99, script: "CREATE TABLE extra (a); SELECT * FROM nothing"})
	})
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(before, tables(t, s)); diff != "" {
		t.Error(diff)
	}
}

// A kill between the making of the file and of its tables leaves a store that can still be begun.
func TestHalfMadeStore(t *testing.T) {
	dir, o := t.TempDir(), testOptions()
	s, err := prepare(dir, o)
	check(t, err)
	check(t, s.vfs.Create(s.path()))
	check(t, s.Close())
	s, err = Open(t.Context(), dir, o)
	check(t, err)
	defer s.Close()
	if id, err := s.Identity(t.Context()); err != nil || id.Device == "" || len(id.Key) != 32 {
		t.Errorf("%+v, %v", id, err)
	}
}

func TestPragmasAreAsserted(t *testing.T) {
	s := desk(t, 1)
	w, err := s.writer.take(t.Context())
	check(t, err)
	defer s.writer.give(w)
	check(t, assertPragmas(t.Context(), w, true))
	for _, p := range []string{"synchronous = 1", "foreign_keys = 0", "busy_timeout = 0", "cell_size_check = 0", "query_only = 1"} {
		_, err := w.c.ExecContext(t.Context(), "PRAGMA "+p)
		check(t, err)
		if assertPragmas(t.Context(), w, true) == nil {
			t.Errorf("%s was accepted", p)
		}
		for _, q := range append(pragmas, pragma{name: "query_only", set: "0"}) {
			_, err := w.c.ExecContext(t.Context(), "PRAGMA "+q.name+" = "+q.set)
			check(t, err)
		}
	}
	err = s.read(t.Context(), func(ctx context.Context, x *tx) error { return x.exec(ctx, `DELETE FROM setting`) })
	wantCode(t, err, record.CodeReadOnly)
}

func TestNetworkVolumes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("knows the volumes of Linux only")
	}
	if name, err := networkVolume(t.TempDir()); name != "" || err != nil {
		t.Errorf("a temporary directory lies on %q, %v", name, err)
	}
}

// Nothing that was typed lies readable in the data directory, while the store is open and after.
func TestNothingLiesInPlain(t *testing.T) {
	const canary = "Kanarienvogel"
	ctx, dir, o := t.Context(), t.TempDir(), testOptions()
	s, err := Create(ctx, dir, o)
	check(t, err)
	enrol(t, s, 1)
	look := func() {
		t.Helper()
		files := 0
		check(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b = bytes.ToLower(b)
			for _, word := range []string{canary, "kanarien", "hundesteuer", "sqlite format", "create table"} {
				if bytes.Contains(b, bytes.ToLower([]byte(word))) {
					t.Errorf("%s holds %q", filepath.Base(path), word)
				}
			}
			return nil
		}))
		if files < 2 {
			t.Errorf("%d files", files)
		}
	}
	check(t, s.SetSetting(ctx, canary, canary))
	check(t, s.SaveDraft(ctx, record.Draft{ID: record.NewID(), User: canary, Values: record.Values{"a/b": canary}}))
	for range 20 {
		scan, doc := paper(record.NewID(), canary+" "+string(record.NewID()))
		_, err := s.Submit(ctx, "", append(dog(scan.Case, canary, canary, canary), scan))
		check(t, err)
		check(t, s.IndexText(ctx, doc.ID, "", []string{strings.Repeat(canary+" ", 500)}))
		_, err = s.Apply(ctx, record.Edit{Case: scan.Case, Kind: record.KindNote, User: canary, Payload: record.Note{Text: canary}})
		check(t, err)
	}
	look()
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error { return x.exec(ctx, `DELETE FROM draft`) }))
	check(t, s.Close())
	look()
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || !slices.ContainsFunc(left, func(f string) bool { return strings.HasSuffix(f, fileName) }) {
		t.Errorf("%v, %v", left, err)
	}
}
