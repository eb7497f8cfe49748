package filestore_test

import (
	"testing"

	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/filestore"
)

func open(t *testing.T, dir string) *filestore.Store {
	t.Helper()
	s, err := filestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestFiles(t *testing.T) {
	dirs := map[server.Files]string{}
	contract.Files(t, func(t *testing.T) server.Files {
		dir := t.TempDir()
		s := open(t, dir)
		dirs[s] = dir
		return s
	}, func(t *testing.T, f server.Files) server.Files {
		s := open(t, dirs[f])
		dirs[s] = dirs[f]
		return s
	})
}
