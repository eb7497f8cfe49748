package control

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"schalter/ui/command"
	"schalter/ui/look"
)

func window(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	win := test.NewWindow(o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	t.Cleanup(win.Close)
	return win
}

func key(n fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: n} }

func TestEntryGoesOnAndForwards(t *testing.T) {
	a, b := NewEntry(), NewArea(3)
	after := NewButton("Weiter", "", Plain, nil)
	w := window(t, Column(8, a, b, after), 300, 300)
	ran := map[string]int{}
	l := command.NewList(
		command.Command{ID: "scan", Keys: []command.Key{command.Plain(fyne.KeyF2)}, Run: func() { ran["scan"]++ }},
		command.Command{ID: "park", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Run: func() { ran["park"]++ }},
		command.Command{ID: "next", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: func() { ran["next"]++ }},
	)
	l.Bind(w.Canvas())
	defer l.Release()

	w.Canvas().Focus(a)
	test.Type(a, "Yıldız")
	for _, f := range []fyne.Focusable{a, b, after} {
		f.TypedKey(key(fyne.KeyF2))
		f.TypedKey(key(fyne.KeyEscape))
		f.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnter, Modifier: fyne.KeyModifierControl})
	}
	if ran["scan"] != 3 || ran["park"] != 3 || ran["next"] != 3 {
		t.Errorf("forwarded %v, want 3 of each", ran)
	}
	if a.Text != "Yıldız" {
		t.Errorf("forwarding changed the text to %q", a.Text)
	}
	a.TypedKey(key(fyne.KeyReturn))
	if w.Canvas().Focused() != b {
		t.Error("Enter did not go on")
	}
	if b.AcceptsTab() {
		t.Error("an area keeps Tab")
	}
	test.Type(b, "eins")
	b.TypedKey(key(fyne.KeyReturn))
	test.Type(b, "zwei")
	if b.Text != "eins\nzwei" || w.Canvas().Focused() != b {
		t.Errorf("area holds %q", b.Text)
	}
	a.TypedShortcut(&fyne.ShortcutUndo{})
	if a.Text == "Yıldız" {
		t.Error("undo was not left to the field")
	}
}

func TestEntryIsAFieldHigh(t *testing.T) {
	e := NewEntry()
	window(t, e, 200, 100)
	for _, s := range look.TextSizes() {
		look.Apply(fyne.CurrentApp(), look.Light, s)
		if h := e.MinSize().Height; h < look.Px(look.FieldHeight)-1 || h > look.Px(look.FieldHeight)+6 {
			t.Errorf("%d %%: %v high", s, h)
		}
	}
}

func TestNothingToClickIsTooSmall(t *testing.T) {
	l := NewList(func() fyne.CanvasObject { return NewLabel("", Body) }, func(int, fyne.CanvasObject) {})
	window(t, l, 100, 100)
	r := NewRail(nil)
	for name, h := range map[string]float32{
		"button": NewButton("A", "", Plain, nil).MinSize().Height, "button width": NewButton("", "", Plain, nil).MinSize().Width,
		"row": float32(l.rowHeight()), "rail": r.itemHeight(), "entry": NewEntry().MinSize().Height,
	} {
		if h < look.Target {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestFocusShowsARing(t *testing.T) {
	b := NewButton("Öffnen", "Enter", Primary, nil)
	e := NewEntry()
	c := NewRail(nil)
	c.SetItems([]RailItem{{ID: "a", Text: "A"}})
	w := window(t, Column(8, b, e, c), 300, 300)
	for _, f := range []fyne.Focusable{b, e, c} {
		w.Canvas().Focus(f)
		wide := 0
		for _, o := range test.WidgetRenderer(f.(fyne.Widget)).Objects() {
			if r, ok := o.(*canvas.Rectangle); ok && r.Visible() && r.StrokeWidth >= look.RingWidth && r.StrokeColor == look.Palette().Focus {
				wide++
			}
		}
		if wide != 1 {
			t.Errorf("%T shows %d rings", f, wide)
		}
	}
}

func TestRailMovesByKeys(t *testing.T) {
	var went []string
	r := NewRail(func(id string) { went = append(went, id) })
	r.SetItems([]RailItem{{Text: "Arbeit", Heading: true}, {ID: "today", Text: "Heute"}, {ID: "drafts", Text: "Entwürfe"}, {Text: "Klärung", Heading: true}, {ID: "conflicts", Text: "Klärfälle"}})
	window(t, r, 200, 300)
	r.Select("today")
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeySpace} {
		r.TypedKey(key(k))
	}
	if fmt.Sprint(went) != "[conflicts today]" {
		t.Error(went)
	}
	r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, r.headHeight()+r.itemHeight()+5)})
	r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, 5)})
	if fmt.Sprint(went) != "[conflicts today drafts]" {
		t.Error(went)
	}
}

