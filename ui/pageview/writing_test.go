package pageview

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/ui/look"
)

// inked is the box around what is not empty.
func inked(m image.Image) image.Rectangle {
	var r image.Rectangle
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if _, _, _, a := m.At(x, y).RGBA(); a > 0x4000 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// TestMarksTurnWithThePaper turns the view: the text of a stamp goes with the page, like ink on it.
func TestMarksTurnWithThePaper(t *testing.T) {
	v, q, _ := shown(t, &paper{pages: 1})
	v.SetMarks([]record.Mark{
		{ID: "a", Kind: record.MarkStamp, Boxes: []record.Box{{X0: 0.1, Y0: 0.1, X1: 0.5, Y1: 0.16}, {X0: 0.1, Y0: 0.2, X1: 0.5, Y1: 0.26}}, Text: "Eingegangen am 23.11.2026"},
		{ID: "b", Kind: record.MarkNote, Boxes: []record.Box{{X0: 0.6, Y0: 0.6, X1: 0.9, Y1: 0.75}}, Text: "Rückfrage wegen der Anschrift, bitte bis Montag"},
	})
	q.settle()
	for turns := range 4 {
		texts, pictures := 0, 0
		for _, o := range v.area.leaves[0].over.Objects {
			switch o := o.(type) {
			case *canvas.Text:
				texts++
			case *canvas.Image:
				pictures++
				box := inked(o.Image)
				if wide := o.Size().Width > o.Size().Height; box.Empty() || (turns == 2) != wide || (box.Dx() > box.Dy()) != wide {
					t.Errorf("%d turns: text of %v in %v", turns, box, o.Size())
				}
			}
		}
		if turns == 0 && (texts < 2 || pictures > 0) || turns > 0 && (texts > 0 || pictures != 2) {
			t.Errorf("%d turns: %d texts, %d pictures", turns, texts, pictures)
		}
		v.Rotate()
		q.settle()
	}
}

// TestTextStaysInItsBox sets any text into any box, at any size of the page.
func TestTextStaysInItsBox(t *testing.T) {
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[A-Za-zäöüß]{1,9}\n?`), 0, 30).Draw(t, "words")
		box := fyne.NewSize(rapid.Float32Range(1, 500).Draw(t, "w"), rapid.Float32Range(1, 300).Draw(t, "h"))
		k := rapid.Float32Range(0.1, 5).Draw(t, "k")
		w := write(strings.Join(words, " "), box, k, rapid.Bool().Draw(t, "bold"), stampInk, rapid.Bool().Draw(t, "middle"))
		if w.size > writingLargest*k*1.001 || w.size < writingLeast*k*0.999 || len(w.rows) == 0 {
			t.Fatalf("%v units for %v units a point, %d rows", w.size, k, len(w.rows))
		}
		if len(w.rows) > 1 && float32(len(w.rows))*w.leading > box.Height+1 {
			t.Fatalf("%d rows of %v in %v", len(w.rows), w.leading, box)
		}
		turns := rapid.IntRange(0, 3).Draw(t, "turns")
		m := w.turned(box, 1, turns)
		if wide := m.Bounds().Dx(); turns%2 == 0 && wide > int(box.Width)+1 || turns%2 == 1 && wide > int(box.Height)+1 {
			t.Fatalf("%v for %v at %d turns", m.Bounds(), box, turns)
		}
	})
}
