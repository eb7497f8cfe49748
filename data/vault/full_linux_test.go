package vault

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"schalter/data/record"
)

func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount the small disk this needs")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("the small disk this needs cannot be mounted here: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	v, k, err := Create(dir, "weber", secret, cheap)
	if err != nil {
		t.Fatal(err)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "filler"), make([]byte, int(st.Bavail)*int(st.Bsize)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, v.ChangePassphrase("weber", secret, "Herbst am Rathaus 8"), record.CodeDiskFull)
	wantCode(t, v.AddUser(k, "schmidt", secret), record.CodeDiskFull)
	for name, v := range map[string]*Vault{"this": v, "the next start": reopen(t, dir)} {
		if _, err := v.Unlock("weber", secret); err != nil {
			t.Errorf("%s: the old passphrase is gone: %v", name, err)
		}
		if got := v.Users(); len(got) != 1 {
			t.Errorf("%s: users %q", name, got)
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*.new")); err != nil || len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}
