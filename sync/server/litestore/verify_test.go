package litestore_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/sync/server/contract"
	"schalter/sync/server/litestore"
)

// TestVerifyFindsTampering alters one thing at a time behind the store's back.
func TestVerifyFindsTampering(t *testing.T) {
	for name, c := range map[string]struct{ statement, want string }{
		"nothing":           {`SELECT 1`, ""},
		"a payload":         {`UPDATE change SET line = CAST(replace(CAST(line AS TEXT), 'Marke', 'Karte') AS BLOB) WHERE n = 2`, "damaged"},
		"a user":            {`UPDATE change SET line = CAST(replace(CAST(line AS TEXT), 'weber', 'wober') AS BLOB) WHERE n = 2`, "damaged"},
		"a running hash":    {`UPDATE change SET log_hash = zeroblob(32) WHERE n = 2`, "running hash"},
		"a missing change":  {`DELETE FROM change WHERE place = (SELECT max(place) - 1 FROM change)`, "follows"},
		"the last change":   {`DELETE FROM change WHERE place = (SELECT max(place) FROM change)`, "history ends"},
		"a head":            {`UPDATE authority SET seq = seq + 1`, "history ends"},
		"a desk's head":     {`UPDATE desk SET n = n + 1 WHERE number = 1`, "chain ends"},
		"a rejected change": {`UPDATE rejected SET line = CAST(replace(CAST(line AS TEXT), 'weber', 'wober') AS BLOB)`, "rejected"},
		"a rejected gone":   {`DELETE FROM rejected`, "broken"},
		"a form's mark":     {`UPDATE change SET form = 1 WHERE n = 2`, "about a form"},
		"an open end":       {`UPDATE change SET ends = 0`, "history ends"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			contract.AddAuthority(t, s, "Musterstadt", "MS", "ms")
			d, e := contract.NewDesk(t), contract.NewDesk(t)
			contract.Enrol(t, s, "ms", 1, d)
			contract.Enrol(t, s, "ms", 2, e)
			for _, b := range [][]record.Change{d.Write(t, 3), {d.Poison(t)}, d.Write(t, 2)} {
				if _, err := s.Push(t.Context(), d.Device, contract.Lines(t, b...)); err != nil {
					t.Fatal(err)
				}
			}
			db, err := sql.Open("sqlite", filepath.Join(dir, litestore.FileName)+"?_pragma=busy_timeout(5000)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(c.statement); err != nil {
				t.Fatal(err)
			}
			r, err := s.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(r.Problems, "\n"); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
			if r.Authorities != 1 || r.Desks != 2 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestAStrangeDirectoryNameWorks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Ämter & Büros #1 50%?")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	contract.AddAuthority(t, s, "Musterstadt", "MS", "ms")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir).Authority(t.Context(), "ms"); err != nil {
		t.Error(err)
	}
	if m, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", litestore.FileName)); err != nil || len(m) != 1 {
		t.Errorf("%q %v", m, err)
	}
}

func TestTwoProgramsShareOneJournal(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	contract.AddAuthority(t, a, "Musterstadt", "MS", "ms")
	d, e := contract.NewDesk(t), contract.NewDesk(t)
	contract.Enrol(t, b, "ms", 1, d)
	contract.Enrol(t, a, "ms", 2, e)
	for range 5 {
		if _, err := a.Push(t.Context(), d.Device, contract.Lines(t, d.Write(t, 2)...)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Push(t.Context(), e.Device, contract.Lines(t, e.Write(t, 2)...)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := b.Verify(t.Context())
	if err != nil || len(r.Problems) != 0 || r.Changes != 20 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestANewerJournalIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, litestore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := litestore.Open(t.Context(), dir); record.CodeOf(err) != record.CodeStoreNewer {
		t.Error(err)
	}
}
