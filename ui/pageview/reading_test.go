package pageview

import (
	"context"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/data/record"
)

// place is where a word of a page stands in the area.
func place(t *testing.T, v *View, page, word int) fyne.Position {
	t.Helper()
	text := v.m.lib.peek(page)
	if text == nil || word >= len(text.words) {
		t.Fatalf("page %d has no word %d", page, word)
	}
	b := turnBox(text.boxes(word, word)[0], v.m.strip.turns)
	at, size := v.area.frame(page)
	return at.AddXY(size.Width*float32(b.X0+b.X1)/2, size.Height*float32(b.Y0+b.Y1)/2)
}

func mouse(at fyne.Position, m fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary, Modifier: m}
}

// drag presses at one place and lets go at another.
func drag(v *View, from, to fyne.Position) {
	v.area.MouseDown(mouse(from, 0))
	mid := fyne.NewPos((from.X+to.X)/2, (from.Y+to.Y)/2)
	v.area.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: mid}, Dragged: fyne.NewDelta(mid.X-from.X, mid.Y-from.Y)})
	v.area.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-mid.X, to.Y-mid.Y)})
	v.area.MouseUp(mouse(to, 0))
	v.area.DragEnd()
}

func clipboard() string { return fyne.CurrentApp().Clipboard().Content() }

var threePages = map[int]string{0: "eins zwei drei\nvier fünf sechs", 1: "sieben acht", 2: "neun\nzehn"}

// readable is a view of a paper with words, which has the keys.
func readable(t *testing.T, p *paper) (*View, *queue, fyne.Window) {
	t.Helper()
	v, q, w := shown(t, p)
	w.Canvas().Focus(v.area)
	q.settle()
	return v, q, w
}

func TestWordsAreSelectedWithTheMouseAndCopied(t *testing.T) {
	for turns := range 4 {
		v, q, _ := readable(t, &paper{pages: 3, lines: threePages})
		v.Fit()
		for range turns {
			v.Rotate()
		}
		q.settle()
		drag(v, place(t, v, 0, 1), place(t, v, 0, 4))
		page, boxes, text := v.Selected()
		if page != 0 || text != "zwei drei\nvier fünf" || len(boxes) != 2 {
			t.Errorf("%d turns: selected %q on page %d in %v", turns, text, page, boxes)
		}
		v.area.TypedShortcut(&fyne.ShortcutCopy{})
		q.settle()
		if clipboard() != "zwei drei\nvier fünf" {
			t.Errorf("copied %q", clipboard())
		}
		if !slices.ContainsFunc(v.area.leaves[0].patches, func(p patch) bool { return p.look == lookSelected }) {
			t.Error("nothing of it is to be seen")
		}
		v.area.MouseDown(mouse(place(t, v, 0, 0), 0))
		v.area.MouseUp(mouse(place(t, v, 0, 0), 0))
		if _, _, text := v.Selected(); text != "" {
			t.Errorf("a click leaves %q selected", text)
		}
		v.area.DoubleTapped(&fyne.PointEvent{Position: place(t, v, 0, 4)})
		if _, _, text := v.Selected(); text != "fünf" {
			t.Errorf("a double click selects %q", text)
		}
		v.area.MouseDown(mouse(place(t, v, 0, 5), fyne.KeyModifierShift))
		v.area.MouseUp(mouse(place(t, v, 0, 5), fyne.KeyModifierShift))
		if _, _, text := v.Selected(); text != "fünf sechs" {
			t.Errorf("Shift selects on to %q", text)
		}
	}
}

func TestASelectionGoesOverPages(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 3, lines: threePages})
	v.Fit() // whole pages
	for range 4 {
		v.Zoom(-1)
	}
	q.settle()
	drag(v, place(t, v, 0, 5), place(t, v, 1, 0))
	v.Copy()
	q.settle()
	if clipboard() != "sechs\nsieben" {
		t.Errorf("copied %q", clipboard())
	}
	drag(v, place(t, v, 1, 1), place(t, v, 0, 4)) // backwards
	v.Copy()
	q.settle()
	if clipboard() != "fünf sechs\nsieben acht" {
		t.Errorf("copied %q", clipboard())
	}
}