func TestListShowsExactlyWhatIsInSight(t *testing.T) {
	const n = 1_000_000
	filled := map[fyne.CanvasObject]int{}
	l := NewList(func() fyne.CanvasObject { return NewShort("", Body) }, func(i int, o fyne.CanvasObject) {
		filled[o] = i
		o.(*Label).SetText(fmt.Sprint(i))
	})
	window(t, l, 300, 440)
	l.SetLength(n)
	check := func() {
		t.Helper()
		first, _ := l.Sight()
		seen := map[int]bool{}
		for _, s := range l.renderer.slots {
			if s.index >= 0 && s.row.Visible() {
				if filled[s.row] != s.index {
					t.Fatalf("slot of %d is filled with %d", s.index, filled[s.row])
				}
				seen[s.index] = true
			}
		}
		for i := first; i < min(first+10, l.length); i++ {
			if !seen[i] {
				t.Fatalf("row %d is in sight and missing", i)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, n-1).Draw(rt, "row")
		if rapid.Bool().Draw(rt, "select") {
			l.Select(i)
			if l.Selected() != i {
				rt.Fatal(l.Selected())
			}
			first, count := l.Sight()
			if i < first || i >= first+count {
				rt.Fatalf("selected %d is not in sight %d+%d", i, first, count)
			}
		} else {
			l.ScrollTo(i)
		}
		check()
	})
	l.SetLength(3)
	if l.Selected() > 2 {
		t.Error("the selection points past the end")
	}
	check()
}

func TestListKeysAndClicks(t *testing.T) {
	var opened []int
	l := NewList(func() fyne.CanvasObject { return NewShort("", Body) }, func(int, fyne.CanvasObject) {})
	l.OnOpen = func(i int) { opened = append(opened, i) }
	w := window(t, l, 300, 440)
	l.SetLength(100)
	w.Canvas().Focus(l)
	if l.Selected() != 0 {
		t.Error("the first row is not selected on arrival")
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyDown, 1}, {fyne.KeyPageDown, 10}, {fyne.KeyEnd, 99}, {fyne.KeyDown, 99}, {fyne.KeyHome, 0}, {fyne.KeyUp, 0}} {
		l.TypedKey(key(step.key))
		if l.Selected() != step.want {
			t.Errorf("%s: row %d, want %d", step.key, l.Selected(), step.want)
		}
	}
	l.TypedKey(key(fyne.KeyReturn))
	click := func(y float32) {
		l.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, y)}})
	}
	click(44*2 + 5)
	if l.Selected() != 2 || len(opened) != 1 {
		t.Errorf("a click selects %d, opened %v", l.Selected(), opened)
	}
	click(44*2 + 6)
	if fmt.Sprint(opened) != "[0 2]" {
		t.Errorf("opened %v", opened)
	}
}

