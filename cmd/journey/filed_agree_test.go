//go:build linux

package journey

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/data/transfer"
)

// cameAs holds that the tray has every page that the scanner sent for the case, in the order they came and none
// twice, and returns how many. The window must be gone.
func (a *archive) cameAs(pages []string, sent int) int {
	a.t.Helper()
	s, blobs := a.opened(a.t, "platz-1")
	defer s.Close()
	stacks, err := s.Tray(a.t.Context())
	if err != nil || len(stacks) != 1 {
		a.t.Fatalf("%d stacks are in the tray, %v", len(stacks), err)
	}
	if g := stacks[0].Goes; g == nil || g.Number != a.lateFile().number {
		a.t.Errorf("what was scanned for %s goes to %+v", a.lateFile().number, g)
	}
	came := stacks[0].Pages
	if n := len(came); n < sent-1 || n > sent { // the last one may have been under way
		a.t.Errorf("the scanner sent %d pages before the power failed; %d are there", sent, n)
	}
	for i, p := range came {
		got, err := blobs.ReadAll(p.Original.Blob.Hash, 1<<30)
		if err != nil {
			a.t.Fatal(err)
		}
		if want := a.bytes(pages[i]); !bytes.Equal(got, want) {
			a.t.Errorf("page %d is not the %d bytes that the scanner sent, but %d others", i+1, len(want), len(got))
		}
	}
	return len(came)
}

func (a *archive) bytes(file string) []byte {
	a.t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// agreesLate holds what the second desk has of the case: the bytes that were scanned, the pages as they were put in
// order with their words and the mark, and what the second person found.
func (a *archive) agreesLate(late []string) {
	t := a.t
	t.Helper()
	s, blobs := a.opened(t, "platz-2")
	defer s.Close()
	c, err := s.Case(t.Context(), a.lateFile().id)
	if err != nil || len(c.Documents) != 3 {
		t.Fatalf("the case has %d papers, want 3: %v", len(c.Documents), err)
	}
	n := 0
	for _, d := range c.Documents {
		for _, o := range d.Originals {
			if got, err := blobs.ReadAll(o.Blob.Hash, 1<<30); err != nil || !bytes.Equal(got, a.bytes(late[n])) {
				t.Errorf("%s: %s is not what the scanner sent (%v)", d.Title, o.Name, err)
			}
			n++
		}
	}
	first, second := c.Documents[0], c.Documents[1]
	var lies [][2]int
	for _, s := range first.AllSheets() {
		lies = append(lies, [2]int{s.Original, s.Turns})
	}
	if first.Proof != "fahrzeugschein" || !slices.Equal(lies, [][2]int{{1, 2}, {0, 1}}) || len(first.Versions) < 2 {
		t.Errorf("%s (%s) lies so: %v, after %d versions", first.Title, first.Proof, lies, len(first.Versions))
	}
	if m := first.Marks; len(m) != 1 || m[0].Kind != record.MarkHighlight || m[0].Page != 1 {
		t.Errorf("the mark of the first page, which is the second now: %+v", m)
	}
	var text []string
	if b, err := blobs.ReadAll(first.Text.Hash, 1<<26); err != nil || json.Unmarshal(b, &text) != nil || len(text) != 2 || !strings.Contains(text[0], wordTurned) {
		t.Errorf("the words of the page that was put first: %q, %v", text, err)
	}
	if need := transfer.ToDestroy(first); need != transfer.NeedNothing {
		t.Errorf("the paper of the scan that was passed: %s", need)
	}
	if o := transfer.Objections(second); len(o) != 1 || o[0].User != "S. Braun" || !slices.Equal(o[0].Points, []record.Point{record.PointLegible}) {
		t.Errorf("objections: %+v", o)
	}
	a.sealed("platz-2", wordTurned, wordOther, "Großmann")
}

// exported has the case written as a folder and holds that everything scanned is in it byte for byte, that every PDF
// is sound, and that the index tells the truth.
func (a *archive) exported(win *window, late []string) {
	t := a.t
	t.Helper()
	win.look(a.lateFile().number, a.lateFile().given)
	win.press("ctrl+shift+x")
	win.see("Vorgang ausgeben", "Ein Ordner")
	a.keep(a.step(), "ausgeben")
	win.press("2")
	win.settle()
	a.keep(a.step(), "wohin")
	win.press("shift+Tab", "space") // the folder that is offered: the clerk's own
	win.see("ist ausgegeben")
	a.keep(a.step(), "ausgegeben")
	files := a.folder(filepath.Join(a.dir, a.lateFile().number))
	for _, page := range late[:3] {
		if sum := sha256.Sum256(a.bytes(page)); files[hex.EncodeToString(sum[:])] == "" {
			t.Errorf("%s was scanned and is not in the folder", filepath.Base(page))
		}
	}
}

// folder reads what was written, by hash, and holds that PDFs are sound and that the index names every file.
func (a *archive) folder(dir string) map[string]string {
	t := a.t
	t.Helper()
	files, index := map[string]string{}, ""
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b := a.bytes(path)
		sum := sha256.Sum256(b)
		switch filepath.Ext(path) {
		case ".txt":
			index = string(b)
			return nil
		case ".pdf":
			if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", filepath.Base(path), err, out)
			}
		}
		files[hex.EncodeToString(sum[:])] = path
		return nil
	})
	if err != nil || len(files) == 0 || index == "" {
		t.Fatalf("%d files and an index of %d bytes: %v", len(files), len(index), err)
	}
	for sum, path := range files {
		if !strings.Contains(index, sum) {
			t.Errorf("the index does not name %s", filepath.Base(path))
		}
	}
	return files
}
