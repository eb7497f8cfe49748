package memory_test

import (
	"testing"

	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/memory"
)

func TestJournal(t *testing.T) {
	contract.Journal(t, func(*testing.T) server.Journal { return memory.NewJournal() }, nil)
}

func TestFiles(t *testing.T) {
	contract.Files(t, func(*testing.T) server.Files { return memory.NewFiles() }, nil)
}