func TestTextIsWrappedAndShortened(t *testing.T) {
	window(t, NewLabel("", Body), 10, 10)
	size, style := Body.size(), Body.text()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`([a-zäöüß]{1,12} ){0,12}[a-z]{1,8}`).Draw(rt, "text")
		width := float32(rapid.IntRange(60, 400).Draw(rt, "width"))
		lines := wrap(text, width, size, style)
		if got := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); got != strings.Join(strings.Fields(text), " ") {
			rt.Fatalf("%q became %q", text, got)
		}
		for _, l := range lines {
			if strings.Contains(l, " ") && measure(l, size, style) > width {
				rt.Fatalf("%q is wider than %v", l, width)
			}
		}
		if s := Shorten(text, width, size, style); measure(s, size, style) > width {
			rt.Fatalf("%q is wider than %v", s, width)
		}
	})
}

func TestParagraphGetsItsHeightFromTheColumn(t *testing.T) {
	p := NewParagraph(strings.Repeat("Nichts ist verloren. ", 20), Body)
	below := NewLabel("darunter", Body)
	window(t, Column(8, p, below), 300, 600)
	if p.MinSize().Height < 4*Body.lineHeight() || below.Position().Y < p.Size().Height {
		t.Errorf("paragraph %v, next at %v", p.Size(), below.Position())
	}
}

func TestGrowSharesTheRest(t *testing.T) {
	a, b := NewLabel("A", Body), NewShort("B", Body)
	row := Row(10, a, Grow(b), NewLabel("C", Body))
	window(t, row, 500, 40)
	if got := a.MinSize().Width + b.Size().Width + NewLabel("C", Body).MinSize().Width + 20; got < 499 || got > 501 {
		t.Errorf("row is %v wide", got)
	}
	g := NewCard(10, NewLabel("x", Body))
	col := Column(0, NewLabel("A", Body), Grow(g))
	window(t, col, 100, 500)
	if g.Size().Height < 450 {
		t.Errorf("card %v", g.Size())
	}
}

func TestLookChangesWhileShown(t *testing.T) {
	l := NewLabel("Text", Body)
	p := NewPill(SignDone, "In der Zentrale", KindGood)
	w := window(t, Column(8, l, p, NewCard(10, NewLabel("x", Body)), NewDivider()), 300, 300)
	before := l.MinSize()
	look.Apply(fyne.CurrentApp(), look.Dark, 150)
	if l.MinSize().Width <= before.Width*1.3 {
		t.Errorf("text stayed at %v", l.MinSize())
	}
	if c := test.WidgetRenderer(l).Objects()[0].(*canvas.Text).Color; c != look.Palette().Ink {
		t.Errorf("text has the colour %v", c)
	}
	_ = w
}

func BenchmarkListJump(b *testing.B) {
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	l := NewList(func() fyne.CanvasObject { return NewShort("", Body) }, func(i int, o fyne.CanvasObject) { o.(*Label).SetText(fmt.Sprint(i)) })
	w := test.NewWindow(l)
	w.Resize(fyne.NewSize(1000, 700))
	l.SetLength(1_000_000)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		l.ScrollTo((i * 7919) % 1_000_000)
	}
}

// The star of a field that must be answered stays with the label's last word.
func TestNoLineBeginsWithWhatBelongsToTheWordBefore(t *testing.T) {
	look.Apply(test.NewApp(), look.Light, 100)
	for width := float32(40); width < 400; width++ {
		l := NewParagraph("Anschlusswert in Watt /\u00a0*", Caption)
		l.Resize(fyne.NewSize(width, l.MinSize().Height))
		lines := wrap(l.content, width, l.style.size(), l.style.text())
		for _, line := range lines {
			if strings.HasPrefix(line, "*") {
				t.Fatalf("%v wide: %q", width, lines)
			}
		}
		if last := lines[len(lines)-1]; l.End() != measure(last, l.style.size(), l.style.text()) {
			t.Fatalf("%v wide: ends at %v, %q", width, l.End(), last)
		}
	}
}
