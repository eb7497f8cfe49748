package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"schalter/data/blob"
	"schalter/data/record"
	"schalter/data/store"
	"schalter/data/vault"
)

// house is an unlocked data folder.
type house struct {
	dir   string
	user  string
	keys  *vault.Keys
	store *store.Store
	blobs *blob.Store

	scanners func() *devices // made when they are wanted first; one set for all, as a device does one thing at a time
}

// unlock opens the data folder with a passphrase. user "" takes the only user there is.
func unlock(ctx context.Context, dir, user, passphrase string) (*house, error) {
	v, err := openVault(dir)
	if err != nil {
		return nil, err
	}
	if user == "" && len(v.Users()) > 0 {
		user = v.Users()[0]
	}
	keys, err := v.Unlock(user, passphrase)
	if err != nil {
		return nil, err
	}
	open := store.Open
	if _, err := os.Stat(filepath.Join(dir, "schalter.db")); errors.Is(err, os.ErrNotExist) && !anyWork(dir) {
		// The power failed between the first passphrase and the store: nothing was recorded yet.
		open = store.Create
	}
	return furnish(ctx, dir, user, keys, open)
}

// openVault reads the keys of a data folder.
func openVault(dir string) (*vault.Vault, error) {
	v, err := vault.Open(dir)
	if record.CodeOf(err) == record.CodeStoreMissing && settled(dir) {
		err = record.E(record.CodeVaultDamaged, err, "dir", dir) // the keys are lost, not the desk
	}
	return v, err
}

// anyWork reports whether anything was ever recorded here: a desk that has files or the database's log but
// no database was damaged and must not be begun anew.
func anyWork(dir string) bool {
	for _, pattern := range []string{filepath.Join("blobs", "??", "*"), "schalter.db-*"} {
		if found, _ := filepath.Glob(filepath.Join(dir, pattern)); len(found) > 0 {
			return true
		}
	}
	return false
}

// settled reports whether anything of a desk lies in the folder. Keys without a store and a store without
// keys are a damaged desk, which must not be begun anew.
func settled(dir string) bool {
	for _, name := range []string{"vault.json", "vault.copy.json", "schalter.db"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			return true
		}
	}
	return anyWork(dir)
}

// create makes a new data folder.
func create(ctx context.Context, dir, user, passphrase string) (*house, error) {
	if settled(dir) {
		return nil, record.E(record.CodeStoreExists, nil, "dir", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, record.E(record.CodeReadOnly, err, "dir", dir)
	}
	_, keys, err := vault.Create(dir, user, passphrase)
	if err != nil {
		return nil, err
	}
	return furnish(ctx, dir, user, keys, store.Create)
}

func furnish(ctx context.Context, dir, user string, keys *vault.Keys, open func(context.Context, string, store.Options) (*store.Store, error)) (*house, error) {
	s, err := open(ctx, dir, store.Options{Key: keys.Subkey("pages"), ID: keys.StoreID(), Clock: record.SystemClock, Software: "Schalter " + version})
	if err != nil {
		keys.Wipe()
		return nil, err
	}
	b, err := blob.Open(filepath.Join(dir, "blobs"), keys.Subkey("blobs"))
	if err != nil {
		keys.Wipe()
		return nil, errors.Join(err, s.Close())
	}
	h := &house{dir: dir, user: user, keys: keys, store: s, blobs: b}
	h.scanners = sync.OnceValue(func() *devices { return newDevices(h) })
	return h, nil
}

func (h *house) close() error {
	err := h.store.Close()
	h.keys.Wipe()
	return err
}
