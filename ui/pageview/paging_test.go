package pageview

import (
	"context"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/record"
)

func TestAToolIsUsedByKeyboard(t *testing.T) {
	v, q, w := readable(t, &paper{pages: 3})
	var boxes []record.Box
	var tools []record.MarkKind
	v.OnPlace = func(_ int, b record.Box) { boxes = append(boxes, b) }
	v.OnTool = func(k record.MarkKind) { tools = append(tools, k) }
	shift := fyne.KeyModifier(0)
	v.area.held = func() fyne.KeyModifier { return shift }
	w.Canvas().Unfocus()
	v.SetTool(record.MarkStamp)
	if w.Canvas().Focused() != fyne.Focusable(v.area) {
		t.Fatal("the paper does not have the keys")
	}
	key := func(k fyne.KeyName) {
		v.area.TypedKey(&fyne.KeyEvent{Name: k})
		q.settle()
	}
	key(fyne.KeyReturn) // lays it
	first := v.m.band.box
	key(fyne.KeyRight)
	key(fyne.KeyDown)
	shift = fyne.KeyModifierShift
	key(fyne.KeyRight)
	shift = 0
	key(fyne.KeyReturn)
	if len(boxes) != 1 {
		t.Fatalf("placed %v", boxes)
	}
	b := boxes[0]
	for _, d := range []float64{b.X0 - first.X0 - bandStep, b.Y0 - first.Y0 - bandStep, b.X1 - first.X1 - 2*bandStep, b.Y1 - first.Y1 - bandStep} {
		if math.Abs(d) > 1e-9 {
			t.Errorf("%v became %v", first, b)
		}
	}
	key(fyne.KeyReturn)
	key(fyne.KeyEscape)
	if v.Tool() == "" || v.m.band.on {
		t.Error("the first Esc lets go of the box")
	}
	key(fyne.KeyEscape)
	if v.Tool() != "" || !slices.Equal(tools, []record.MarkKind{record.MarkStamp, ""}) {
		t.Errorf("tool %q, told %v", v.Tool(), tools)
	}
}

func TestMarksAreDrawnChosenAndOpened(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 5, lines: threePages})
	var opened []record.ID
	v.OnMark = func(id record.ID) { opened = append(opened, id) }
	v.SetMarks([]record.Mark{
		{ID: "a", Kind: record.MarkStamp, Page: 0, Boxes: []record.Box{{X0: 0.5, Y0: 0.1, X1: 0.8, Y1: 0.2}}, Text: "Eingegangen am\n23.11.2026"},
		{ID: "b", Kind: record.MarkBlack, Page: 3, Boxes: []record.Box{{X0: 0.1, Y0: 0.5, X1: 0.8, Y1: 0.6}}},
		{ID: "c", Kind: record.MarkNote, Page: 0, Boxes: []record.Box{{X0: 0.5, Y0: 0.15, X1: 0.8, Y1: 0.2}}, Text: "Bitte prüfen"},
	})
	if n := len(v.area.leaves[0].patches); n != 2 {
		t.Errorf("%d patches", n)
	}
	at, size := v.area.frame(0)
	for y, want := range map[float32]record.ID{0.12: "a", 0.18: "c"} {
		p := at.AddXY(size.Width*0.6, size.Height*y)
		v.area.MouseDown(mouse(p, 0))
		v.area.MouseUp(mouse(p, 0))
		if len(opened) == 0 || opened[len(opened)-1] != want {
			t.Errorf("opened %v", opened)
		}
	}
	v.m.chosen, opened = -1, nil
	for range 2 {
		v.area.TypedRune('m')
		q.settle()
	}
	if page, _ := v.Page(); page != 4 {
		t.Errorf("page %d", page)
	}
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !slices.Equal(opened, []record.ID{"b"}) {
		t.Errorf("opened %v", opened)
	}
	v.Show((&paper{pages: 1}).open)
	q.settle()
	if len(v.m.marks) != 0 {
		t.Error("the marks of another paper stay")
	}
}

