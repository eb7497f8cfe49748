package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"schalter/data/blob"
	"schalter/data/record"
	"schalter/data/store"
	"schalter/data/vault"
	"schalter/sync/engine"
	"schalter/sync/protocol"
	"schalter/sync/transport"
)

// house is an unlocked data folder.
type house struct {
	dir   string
	user  string
	keys  *vault.Keys
	store *store.Store
	blobs *blob.Store
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
	s, err := open(ctx, dir, store.Options{Key: keys.Subkey("pages"), ID: keys.StoreID(), Clock: record.SystemClock})
	if err != nil {
		keys.Wipe()
		return nil, err
	}
	b, err := blob.Open(filepath.Join(dir, "blobs"), keys.Subkey("blobs"))
	if err != nil {
		keys.Wipe()
		return nil, errors.Join(err, s.Close())
	}
	return &house{dir: dir, user: user, keys: keys, store: s, blobs: b}, nil
}

func (h *house) close() error {
	err := h.store.Close()
	h.keys.Wipe()
	return err
}

// enrol makes the desk known at the centre and remembers the answer.
func (h *house) enrol(ctx context.Context, code string) (record.Identity, error) {
	id, err := h.store.Identity(ctx)
	if err != nil {
		return id, err
	}
	if err := atHome(id, code); err != nil {
		return id, err
	}
	key := ed25519.NewKeyFromSeed(id.Key)
	e, err := transport.Enrol(ctx, code, id.Device, key, transport.Options{})
	if err != nil {
		return id, err
	}
	id.Authority, id.Tenant, id.Office, id.Desk, id.Centre, id.CA = e.Authority, e.Tenant, e.Office, e.Desk, e.Centre, e.CA
	if err := h.store.SetIdentity(ctx, id); err != nil {
		return id, fmt.Errorf("remember the enrolment: %w", err)
	}
	return id, nil
}

// atHome refuses the code of another centre or authority to a desk that is enrolled: everything ever
// recorded here would go up to strangers.
func atHome(id record.Identity, code string) error {
	if id.Desk == 0 {
		return nil
	}
	c, err := protocol.ParseEnrolCode(code)
	if err != nil {
		return err
	}
	if !strings.EqualFold(c.Authority, id.Tenant) || !c.Trusts(id.CA) {
		return record.E(record.CodeEnrolled, fmt.Errorf("enrolled at %s as desk %d of %s", id.Centre, id.Desk, id.Tenant), "authority", id.Authority)
	}
	return nil
}

// engine makes what exchanges with the centre; [record.CodeNotEnrolled] where there is none.
func (h *house) engine(ctx context.Context) (*engine.Engine, error) {
	id, err := h.store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	if id.Centre == "" {
		return nil, record.E(record.CodeNotEnrolled, nil)
	}
	client, err := transport.New(id, transport.Options{})
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{Store: h.store, Blobs: engine.Files(h.blobs), Centre: client, Clock: record.SystemClock}), nil
}
