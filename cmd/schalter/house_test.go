package main

import (
	"os"
	"path/filepath"
	"testing"

	"schalter/data/record"
)

// The database's log may hold acknowledged work: a desk whose database is gone is not begun anew over it.
func TestAStoreIsNotBegunAnewOverItsLog(t *testing.T) {
	dir := t.TempDir()
	const passphrase = "lange geheime Worte"
	h, err := create(t.Context(), dir, "Weber", passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	db, wal := filepath.Join(dir, "schalter.db"), filepath.Join(dir, "schalter.db-wal")
	if err := os.Remove(db); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(wal, []byte("frames"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := unlock(t.Context(), dir, "Weber", passphrase); record.CodeOf(err) != record.CodeStoreMissing {
		t.Errorf("unlock: %v", err)
	}
	if b, err := os.ReadFile(wal); err != nil || string(b) != "frames" {
		t.Errorf("the log is %q, %v", b, err)
	}
	// Without a log nothing was recorded: the power failed at the first start.
	if err := os.Remove(wal); err != nil {
		t.Fatal(err)
	}
	h, err = unlock(t.Context(), dir, "Weber", passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// The door says that its keys are damaged before anybody has typed a passphrase, and says nothing where
// nothing was set up yet.
func TestTheDoorSaysThatItsKeysAreDamaged(t *testing.T) {
	d := &door{dir: t.TempDir()}
	if users, err := d.Users(); users != nil || err != nil {
		t.Errorf("an empty folder: %v %v", users, err)
	}
	for _, name := range []string{"vault.json", "vault.copy.json"} {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Users(); record.CodeOf(err) != record.CodeVaultDamaged {
		t.Errorf("both files damaged: %v", err)
	}
	for _, name := range []string{"vault.json", "vault.copy.json"} {
		if err := os.Remove(filepath.Join(d.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(d.dir, "schalter.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Users(); record.CodeOf(err) != record.CodeVaultDamaged {
		t.Errorf("the keys are lost: %v", err)
	}
}