func TestThumbnailsAreDrawnWhereTheyAreSeen(t *testing.T) {
	p := &paper{pages: 1000}
	v, q, _ := readable(t, p)
	if len(p.small) != 0 {
		t.Error("thumbnails without a strip")
	}
	v.ShowThumbs(true)
	q.settle()
	if n := len(p.small); n < 3 || n > 8 || !v.Thumbs() {
		t.Errorf("drew the thumbnails %v", p.small)
	}
	v.Go(700)
	q.settle()
	if v.thumbs.list.Selected() != 699 || v.m.pics.small[699] == nil || len(p.small) > 16 {
		t.Errorf("selected %d, drew %v", v.thumbs.list.Selected(), p.small)
	}
	v.thumbs.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	q.settle()
	if page, _ := v.Page(); page != 701 {
		t.Errorf("page %d", page)
	}
	for page := 0; page < 1000; page += 3 {
		v.Go(page + 1)
		q.settle()
	}
	if n := len(v.m.pics.small); n > keepSmall || n < keepSmall/2 || n != len(v.m.pics.age) {
		t.Errorf("%d thumbnails kept", n)
	}
	v.ShowThumbs(false)
	p.small = nil
	v.Go(500)
	q.settle()
	if len(p.small) != 0 {
		t.Error("thumbnails without a strip")
	}
}

func TestManyPagesNeedFewObjects(t *testing.T) {
	sizes := map[int][2]float64{}
	for page := range 5000 {
		sizes[page] = [2]float64{595, 600 + float64(page%7)*80}
	}
	p := &paper{pages: 5000, sizes: sizes}
	v, q, _ := shown(t, p)
	if len(p.rendered) > 3 {
		t.Errorf("drew %v at once", p.rendered)
	}
	for range 400 {
		v.Down()
		q.settle()
		for page := range v.area.leaves {
			if l := v.area.leaves[page]; l.image.Image == nil && l.err == nil {
				t.Fatalf("page %d is white", page)
			}
		}
	}
	if page, _ := v.Page(); page < 200 {
		t.Errorf("only at page %d", page)
	}
	if n := len(v.area.paper.Objects); n > 6 {
		t.Errorf("%d leaves", n)
	}
	if n := len(v.m.pics.large); n > 7 {
		t.Errorf("%d pictures", n)
	}
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	q.settle()
	if page, of := v.Page(); page != of || v.m.y != v.m.bottom() {
		t.Errorf("page %d, %v of %v", page, v.m.y, v.m.bottom())
	}
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	q.settle()
	if page, _ := v.Page(); page != 1 || v.m.y != 0 {
		t.Errorf("page %d at %v", page, v.m.y)
	}
}

func TestTheNextPageIsThereBeforeItIsTurned(t *testing.T) {
	v, q, _ := shown(t, &paper{pages: 9})
	v.Fit()
	q.settle()
	for page := 1; page < 9; page++ {
		v.Down()
		if l := v.area.leaves[page]; l == nil || l.image.Image == nil {
			t.Fatalf("page %d was not ready", page)
		}
		q.settle()
	}
}

func TestZoomingKeepsWhatIsUnderTheMouse(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 30, lines: map[int]string{10: "a b c d\ne f g h"}})
	v.area.held = func() fyne.KeyModifier { return fyne.KeyModifierControl }
	v.Go(11)
	q.settle()
	at := place(t, v, 10, 6)
	for _, dy := range []float32{1, 1, 1, 1, 1, 1, -1, -1, 1, 1} {
		v.area.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, dy)})
		q.settle()
		now := place(t, v, 10, 6)
		if math.Abs(float64(now.X-at.X)) > 2.5 && v.m.strip.wide > v.m.strip.width || math.Abs(float64(now.Y-at.Y)) > 2.5 {
			t.Fatalf("at %d %% the word went from %v to %v", int(100*v.m.Zoom()), at, now)
		}
		at = now
	}
	if v.m.Zoom() < 1.5 {
		t.Errorf("zoom %v", v.m.Zoom())
	}
}

