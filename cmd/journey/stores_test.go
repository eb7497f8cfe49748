//go:build linux

package journey

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/blob"
	"schalter/data/record"
	"schalter/data/store"
	"schalter/data/vault"
)

// stored is how many bytes of files a desk keeps.
func (w *town) stored(name string) int64 {
	w.t.Helper()
	var sum int64
	err := filepath.WalkDir(filepath.Join(w.data(name), "blobs"), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		i, err := e.Info()
		if err == nil {
			sum += i.Size()
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return sum
}

// opened is a desk's data, opened after its window is gone.
func (w *town) opened(t *testing.T, name string) (*store.Store, *blob.Store) {
	t.Helper()
	v, err := vault.Open(w.data(name))
	if err != nil {
		t.Fatal(err)
	}
	k, err := v.Unlock(v.Users()[0], w.passphrase)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), w.data(name), store.Options{Key: k.Subkey("pages"), ID: k.StoreID(), Clock: record.SystemClock})
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.Open(filepath.Join(w.data(name), "blobs"), k.Subkey("blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s, b
}

// same holds that two desks have the same case, answers and every file byte for byte, and that nothing of
// it lies on a disk in the clear.
func (w *town) same(a, b, number string) {
	t := w.t
	t.Helper()
	sa, ba := w.opened(t, a)
	defer sa.Close()
	sb, bb := w.opened(t, b)
	defer sb.Close()
	one, two := only(t, sa, number), only(t, sb, number)
	if d := cmp.Diff(one, two); d != "" {
		t.Errorf("the desks do not agree on the case:\n%s", d)
	}
	got := map[string]int{}
	for _, d := range one.Documents {
		got[d.Proof+" "+string(d.Source)] = 100*d.Pages + len(d.Originals)
	}
	if d := cmp.Diff(map[string]int{"schutzvertrag scan": 202, "haftpflicht scan": 101, "befreiung import": 201}, got); d != "" {
		t.Errorf("papers in their slots (pages and originals):\n%s", d)
	}
	files := 0
	for _, d := range one.Documents {
		files += sameFiles(t, d, ba, bb)
	}
	t.Logf("%d files are the same byte for byte", files)
	for _, name := range []string{a, b} {
		w.sealed(name, "Yıldız", "276098104123344", "Zwetschgenkuchen", "DE89370400440532013000")
	}
}

// sameFiles holds that two desks keep a document byte for byte, and counts its files.
func sameFiles(t *testing.T, d record.Document, a, b *blob.Store) int {
	t.Helper()
	for _, ref := range d.Blobs() {
		x, err := a.ReadAll(ref.Hash, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.ReadAll(ref.Hash, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) || int64(len(x)) != ref.Size {
			t.Errorf("%s differs between the desks", ref.Hash)
		}
	}
	return len(d.Blobs())
}

func only(t *testing.T, s *store.Store, number string) record.Case {
	t.Helper()
	rows, n, err := s.Cases(t.Context(), record.ViewOffice, "", 0, 10)
	if err != nil || n != 1 || rows[0].Number != number {
		t.Fatalf("cases: %v (%d), %v", rows, n, err)
	}
	if rows[0].Delivery != record.DeliveryCentre {
		t.Errorf("delivery is %s", rows[0].Delivery)
	}
	c, err := s.Case(t.Context(), rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sealed searches every byte of a desk's folder for words that were typed or scanned.
func (w *town) sealed(name string, words ...string) {
	w.t.Helper()
	err := filepath.WalkDir(w.data(name), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, word := range words {
			if bytes.Contains(b, []byte(word)) {
				w.t.Errorf("%s holds %q in the clear", path, word)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
