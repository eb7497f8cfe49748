package litestore_test

import (
	"testing"

	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/litestore"
)

func open(t testing.TB, dir string) *litestore.Store {
	t.Helper()
	s, err := litestore.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestJournal(t *testing.T) {
	dirs := map[server.Journal]string{}
	contract.Journal(t, func(t *testing.T) server.Journal {
		dir := t.TempDir()
		s := open(t, dir)
		dirs[s] = dir
		return s
	}, func(t *testing.T, j server.Journal) server.Journal {
		if err := j.(*litestore.Store).Close(); err != nil {
			t.Fatal(err)
		}
		return open(t, dirs[j])
	})
}
