package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"schalter/data/form"
	"schalter/data/pdf/preview"
	"schalter/data/record"
	"schalter/data/scan/profile"
)

// secondPerson is the check as somebody else at the desk has it.
func secondPerson(t *testing.T, h *house, lib *form.Library, user string) checksDesk {
	t.Helper()
	other := *h
	other.user = user
	viewer := preview.New(preview.Options{})
	t.Cleanup(viewer.Close)
	l := newLine(t.Context(), &other)
	t.Cleanup(l.close)
	return checksDesk{renditions{printer: printer{house: &other, forms: lib}, line: l, paper: viewer}, profile.New(h.store), func() {}}
}

// stored is where a stored file lies: the one without which it cannot be opened.
func stored(t *testing.T, h *house, hash record.Hash) (at string) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(h.dir, "blobs"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || at != "" {
			return err
		}
		must(t, os.Rename(path, path+"-"))
		if f, err := h.blobs.Open(hash); err != nil {
			at = path
		} else {
			must(t, f.Close())
		}
		return os.Rename(path+"-", path)
	}))
	if at == "" {
		t.Fatal("the file is not found")
	}
	return at
}

func TestASecondPersonChecks(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	must(t, h.store.SetSetting(ctx, "ui.lang", "de"))
	c := filedScan(t, h, lib)
	weber, klein := secondPerson(t, h, lib, "weber"), secondPerson(t, h, lib, "klein")
	list := func(v record.CheckView, want int) []record.CheckRow {
		t.Helper()
		rows, total, err := klein.Checks(ctx, v, 0, 10)
		must(t, err)
		if len(rows) != want || total != want {
			t.Fatalf("%s: %d of %d, want %d", v, len(rows), total, want)
		}
		return rows
	}
	rows := list(record.CheckOpen, 1)
	good := record.DocumentChecked{OK: true, Points: record.Points()}
	if err := weber.Check(ctx, rows[0], good); record.CodeOf(err) != record.CodeCheckOwn {
		t.Errorf("her own scan: %v", err)
	}

	// An original that is damaged or gone: nobody finds the scan good.
	original := rows[0].Document.Originals[0].Blob.Hash
	at := stored(t, h, original)
	kept, err := os.ReadFile(at)
	must(t, err)
	broken := bytes.Clone(kept)
	broken[len(broken)/2] ^= 1
	for what, spoil := range map[string]func() error{
		"damaged": func() error { return os.WriteFile(at, broken, 0o600) },
		"gone":    func() error { return os.Remove(at) },
	} {
		must(t, spoil())
		if err := klein.Check(ctx, rows[0], good); record.CodeOf(err) != record.CodeCheckOriginal {
			t.Errorf("%s: %v", what, err)
		}
		list(record.CheckFree, 0)
		must(t, os.WriteFile(at, kept, 0o600))
	}

	must(t, klein.Check(ctx, rows[0], good))
	list(record.CheckFree, 1)
	if err := klein.Check(ctx, rows[0], good); record.CodeOf(err) != record.CodeCheckAgain {
		t.Errorf("a check of what was checked meanwhile: %v", err)
	}
	var b bytes.Buffer
	must(t, klein.free(ctx, &b))
	said := wordsIn(t, b.Bytes())
	for _, want := range []string{"Originale, die vernichtet werden dürfen", "1 Schriftstück", "Ausweis", c.Number, "Geprüft von klein", "Gescannt von weber", "Vernichtet am, durch"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in the list: %s", want, said)
		}
	}

	// An objection takes it off the list again.
	must(t, weber.Check(ctx, list(record.CheckFree, 1)[0], record.DocumentChecked{Remark: "Rückseite fehlt"}))
	list(record.CheckFree, 0)
	list(record.CheckBlocked, 1)
}

func TestTheShareIsTheAdministrators(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	c := secondPerson(t, h, lib, "klein")
	if n, locked, err := c.Share(ctx); n != 5 || locked || err != nil {
		t.Errorf("%d %v %v", n, locked, err)
	}
	must(t, c.SetShare(ctx, "", 20))
	must(t, c.shelf.Change(ctx, "", func(b *profile.Book) error {
		var err error
		b.Lock, err = profile.NewLock("4711")
		return err
	}))
	if err := c.SetShare(ctx, "0815", 0); record.CodeOf(err) != record.CodeProfilePIN {
		t.Errorf("without the PIN: %v", err)
	}
	if n, locked, err := c.Share(ctx); n != 20 || !locked || err != nil {
		t.Errorf("%d %v %v", n, locked, err)
	}
	must(t, c.SetShare(ctx, "4711", 30))
	if n, _, _ := c.Share(ctx); n != 30 {
		t.Errorf("%d", n)
	}
	if err := c.SetShare(ctx, "4711", 101); record.CodeOf(err) != record.CodeCheckShare {
		t.Errorf("%v", err)
	}
}

func TestACaseAsAFolder(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	must(t, h.store.SetSetting(ctx, "ui.lang", "de"))
	c := filedScan(t, h, lib)
	r := secondPerson(t, h, lib, "klein").renditions
	dir := t.TempDir()
	for _, want := range []string{c.Number, c.Number + " (2)"} { // never into what is there
		at, err := r.WriteFolder(ctx, dir, c)
		must(t, err)
		if at != filepath.Join(dir, want) {
			t.Errorf("written to %q", at)
		}
		for _, name := range []string{"01 Ausweis.pdf", "01 Ausweis/1.jpg", "01 Ausweis/transfervermerk.json", "Inhalt.txt", "00 Bestätigung.pdf"} {
			if _, err := os.Stat(filepath.Join(at, name)); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := r.WriteFolder(ctx, filepath.Join(dir, "weg"), c); record.CodeOf(err) != record.CodeExportGone {
		t.Errorf("%v", err)
	}
	lines, err := h.store.Journal(ctx, c.ID)
	must(t, err)
	exported := 0
	for _, l := range lines {
		if l.Kind == record.KindEvent && l.Text == "exported" {
			exported++
		}
	}
	if exported != 2 {
		t.Errorf("%d exports are noted", exported)
	}

	// What a dialog has opened gets its content only when that is whole.
	path := filepath.Join(dir, "x.pdf")
	must(t, os.WriteFile(path, nil, 0o600))
	w, err := whole(fromDialog{path})
	must(t, err)
	_, err = w.Write([]byte("halb"))
	must(t, err)
	must(t, w.(interface{ Drop() error }).Drop())
	if all, err := os.ReadDir(dir); err != nil || len(all) != 2 {
		t.Errorf("%d left, %v", len(all), err)
	}
	must(t, os.WriteFile(path, nil, 0o600))
	w, err = whole(fromDialog{path})
	must(t, err)
	_, err = w.Write([]byte("ganz"))
	must(t, err)
	must(t, w.Close())
	if b, err := os.ReadFile(path); err != nil || string(b) != "ganz" {
		t.Errorf("%q %v", b, err)
	}
}

// fromDialog is what a dialog gives.
type fromDialog struct{ path string }

func (o fromDialog) Write(b []byte) (int, error) { return len(b), nil }
func (o fromDialog) Close() error                { return nil }
func (o fromDialog) URI() fyne.URI               { return storage.NewFileURI(o.path) }