func TestWordsAreSelectedByKeyboard(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 3, lines: threePages})
	shift := fyne.KeyModifierShift
	v.area.held = func() fyne.KeyModifier { return shift }
	key := func(k fyne.KeyName) {
		v.area.TypedKey(&fyne.KeyEvent{Name: k})
		q.settle()
	}
	want := []struct {
		key  fyne.KeyName
		text string
	}{
		{fyne.KeyRight, "eins"},
		{fyne.KeyRight, "eins zwei"},
		{fyne.KeyDown, "eins zwei drei\nvier fünf"},
		{fyne.KeyLeft, "eins zwei drei\nvier"},
		{fyne.KeyUp, "eins"},
		{fyne.KeyUp, "eins"},
		{fyne.KeyDown, "eins zwei drei\nvier"},
	}
	for i, c := range want {
		key(c.key)
		if _, _, text := v.Selected(); text != c.text {
			t.Errorf("step %d: %q instead of %q", i, text, c.text)
		}
	}
	shift = 0
	key(fyne.KeyEscape)
	if _, _, text := v.Selected(); text != "" {
		t.Errorf("Esc leaves %q", text)
	}
	v.area.TypedShortcut(&fyne.ShortcutSelectAll{})
	if _, _, text := v.Selected(); text != "eins zwei drei\nvier fünf sechs" {
		t.Errorf("the whole page is %q", text)
	}
}

func TestTheHandStillMovesThePaper(t *testing.T) {
	v, _, _ := readable(t, &paper{pages: 3, lines: threePages})
	from := fyne.NewPos(300, 400)
	v.area.MouseDown(mouse(from, 0))
	v.area.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: from.AddXY(0, -60)}, Dragged: fyne.NewDelta(0, -60)})
	v.area.DragEnd()
	if v.m.y != 60 || v.m.sel.on {
		t.Errorf("moved to %v, selected %v", v.m.y, v.m.sel.on)
	}
}

func TestFind(t *testing.T) {
	many := map[int]string{}
	for p := range 100 {
		many[p] = "nichts"
	}
	many[7], many[50], many[99] = "Die Straße\nund eine STRASSE", "Seestraße", "strassen"
	v, q, w := readable(t, &paper{pages: 100, lines: many})
	v.Go(21)
	q.settle()
	v.Find()
	if w.Canvas().Focused() != fyne.Focusable(v.bar.entry) {
		t.Fatal("the field does not have the keys")
	}
	test.Type(v.bar.entry, "strasse")
	q.settle()
	now := func() (int, string) {
		h, _ := v.m.find.at()
		return h.page, v.bar.said.Text()
	}
	if page, said := now(); page != 50 || said != "3 von 4" || v.m.page != 50 {
		t.Errorf("first hit on page %d, %q, looking at %d", page, said, v.m.page)
	}
	for _, want := range []int{99, 7, 7, 50} {
		v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		q.settle()
		if page, said := now(); page != want || v.m.page != want {
			t.Errorf("next hit on page %d instead of %d, %q", page, want, said)
		}
	}
	v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	q.settle()
	if page, said := now(); page != 7 || said != "2 von 4" {
		t.Errorf("the one before is on page %d, %q", page, said)
	}
	found, current := 0, 0
	for _, p := range v.area.leaves[7].patches {
		switch p.look {
		case lookFound:
			found++
		case lookCurrent:
			current++
		}
	}
	if found != 1 || current != 1 {
		t.Errorf("%d and %d marked", found, current)
	}
	v.bar.entry.SetText("gibt es nicht")
	q.settle()
	if _, said := now(); said != "Nicht gefunden" {
		t.Errorf("said %q", said)
	}
	v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if v.bar.open() || w.Canvas().Focused() != fyne.Focusable(v.area) || len(v.m.find.hits) != 0 {
		t.Error("Esc does not close the search")
	}
}

