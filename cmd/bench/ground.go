package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"schalter/assets"
	"schalter/data/blob"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/store"
	"schalter/data/store/storetest"
	"schalter/data/vault"
)

// Who opens the invented desk, and the families whose cases carry the thick papers.
const (
	user        = "weber"
	passphrase  = "eine lange geheime Folge"
	thickText   = "Textband"
	thickScans  = "Aktenband"
	thickPages  = 1000
	thickFormID = "hundesteuer-anmelden"
)

// ground is an unlocked data folder.
type ground struct {
	keys  *vault.Keys
	store *store.Store
	blobs *blob.Store
}

func (g *ground) close() error {
	err := g.store.Close()
	g.keys.Wipe()
	return err
}

// large is the folder of the desk with all the cases; the first call makes it, which takes a while.
func (b *bench) large() (string, error) {
	dir := filepath.Join(b.work, fmt.Sprintf("desk-%d-%d-%d", b.cases, b.pages, thickPages))
	ready := dir + ".ready"
	if _, err := os.Stat(ready); err == nil {
		if err = b.usable(dir); err == nil {
			return dir, nil
		}
		b.sayf("the store of the last run is not what this program makes, and is made anew: %v", err)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for _, old := range []string{ready, dir} {
		if err := os.RemoveAll(old); err != nil {
			return "", err
		}
	}
	b.sayf("filling a store with %d cases and %d pages of text", b.cases, b.pages)
	began := time.Now()
	if err := b.fill(dir); err != nil {
		return "", fmt.Errorf("fill the large store: %w", err)
	}
	took := time.Since(began)
	b.sayf("filled in %.0f s", took.Seconds())
	return dir, os.WriteFile(ready, []byte(strconv.Itoa(int(took.Seconds()))+"\n"), 0o600)
}

// usable tells whether a store that was kept still answers: its tables may be of an older build.
func (b *bench) usable(dir string) error {
	g, err := enter(b.ctx, dir)
	if err != nil {
		return err
	}
	hits, err := g.store.Find(b.ctx, thickText, hitsOnScreen)
	if err == nil && len(hits) == 0 {
		err = errors.New("the case with the thick paper is missing")
	}
	if err == nil {
		_, _, err = g.store.Cases(b.ctx, record.ViewOffice, user, 0, rowsOnScreen)
	}
	if err == nil {
		_, err = g.store.Counts(b.ctx, user)
	}
	return errors.Join(err, g.close())
}

func (b *bench) fill(dir string) error {
	g, err := found(b.ctx, dir)
	if err != nil {
		return err
	}
	err = storetest.Fill(b.ctx, g.store, b.cases, b.pages)
	if err == nil {
		err = g.thicken(b.ctx, thickText, textBook)
	}
	if err == nil {
		err = g.thicken(b.ctx, thickScans, scanBook)
	}
	return errors.Join(err, g.close())
}

// found sets up a data folder as the first start does; desk 1 of an office that exists nowhere.
func found(ctx context.Context, dir string) (*ground, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	_, keys, err := vault.Create(dir, user, passphrase)
	if err != nil {
		return nil, err
	}
	g, err := furnish(ctx, dir, keys, store.Create)
	if err != nil {
		return nil, err
	}
	id, err := g.store.Identity(ctx)
	if err == nil {
		id.Office, id.Desk = "MS", 1
		err = g.store.SetIdentity(ctx, id)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// enter unlocks a data folder.
func enter(ctx context.Context, dir string) (*ground, error) {
	v, err := vault.Open(dir)
	if err != nil {
		return nil, err
	}
	keys, err := v.Unlock(user, passphrase)
	if err != nil {
		return nil, err
	}
	return furnish(ctx, dir, keys, store.Open)
}

func furnish(ctx context.Context, dir string, keys *vault.Keys, open func(context.Context, string, store.Options) (*store.Store, error)) (*ground, error) {
	s, err := open(ctx, dir, store.Options{Key: keys.Subkey("pages"), ID: keys.StoreID(), Clock: record.SystemClock})
	if err != nil {
		keys.Wipe()
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(dir, "blobs"), keys.Subkey("blobs"))
	if err != nil {
		keys.Wipe()
		return nil, errors.Join(err, s.Close())
	}
	return &ground{keys, s, blobs}, nil
}

// thicken submits a case with a paper of many pages.
func (g *ground) thicken(ctx context.Context, family string, book func() ([]byte, error)) error {
	data, err := book()
	if err != nil {
		return err
	}
	ref, err := g.blobs.Put(ctx, reader(data))
	if err != nil {
		return err
	}
	forms, err := form.Load(assets.Files)
	if err != nil {
		return err
	}
	f, err := forms.Latest(thickFormID)
	if err != nil {
		return err
	}
	id := record.NewID()
	values := record.Values{}
	for role, text := range map[record.Role]string{record.RoleFamily: family, record.RoleGiven: "Erika"} {
		values[f.Roles[role]] = text
	}
	groups := map[string]record.Values{}
	for path, text := range values {
		of := record.GroupOf(path)
		if groups[of] == nil {
			groups[of] = record.Values{}
		}
		groups[of][path] = text
	}
	var fields record.Fields
	for of, v := range groups {
		fields.Groups = append(fields.Groups, record.GroupEdit{Group: of, Values: v})
	}
	paper := record.Document{
		ID: record.NewID(), Title: family, Source: record.SourceScan, Shown: ref, MediaType: "application/pdf",
		Pages: thickPages, Made: time.Now().UTC(), User: user,
	}
	_, err = g.store.Submit(ctx, "", []record.Edit{
		{Case: id, Kind: record.KindOpen, User: user, Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles, Office: "MS"}},
		{Case: id, Kind: record.KindFields, User: user, Payload: fields},
		{Case: id, Kind: record.KindDocument, User: user, Payload: record.DocumentAdded{Document: paper}},
	})
	return err
}
