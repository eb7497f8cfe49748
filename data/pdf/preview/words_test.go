package preview

import (
	"context"
	"encoding/binary"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schalter/data/page"
)

func wordsIn(t testing.TB, d *Document, number int) []page.Word {
	t.Helper()
	words, err := d.Words(context.Background(), number)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// pixelsOf is where a word stands in a picture of 144 dpi.
func pixelsOf(w page.Word) image.Rectangle {
	return image.Rect(int(w.X0*2)-1, int(w.Y0*2)-1, int(w.X1*2)+2, int(w.Y1*2)+2)
}

func joined(words []page.Word) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}

func TestWordsStandWhereTheirInkIs(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, pages("Gr\\374\\337e  aus Musterstadt", "zweite"), "")
	words := wordsIn(t, d, 0)
	if joined(words) != "Grüße aus Musterstadt" {
		t.Fatalf("%q", joined(words))
	}
	img := draw(t, d, 0, 144, 0)
	covered := 0
	for i, w := range words {
		if i > 0 && w.X0 < words[i-1].X1 || w.Line != words[0].Line {
			t.Errorf("%+v is not behind %+v", w, words[max(i-1, 0)])
		}
		n := ink(img, pixelsOf(w))
		if n < 100 {
			t.Errorf("%+v: ink %d", w, n)
		}
		covered += n
	}
	if all := ink(img, img.Rect); covered < all*99/100 {
		t.Errorf("the words cover %d of %d ink", covered, all)
	}
}

func TestInvisibleTextCountsAndAnswersFormFieldsToo(t *testing.T) {
	r := newRenderer(t, Options{})
	hidden := open(t, r, pages("unsichtbar) Tj 3 Tr 0 -100 Td (Erkannt"), "")
	words := wordsIn(t, hidden, 0)
	if joined(words) != "unsichtbar Erkannt" || words[0].Line == words[1].Line || words[1].Y0 < words[0].Y1 {
		t.Errorf("%+v", words)
	}
	if words := wordsIn(t, open(t, r, filled("Erika Mustermann", true), ""), 0); !strings.Contains(joined(words), "Erika Mustermann") {
		t.Errorf("%q", joined(words))
	}
	if words := wordsIn(t, open(t, r, asPNG(t, halves(40, 30)), ""), 0); len(words) != 0 {
		t.Errorf("%+v on a picture", words)
	}
}

func TestWordsOfATurnedPageAreWhereTheyAreSeen(t *testing.T) {
	r := newRenderer(t, Options{})
	turned := strings.Replace(string(pages("oben links")), "/MediaBox [0 0 595 842]", "/Rotate 90 /MediaBox [0 0 595 842]", 1)
	d := open(t, r, []byte(turned), "")
	img := draw(t, d, 0, 144, 0)
	for _, w := range wordsIn(t, d, 0) {
		if n := ink(img, pixelsOf(w)); n < 100 {
			t.Errorf("%+v: ink %d", w, n)
		}
	}
}

func TestWordsOfFixtures(t *testing.T) {
	dir := fixtures(t)
	r := newRenderer(t, Options{})
	for name, want := range map[string]string{
		"normal__tracemonkey.pdf":       "Trace-based Just-in-Time Type Specialization for Dynamic",
		"form__prefilled_f1040.pdf":     "Individual Income Tax Return",
		"gen__pdfa2b-g4.pdf":            "",
		"gen__mediabox-offset.pdf":      "",
		"normal__rotated.pdf":           "",
		"annot__highlights.pdf":         "Trace-based",
		"gen__5000-pages.pdf":           "",
		"gen__mediabox-inverted.pdf":    "",
		"encrypted__bug1782186.pdf":     "",
		"normal__standard_fonts.pdf":    "",
		"heavy__issue1905.pdf":          "",
		"scan__bitmap-mmr.pdf":          "",
		"normal__french_diacritics.pdf": "",
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		d := open(t, r, data, map[string]string{"encrypted__bug1782186.pdf": "Hello"}[name])
		words := wordsIn(t, d, 0)
		if !strings.Contains(joined(words), want) {
			t.Errorf("%s: no %q in %.300q", name, want, joined(words))
		}
		w, h, err := d.Size(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		out := 0
		for _, x := range words {
			if x.X0 < -2 || x.Y0 < -2 || x.X1 > w+2 || x.Y1 > h+2 {
				out++
			}
		}
		t.Logf("%-32s %4d words, %d beside the page", name, len(words), out)
	}
}

func TestWordsFromATakenOverHelper(t *testing.T) {
	word := func(h wordHead, text string) []byte {
		b, err := binary.Append(nil, binary.LittleEndian, h)
		if err != nil {
			t.Fatal(err)
		}
		return append(b, text...)
	}
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		body []byte
		want []string
		bad  bool
	}{
		"none":      {},
		"two":       {slices.Concat(word(wordHead{Line: 1, Len: 1}, "a"), word(wordHead{Line: 1, Len: 2}, "bc")), []string{"a", "bc"}, false},
		"cut head":  {word(wordHead{Len: 1}, "a")[:20], nil, true},
		"cut text":  {word(wordHead{Len: 2}, "a"), nil, true},
		"empty":     {word(wordHead{}, ""), nil, true},
		"too long":  {word(wordHead{Len: 1 << 31}, "a"), nil, true},
		"backwards": {slices.Concat(word(wordHead{Line: 2, Len: 1}, "a"), word(wordHead{Line: 1, Len: 1}, "b")), nil, true},
		"nowhere":   {slices.Concat(word(wordHead{Box: [4]float32{nan}, Len: 1}, "a"), word(wordHead{Box: [4]float32{5, 0, 4, 1}, Len: 1}, "b")), nil, false},
		"no UTF-8":  {word(wordHead{Len: 1}, "\xff"), []string{"\uFFFD"}, false},
	} {
		words, err := wordsOf(c.body)
		if (err != nil) != c.bad || joined(words) != strings.Join(c.want, " ") {
			t.Errorf("%s: %+v, %v", name, words, err)
		}
	}
}

func FuzzWords(f *testing.F) {
	b, _ := binary.Append(nil, binary.LittleEndian, wordHead{Box: [4]float32{1, 2, 3, 4}, Line: 1, Len: 2})
	f.Add(append(b, "ab"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		words, err := wordsOf(data)
		line := 0
		for _, w := range words {
			if err != nil || w.Text == "" || w.Line < line || !(w.X0 <= w.X1) || !(w.Y0 <= w.Y1) {
				t.Errorf("%+v, %v", w, err)
			}
			line = w.Line
		}
	})
}