func TestASearchThatIsNotWantedAnyMoreEnds(t *testing.T) {
	p := &paper{pages: 1000}
	v, q, _ := readable(t, p)
	v.Find()
	v.bar.entry.SetText("a")
	v.bar.entry.SetText("ab")
	v.bar.close()
	p.asked = nil
	q.settle()
	if len(p.asked) > 2 { // the pages in sight
		t.Errorf("%d pages were read for nobody", len(p.asked))
	}
	v.Find()
	v.bar.entry.SetText("abc")
	v.Close()
	p.asked = nil
	q.settle()
	if len(p.asked) > 0 {
		t.Errorf("%d pages of a closed paper were read", len(p.asked))
	}
}

func TestPapersWithoutTextSaySo(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 40, noWords: true})
	v.Find()
	v.bar.entry.SetText("wort")
	q.settle()
	if v.bar.said.Text() != "Kein Text erkannt" {
		t.Errorf("said %q", v.bar.said.Text())
	}
}

func TestMarkedWordsComeIntoSight(t *testing.T) {
	far := map[int]string{5: "x\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nHundesteuer"}
	p := &paper{pages: 9, lines: far}
	for _, first := range []bool{true, false} {
		v, q, _ := shown(t, nil)
		if first {
			v.MarkWords([]string{"hund"})
		}
		v.ShowAt(p.open, 5)
		if !first {
			v.MarkWords([]string{"hund"})
		}
		q.settle()
		if page, _ := v.Page(); page != 6 {
			t.Errorf("page %d", page)
		}
		at := place(t, v, 5, 1)
		if at.Y < 0 || at.Y > v.area.Size().Height {
			t.Errorf("the word is at %v of %v", at, v.area.Size())
		}
		if n := len(v.area.leaves[5].patches); n != 1 {
			t.Errorf("%d patches", n)
		}
		v.MarkWords(nil)
		if n := len(v.area.leaves[5].patches); n != 0 {
			t.Errorf("%d patches left", n)
		}
	}
}

func TestAToolDrawsABoxWhereverThePageLies(t *testing.T) {
	for turns := range 4 {
		v, q, _ := readable(t, &paper{pages: 3})
		var page int
		var box record.Box
		v.OnPlace = func(p int, b record.Box) { page, box = p, b }
		v.Fit()
		for range 4 {
			v.Zoom(-1)
		}
		for range turns {
			v.Rotate()
		}
		q.settle()
		v.SetTool(record.MarkHighlight)
		want := record.Box{X0: 0.25, Y0: 0.25, X1: 0.5, Y1: 0.75}
		on := turnBox(want, turns)
		at, size := v.area.frame(1)
		corner := func(x, y float64) fyne.Position { return at.AddXY(size.Width*float32(x), size.Height*float32(y)) }
		drag(v, corner(on.X1, on.Y1), corner(on.X0, on.Y0))
		for _, d := range []float64{box.X0 - want.X0, box.Y0 - want.Y0, box.X1 - want.X1, box.Y1 - want.Y1} {
			if page != 1 || math.Abs(d) > 0.001 {
				t.Fatalf("%d turns: %v on page %d instead of %v", turns, box, page, want)
			}
		}
		if v.Tool() != record.MarkHighlight || v.m.band.on {
			t.Error("the tool is gone, or its box is still there")
		}
		v.area.MouseDown(mouse(corner(0.99, 0.99), 0))
		v.area.MouseUp(mouse(corner(0.99, 0.99), 0))
		if box != orderly(box) || box.X1-box.X0 < 0.02 || box.Y1-box.Y0 < 0.02 {
			t.Errorf("a click places %v", box)
		}
	}
}

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
		if l, ok := looks[k]; !ok || len((patch{look: l, text: "Eingegangen am 23.11.2026", box: record.Box{X1: 0.5, Y1: 0.1}}).objects(fyne.NewSize(400, 600))) == 0 {
			t.Errorf("%s is not drawn", k)
		}
	}
}
