package preview

import (
	"bytes"
	"math"
	"testing"
	"time"

	"schalter/data/page"
	paper "schalter/data/pdf"
)

// TestWordsOfOurOwnScans reads back what the writer lays invisibly over a scan: each word where it was
// recognized, whichever way the page is turned.
func TestWordsOfOurOwnScans(t *testing.T) {
	const dpi = 200
	said := []page.Word{
		{Text: "Hundesteuer", X0: 100, Y0: 100, X1: 380, Y1: 130, Line: 0},
		{Text: "fällig", X0: 400, Y0: 100, X1: 520, Y1: 130, Line: 0},
		{Text: "Straße", X0: 100, Y0: 600, X1: 260, Y1: 632, Line: 1},
	}
	for turns := range 4 {
		var b bytes.Buffer
		w := paper.New(&b, paper.Meta{Title: "Probe", Lang: "de-DE", Created: time.Unix(0, 0).UTC()})
		text := page.Text{Words: said, Width: 1000, Height: 1400}
		if err := w.AddPage(paper.Page{Image: asJPEG(t, halves(1000, 1400)), MediaType: "image/jpeg", DPI: dpi, Turns: turns, Text: text}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := newRenderer(t, Options{})
		d := open(t, r, b.Bytes(), "")
		got := wordsIn(t, d, 0)
		if len(got) != len(said) {
			t.Fatalf("%d turns: %+v", turns, got)
		}
		for i, w := range got {
			want := turnedWord(said[i], turns, 1000, 1400, 72.0/dpi)
			for _, off := range []float64{w.X0 - want.X0, w.X1 - want.X1, w.Y0 - want.Y0, w.Y1 - want.Y1} {
				if w.Text != want.Text || math.Abs(off) > 4 {
					t.Errorf("%d turns: %+v instead of %+v", turns, w, want)
					break
				}
			}
		}
	}
}

// turnedWord is where a word of a picture stands on the page in points.
func turnedWord(w page.Word, turns int, width, height, scale float64) page.Word {
	for range turns {
		w.X0, w.Y0, w.X1, w.Y1 = height-w.Y1, w.X0, height-w.Y0, w.X1
		width, height = height, width
	}
	w.X0, w.Y0, w.X1, w.Y1 = w.X0*scale, w.Y0*scale, w.X1*scale, w.Y1*scale
	return w
}
