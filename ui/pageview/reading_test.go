package pageview

import (
	"math"
	"slices"
	"testing"
	"time"

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

func TestThreeClicksSelectALine(t *testing.T) {
	v, q, _ := readable(t, &paper{pages: 1, lines: threePages})
	now := time.Unix(0, 0)
	v.area.now = func() time.Time { return now }
	at := place(t, v, 0, 1)
	for _, c := range []struct {
		later time.Duration
		at    fyne.Position
		want  string
	}{{200 * time.Millisecond, at, "eins zwei drei"}, {2 * time.Second, at, ""}, {200 * time.Millisecond, place(t, v, 0, 4), ""}} {
		v.area.DoubleTapped(&fyne.PointEvent{Position: at})
		if _, _, text := v.Selected(); text != "zwei" {
			t.Errorf("two clicks select %q", text)
		}
		now = now.Add(c.later)
		v.area.MouseDown(mouse(c.at, 0))
		v.area.MouseUp(mouse(c.at, 0))
		q.settle()
		if _, _, text := v.Selected(); text != c.want {
			t.Errorf("a click %v later selects %q instead of %q", c.later, text, c.want)
		}
		now = now.Add(time.Minute)
	}
}
