package preview

import (
	"math"
	"testing"

	"schalter/data/record"
)

// TestGrayIsThePictureWithoutItsColours compares both ways of drawing, turned and not.
func TestGrayIsThePictureWithoutItsColours(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, data := range map[string][]byte{"text": pages("Antrag"), "red": annotated(true), "photo": asJPEG(t, halves(300, 200))} {
		d := open(t, r, data, "")
		for turns := range 2 {
			want := draw(t, d, 0, 60, turns)
			got, err := d.Gray(t.Context(), 0, 60, turns)
			if err != nil || got.Rect != want.Rect || len(got.Pix) != got.Rect.Dx()*got.Rect.Dy() {
				t.Fatalf("%s: %v, %v instead of %v", name, err, got.Rect, want.Rect)
			}
			for y := range got.Rect.Dy() {
				for x := range got.Rect.Dx() {
					c := want.RGBAAt(x, y)
					if bright := 0.3*float64(c.R) + 0.59*float64(c.G) + 0.11*float64(c.B); math.Abs(bright-float64(got.GrayAt(x, y).Y)) > 60 { // the library weighs them by how bright they look
						t.Fatalf("%s at %d, %d: %d instead of %.0f", name, x, y, got.GrayAt(x, y).Y, bright)
					}
				}
			}
		}
		if _, err := d.Gray(t.Context(), 1, 60, 0); record.CodeOf(err) != record.CodePDFNoPage {
			t.Errorf("%s: a page that is not there: %v", name, err)
		}
		if _, err := d.Gray(t.Context(), 0, 9000, 0); record.CodeOf(err) != record.CodePDFTooLarge {
			t.Errorf("%s: too large: %v", name, err)
		}
	}
}

// TestFilesThatAreOpenMakeRoom draws a page that does not fit beside the files opened before.
func TestFilesThatAreOpenMakeRoom(t *testing.T) {
	r := newRenderer(t, Options{Memory: 64 << 20})
	var kept []*Document
	for range 3 { // each holds about what it weighs
		d := open(t, r, append(pages("voll"), make([]byte, 14<<20)...), "")
		kept = append(kept, d)
		draw(t, d, 0, 30, 0)
	}
	img := draw(t, open(t, r, pages("gross"), ""), 0, 380, 0) // 57 MB
	if img.Rect.Dx() < 3000 {
		t.Errorf("%v", img.Rect)
	}
	for _, d := range kept {
		draw(t, d, 0, 31, 0)
	}
}
