package rendition_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/rendition"
)

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		out = append(out, e.Name())
	}
	return out
}

func put(t *testing.T, f *rendition.Folder, name, text string) error {
	t.Helper()
	w, err := f.Sink(name)
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(text))
	if e := w.Close(); err == nil {
		err = e
	}
	return err
}

// What is there is never written into, and what is not whole is called so.
func TestAFolderGetsItsNameWhenItIsWhole(t *testing.T) {
	dir := t.TempDir()
	for _, there := range []string{"Fall", "Fall (2).part"} { // an export, and one that the power cut off
		if err := os.MkdirAll(filepath.Join(dir, there), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	f, err := rendition.NewFolder(dir, "Fall")
	if err != nil {
		t.Fatal(err)
	}
	if err := put(t, f, "innen/a.txt", "a"); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"Fall", "Fall (2).part", "Fall (3).part"}) {
		t.Errorf("while it is written: %q", got)
	}
	if put(t, f, "innen/a.txt", "b") == nil || put(t, f, "../b.txt", "b") == nil {
		t.Error("a file was written twice, or outside")
	}
	if _, err := f.Keep(); err == nil {
		t.Error("what could not be written whole was kept")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"Fall", "Fall (2).part"}) {
		t.Errorf("after trouble: %q", got)
	}

	first, err := rendition.NewFolder(dir, "Akte")
	if err != nil {
		t.Fatal(err)
	}
	second, err := rendition.NewFolder(dir, "Akte") // two at once
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*rendition.Folder{first, second} {
		if err := put(t, f, "a.txt", "a"); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "Akte"), 0o700); err != nil { // somebody else was faster
		t.Fatal(err)
	}
	for i, f := range []*rendition.Folder{second, first} {
		want := filepath.Join(dir, []string{"Akte (2)", "Akte (3)"}[i])
		if at, err := f.Keep(); err != nil || at != want {
			t.Errorf("kept as %q, %v", at, err)
		}
		if b, err := os.ReadFile(filepath.Join(want, "a.txt")); err != nil || string(b) != "a" {
			t.Errorf("%q %v", b, err)
		}
	}
	dropped, err := rendition.NewFolder(dir, "CON")
	if err != nil {
		t.Fatal(err)
	}
	if err := put(t, dropped, "a.txt", "a"); err != nil {
		t.Fatal(err)
	}
	if err := dropped.Drop(); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"Akte", "Akte (2)", "Akte (3)", "Fall", "Fall (2).part"}) {
		t.Errorf("%q", got)
	}
	if _, err := rendition.NewFolder(filepath.Join(dir, "weg"), "x"); record.CodeOf(err) != record.CodeExportGone {
		t.Errorf("below nothing: %v", err)
	}
}

// Until a file is whole, what was there before stays.
func TestAFileGetsItsNameWhenItIsWhole(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "Fall.pdf")
	if err := os.WriteFile(at, []byte("alt"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func() string {
		b, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	f, err := rendition.NewFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("halb")); err != nil || read() != "alt" {
		t.Errorf("%q, %v", read(), err)
	}
	if err := f.Drop(); err != nil || f.Close() != nil || read() != "alt" || len(names(t, dir)) != 1 {
		t.Errorf("%v %q", err, names(t, dir))
	}
	if f, err = rendition.NewFile(at); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("neu")); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil || f.Drop() != nil || read() != "neu" || len(names(t, dir)) != 1 {
		t.Errorf("%v %q %q", err, read(), names(t, dir))
	}
}

// A case that cannot be written whole leaves nothing behind, and the trouble is said as it is.
func TestAnExportThatBreaksOff(t *testing.T) {
	s := shelf{}
	w := whole(t, s)
	delete(s, w.Case.Documents[1].Shown.Hash)
	dir := t.TempDir()
	f, err := rendition.NewFolder(dir, "Fall")
	if err != nil {
		t.Fatal(err)
	}
	err = press(s).Folder(t.Context(), f.Sink, w)
	if record.CodeOf(err) != record.CodeBlobMissing {
		t.Errorf("%v", err)
	}
	if err := f.Drop(); err != nil || len(names(t, dir)) != 0 {
		t.Errorf("%v %q", err, names(t, dir))
	}
	if strings.Contains(strings.Join(names(t, dir), ""), "part") {
		t.Error("a half export is left")
	}
}
