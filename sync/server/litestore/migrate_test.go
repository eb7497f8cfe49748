package litestore_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/litestore"
)

// held is what a journal answers, to compare before and after.
type held struct {
	Desks   []server.Desk
	Changes []record.Change
	Forms   []record.ID
	Next    record.Cursor
}

func answers(t *testing.T, s *litestore.Store) (h held) {
	t.Helper()
	var err error
	if h.Desks, err = s.Desks(t.Context(), "ms"); err != nil {
		t.Fatal(err)
	}
	read := func(e server.Entry) error {
		l, err := protocol.ParseLine(e.Line)
		h.Changes = append(h.Changes, l.Change)
		return err
	}
	if h.Next, _, err = s.Pull(t.Context(), "ms", record.Cursor{}, 1<<20, read); err != nil {
		t.Fatal(err)
	}
	if err := s.Forms(t.Context(), "ms", func(e server.Entry) error {
		h.Forms = append(h.Forms, e.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r, err := s.Verify(t.Context())
	if err != nil || len(r.Problems) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	return h
}

// A journal of version 1, with everything in it, is brought up and goes on.
func TestJournalOfVersion1(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	s := open(t, from)
	contract.AddAuthority(t, s, "Musterstadt", "MS", "ms")
	d, e := contract.NewDesk(t), contract.NewDesk(t)
	contract.Enrol(t, s, "ms", 1, d)
	contract.Enrol(t, s, "ms", 2, e)
	if err := s.Grant(t.Context(), "ms", 1, true); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]record.Change{d.Write(t, 3), {d.Poison(t)}, {d.Publish(t, "hund", "1")}, d.Write(t, 1)} {
		if _, err := s.Push(t.Context(), d.Device, contract.Lines(t, b...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Grant(t.Context(), "ms", 1, false); err != nil {
		t.Fatal(err)
	}
	want := answers(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := sql.Open("sqlite", filepath.Join(to, litestore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	old.SetMaxOpenConns(1)
	first, err := os.ReadFile("schema/0001.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		string(first), `PRAGMA user_version = 1`, `ATTACH '` + filepath.Join(from, litestore.FileName) + `' AS new`,
		`INSERT INTO authority SELECT * FROM new.authority`,
		`INSERT INTO desk SELECT no, authority, number, device, key, program, enrolled, seen, revoked, n, hash FROM new.desk`,
		`INSERT INTO invitation SELECT authority, number, secret, centre, created, expires, device FROM new.invitation`,
		`INSERT INTO change SELECT place, desk, n, id, hash, log_hash, ends, line FROM new.change`,
		`INSERT INTO rejected SELECT * FROM new.rejected`,
	} {
		if _, err := old.Exec(q); err != nil {
			t.Fatalf("%.60s: %v", q, err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, to)
	if diff := cmp.Diff(want, answers(t, s)); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Push(t.Context(), e.Device, contract.Lines(t, e.Write(t, 2)...)); err != nil {
		t.Error(err)
	}
	answers(t, s)
}
