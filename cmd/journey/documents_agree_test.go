//go:build linux

package journey

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"schalter/data/blob"
	"schalter/data/record"
)

// marked reports whether somewhere on the screen words stand on the colour of what was searched for.
func (s *screen) marked() bool {
	s.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		img, n := s.shot(), 0
		for i := 0; i < len(img.Pix); i += 4 {
			if p := img.Pix[i : i+3]; p[0] > 220 && p[1] > 200 && p[2] < 190 && p[2] > 100 { // yellow, as a marker's
				n++
			}
		}
		if n > 300 {
			return true
		}
	}
	return false
}

// came holds that the tray has every page that the scanner sent, in the order they came and none twice, and
// returns how many. The window must be gone.
func (a *archive) came(sent int) int {
	a.t.Helper()
	s, blobs := a.opened(a.t, "platz-1")
	defer s.Close()
	stacks, err := s.Tray(a.t.Context())
	if err != nil || len(stacks) != 1 {
		a.t.Fatalf("%d stacks are in the tray, %v", len(stacks), err)
	}
	pages := stacks[0].Pages
	if n := len(pages); n < sent-1 || n > sent { // the last one may have been under way
		a.t.Errorf("the scanner sent %d pages before the power failed; %d are there", sent, n)
	}
	for i, p := range pages {
		got, err := blobs.ReadAll(p.Original.Blob.Hash, 1<<30)
		if err != nil {
			a.t.Fatal(err)
		}
		if want := a.sheet(i); !bytes.Equal(got, want) {
			a.t.Errorf("page %d is not the %d bytes that the scanner sent, but %d others", i+1, len(want), len(got))
		}
	}
	return len(pages)
}

// sheet is what the scanner sends of a sheet of the stack.
func (a *archive) sheet(i int) []byte {
	a.t.Helper()
	b, err := os.ReadFile(a.stack[i])
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// belongs are the sheets of the stack that belong to each document, by case.
var belongs = [][][]int{{{0, 1}, {2, 3}}, {{4, 5, 6, 7, 8, 9}}, {{10, 11}}}

// words stand on the pages of each case, and on no page of another.
var words = [][]string{{wordFirst, "Regenbogenbrücke"}, {"Fliederhecke", wordSeven, "Gartenlaube", "Dachrinne"}, {"Brillenetui"}}

// agrees holds that every case has its papers, from both scanners, with their words, and nothing of another.
func (a *archive) agrees() {
	t := a.t
	t.Helper()
	s, blobs := a.opened(t, "platz-1")
	defer s.Close()
	for i, f := range a.files {
		c, err := s.Case(t.Context(), f.id)
		if err != nil {
			t.Fatal(err)
		}
		if want := 2 * len(belongs[i]); len(c.Documents) != want {
			t.Errorf("%s has %d papers, want %d", f.number, len(c.Documents), want)
		}
		for j, d := range c.Documents {
			a.holdsPaper(blobs, f.number, d, belongs[i][j%len(belongs[i])], j >= len(belongs[i]))
		}
		a.holdsWords(blobs, f.number, c.Documents, i)
	}
	a.ordered(s.Drafts(t.Context()))
	if all, err := s.Register(t.Context(), time.Time{}, time.Now().Add(time.Hour)); err != nil || len(all) != 1 || all[0].CaseNumber != a.files[1].number {
		t.Errorf("the register of certified copies: %+v, %v", all, err)
	}
	a.sealed("platz-1", wordFirst, wordSeven, "Großmann", "Demir")
}

// holdsPaper holds that a document is made of these sheets. What the network's scanner sent is kept byte for byte; the
// system's makes a picture of its own of every page.
func (a *archive) holdsPaper(blobs *blob.Store, number string, d record.Document, sheets []int, exactly bool) {
	t := a.t
	t.Helper()
	if len(d.Originals) != len(sheets) || len(d.Sheets) != len(sheets) {
		t.Fatalf("%s, %s: %d originals and %d sheets of %d", number, d.Title, len(d.Originals), len(d.Sheets), len(sheets))
	}
	for i, n := range sheets {
		if got, err := blobs.ReadAll(d.Originals[i].Blob.Hash, 1<<30); err != nil || exactly && !bytes.Equal(got, a.sheet(n)) {
			t.Errorf("%s, %s: sheet %d is not what the scanner sent (%v)", number, d.Title, i+1, err)
		}
		if d.Sheets[i].Out != (i == 0) { // the cover sheet or the separator is kept and not shown
			t.Errorf("%s, %s: sheet %d is out: %v", number, d.Title, i+1, d.Sheets[i].Out)
		}
		if d.Sheets[i].Blank != (n == 7) {
			t.Errorf("%s, %s: sheet %d is empty: %v", number, d.Title, i+1, d.Sheets[i].Blank)
		}
	}
	if d.Transfer == nil || d.Transfer.Pages != len(sheets) || len(d.Transfer.Sig) == 0 {
		t.Errorf("%s, %s: the transfer note is %+v", number, d.Title, d.Transfer)
	}
}

// holdsWords holds that the words of a case's pages were recognized in its papers and those of others were not.
func (a *archive) holdsWords(blobs *blob.Store, number string, documents []record.Document, of int) {
	t := a.t
	t.Helper()
	var all strings.Builder
	for _, d := range documents {
		b, err := blobs.ReadAll(d.Text.Hash, 1<<26)
		if err != nil {
			t.Fatalf("%s, %s: no words: %v", number, d.Title, err)
		}
		var pages []string
		if err := json.Unmarshal(b, &pages); err != nil || len(pages) != d.Pages {
			t.Errorf("%s, %s: words of %d pages, %v", number, d.Title, len(pages), err)
		}
		all.WriteString(strings.Join(pages, "\n"))
	}
	for i, list := range words {
		for _, word := range list {
			if n := strings.Count(all.String(), word); (n > 0) != (i == of) {
				t.Errorf("%s says %q %d times", number, word, n)
			}
		}
	}
}

// ordered holds that the draft has its sheets as they were put in order.
func (a *archive) ordered(drafts []record.Draft, err error) {
	a.t.Helper()
	i := slices.IndexFunc(drafts, func(d record.Draft) bool { return len(d.Documents) == 1 })
	if err != nil || i < 0 {
		a.t.Fatalf("%d drafts, %v", len(drafts), err)
	}
	d := drafts[i].Documents[0]
	var turns []int
	var out []bool
	for _, s := range d.Sheets {
		turns, out = append(turns, s.Turns), append(out, s.Out)
	}
	if !slices.Equal(turns, []int{0, 0, 2}) || !slices.Equal(out, []bool{false, true, false}) || len(d.Originals) != 3 || d.Pages != 2 {
		a.t.Errorf("the loose sheets were put in order so: %+v (%d pages)", d.Sheets, d.Pages)
	}
}