func TestGoToAPage(t *testing.T) {
	v, q, w := readable(t, &paper{pages: 200})
	v.GoTo()
	for typed, want := range map[string]int{"0": 1, "x": 1, "201": 1} {
		v.bar.entry.SetText(typed)
		v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if page, _ := v.Page(); page != want || !v.bar.open() || v.bar.said.Text() != "nur 1 bis 200" {
			t.Errorf("%q went to page %d, said %q", typed, page, v.bar.said.Text())
		}
	}
	v.bar.entry.SetText(" 150 ")
	v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	q.settle()
	if page, _ := v.Page(); page != 150 || v.bar.open() || w.Canvas().Focused() != fyne.Focusable(v.area) {
		t.Errorf("page %d", page)
	}
}

func TestPrintingIsUpToTheScreen(t *testing.T) {
	v, _, _ := readable(t, &paper{pages: 1})
	n := 0
	ctrlP := &desktop.CustomShortcut{KeyName: fyne.KeyP, Modifier: fyne.KeyModifierControl}
	v.area.TypedShortcut(ctrlP)
	v.OnPrint = func() { n++ }
	v.area.TypedShortcut(ctrlP)
	for _, c := range v.Commands() {
		if c.ID == "page.print" && c.Enabled() {
			c.Run()
		}
	}
	if n != 2 {
		t.Errorf("printed %d times", n)
	}
}

// TestDocumentsWithoutWordsAreShown uses a document that knows no words.
func TestDocumentsWithoutWordsAreShown(t *testing.T) {
	p := &paper{pages: 3}
	v, q, w := shown(t, nil)
	v.Show(func(context.Context, string) (Document, error) { return struct{ Document }{p}, nil })
	w.Canvas().Focus(v.area)
	q.settle()
	v.area.TypedShortcut(&fyne.ShortcutSelectAll{})
	v.Copy()
	v.Find()
	v.bar.entry.SetText("a")
	q.settle()
	if v.Status() != Showing || len(p.asked) != 0 || v.bar.said.Text() != "Kein Text erkannt" {
		t.Errorf("status %v, asked %v, said %q", v.Status(), p.asked, v.bar.said.Text())
	}
}

func TestTheGripGoesThroughThePaper(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 100})
	s := v.slide
	s.MouseDown(mouse(fyne.NewPos(5, s.Size().Height/2), 0))
	q.settle()
	if page, _ := v.Page(); page < 48 || page > 53 {
		t.Errorf("the middle is page %d", page)
	}
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(5, 5000)}})
	q.settle()
	if page, _ := v.Page(); page != 100 {
		t.Errorf("the end is page %d", page)
	}
}

func TestEveryKindOfMarkHasALook(t *testing.T) {
	for _, k := range []record.MarkKind{record.MarkStamp, record.MarkNote, record.MarkHighlight, record.MarkBlack} {
		if l, ok := looks[k]; !ok || len((patch{look: l, text: "Eingegangen am 23.11.2026", box: record.Box{X1: 0.5, Y1: 0.1}}).objects(ground{size: fyne.NewSize(400, 600), point: 1, scale: 1})) == 0 {
			t.Errorf("%s is not drawn", k)
		}
	}
}

// TestAMarkHasItsShapeHoweverThePageLies places a stamp with a click on a page that is turned.
func TestAMarkHasItsShapeHoweverThePageLies(t *testing.T) {
	for turns := range 4 {
		v, q, _ := readable(t, &paper{pages: 1})
		for range turns {
			v.Rotate()
		}
		q.settle()
		var got []record.Box
		v.OnPlace = func(_ int, b record.Box) { got = append(got, b) }
		v.SetTool(record.MarkStamp)
		at, size := v.area.frame(0)
		e := mouse(at.AddXY(size.Width/2, size.Height/2), 0)
		v.area.MouseDown(e)
		v.area.MouseUp(e)
		v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		w, h := usual(record.MarkStamp)
		if len(got) != 2 {
			t.Fatalf("%d turns: placed %v", turns, got)
		}
		for _, b := range got {
			if math.Abs(b.X1-b.X0-w) > 1e-6 || math.Abs(b.Y1-b.Y0-h) > 1e-6 {
				t.Errorf("%d turns: %v", turns, b)
			}
		}
	}
}
