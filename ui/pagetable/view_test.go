package pagetable

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// drawer draws white pages and notes which.
type drawer struct {
	mu    sync.Mutex
	drawn []string
	found page.Findings
	bad   string
}

func (d *drawer) Draw(ctx context.Context, o record.Original, _, size int) (*image.RGBA, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o.Name == d.bad {
		return nil, errors.New("broken")
	}
	d.drawn = append(d.drawn, o.Name)
	return image.NewRGBA(image.Rect(0, 0, size*7/10, size)), ctx.Err()
}

func (d *drawer) Look(context.Context, record.Original, int, int) (page.Findings, error) {
	return d.found, nil
}

// desk is a window with a page table, whose work waits until it is asked for.
type desk struct {
	v       *View
	w       fyne.Window
	keys    *command.List
	pics    *drawer
	queue   []func()
	told    []record.Document
	scans   []Place
	instead bool
	vouched bool
}

func newDesk(t *testing.T, docs ...record.Document) *desk {
	t.Helper()
	app := test.NewApp()
	t.Cleanup(app.Quit)
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{keys: command.NewList(), pics: &drawer{}}
	d.v = NewView(Options{
		Texts: texts, Pictures: d.pics, Go: func(f func()) { d.queue = append(d.queue, f) }, Do: func(f func()) { f() },
		Changed: func(docs []record.Document) { d.told = docs },
		Slots:   func() []Slot { return []Slot{{"proof-A", "Ausweis"}, {"proof-B", "Vertrag"}} },
		Scan:    func(at Place, instead bool) { d.scans, d.instead = append(d.scans, at), instead },
		File:    func(Place) {}, Vouch: func(_ record.ID, on bool) { d.vouched = on }, Close: func() {},
	})
	d.w = app.NewWindow("")
	d.w.SetContent(d.v.Object())
	d.w.Resize(fyne.NewSize(1200, 700))
	d.keys.Layer("pages.title", d.v.Commands())
	d.v.Show(New(docs, counter()), "")
	d.settle()
	return d
}

func (d *desk) settle() {
	for len(d.queue) > 0 {
		f := d.queue[0]
		d.queue = d.queue[1:]
		f()
	}
}

func (d *desk) key(k fyne.KeyName, m ...fyne.KeyModifier) bool {
	mod := fyne.KeyModifier(0)
	for _, o := range m {
		mod |= o
	}
	ok := d.keys.Type(k, mod)
	d.settle()
	return ok
}

func (d *desk) now() string { return shows(d.v.table.Documents()) }

func TestKeys(t *testing.T) {
	const ctrl, shift = fyne.KeyModifierControl, fyne.KeyModifierShift
	d := newDesk(t, scanned("A", "1", "2", "3"), scanned("B", "4"))
	d.key(fyne.KeyRight)
	d.key(fyne.KeyRight, ctrl)
	if got := d.now(); got != "A: 1 3 2 | B: 4" || shows(d.told) != got {
		t.Fatal(got)
	}
	d.key(fyne.KeyLeft, shift)
	d.key(fyne.KeyR)
	if p := d.v.table; p.At(1).Turns != 1 || p.At(2).Turns != 1 || p.At(0).Turns != 0 {
		t.Error("turned the wrong pages")
	}
	d.key(fyne.KeyR, shift)
	d.key(fyne.KeyT)
	if got := d.now(); got != "A: 1 | new-1: 3 2 | B: 4" {
		t.Error(got)
	}
	d.key(fyne.KeyV)
	d.key(fyne.KeyDelete)
	if got := d.now(); got != "A: 1 | new-1: (3) (2) 4" {
		t.Error(got)
	}
	for d.key(fyne.KeyZ, ctrl) {
	}
	if got := d.now(); got != "A: 1 2 3 | B: 4" {
		t.Error("after all steps back:", got)
	}
	for d.key(fyne.KeyY, ctrl) {
	}
	if got := d.now(); got != "A: 1 | new-1: (3) (2) 4" {
		t.Error("after all steps forth:", got)
	}
	d.key(fyne.KeyHome)
	d.key(fyne.Key2)
	if g := d.v.table.Groups(); g[0].Proof != "proof-B" || g[0].Title != "Vertrag" {
		t.Errorf("%+v", g[0])
	}
	d.key(fyne.KeyU)
	if !d.vouched {
		t.Error("not vouched for")
	}
}

func TestSayingWhyNot(t *testing.T) {
	d := newDesk(t, scanned("A", "1"))
	d.key(fyne.KeyDelete)
	if !strings.Contains(d.v.note.Text(), "mindestens eine Seite") || d.now() != "A: 1" {
		t.Error(d.v.note.Text())
	}
	d.key(fyne.KeyG)
	if !strings.Contains(d.v.note.Text(), "zu wenig Text") {
		t.Error(d.v.note.Text())
	}
	d.key(fyne.KeyC)
	if !strings.Contains(d.v.note.Text(), "nichts wegzuschneiden") {
		t.Error(d.v.note.Text())
	}
}

func TestWhatIsFoundIsTakenAndLeft(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 1000, 1400))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%1000, i/1000; y > 300 && y < 800 && y%40 < 14 && x > 200 && x < 800 && x%9 < 6 {
			g.Pix[i] = 0
		}
	}
	d := newDesk(t, scanned("A", "1", "2"))
	d.pics.found = page.Look(g, 120)
	d.pics.found.Skew, d.pics.found.Sure = -1.5, true
	d.key(fyne.KeyA, fyne.KeyModifierControl)
	d.key(fyne.KeyG)
	if d.v.table.At(0).Skew != -1.5 || d.v.table.At(1).Skew != -1.5 {
		t.Error("not laid straight")
	}
	d.key(fyne.KeyC)
	c := d.v.table.At(1).Crop
	if c == nil || c.X0 < 0.1 || c.Y1 > 0.7 {
		t.Errorf("cut to %+v", c)
	}
	d.key(fyne.KeyG)
	d.key(fyne.KeyC)
	if p := d.v.table.At(0); p.Skew != 0 || p.Crop != nil {
		t.Errorf("%+v", p)
	}
	d.key(fyne.KeyPlus)
	if d.v.table.At(0).Skew != 0.1 {
		t.Error("not nudged")
	}
	// The frame: two steps inwards from the left, then accepted.
	d.key(fyne.KeyHome)
	d.key(fyne.KeyC, fyne.KeyModifierShift)
	before := d.v.large.box
	d.key(fyne.KeyLeft, fyne.KeyModifierShift)
	d.key(fyne.KeyLeft, fyne.KeyModifierShift)
	d.key(fyne.KeyReturn)
	if c := d.v.table.At(0).Crop; c == nil || c.X0 < before.X0+0.009 || c.X0 > before.X0+0.011 || d.v.table.At(1).Crop != nil {
		t.Errorf("%+v, before %+v", c, before)
	}
	if !d.v.large.Visible() || d.v.grid.Visible() {
		t.Error("the page is not large")
	}
	d.key(fyne.KeyEscape)
	if d.v.large.Visible() || !d.v.grid.Visible() {
		t.Error("Esc does not lead back")
	}
	if d.key(fyne.KeyEscape) {
		t.Error("a second Esc belongs to the layer")
	}
}

func TestOnlyPicturesInSightAreDrawn(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprint(i))
	}
	d := newDesk(t, scanned("A", names...))
	if n := len(d.pics.drawn); n < 10 || n > 60 {
		t.Errorf("%d pictures were drawn at once", n)
	}
	if objects := len(test.WidgetRenderer(d.v.grid).Objects()); objects > 400 {
		t.Errorf("%d objects are on the screen", objects)
	}
	before := len(d.pics.drawn)
	d.key(fyne.KeyEnd)
	for _, n := range d.pics.drawn[before:] {
		if len(n) < len("2xx.png") || n[0] != '2' {
			t.Errorf("%s was drawn for the last pages", n)
		}
	}
	if d.v.table.Cursor() != 299 || d.v.grid.offset == 0 {
		t.Error("the last page is not in sight")
	}
	for range 600 {
		d.key(fyne.KeyUp)
	}
	if d.v.table.Cursor() != 5 && d.v.table.Cursor() > 6 {
		t.Error(d.v.table.Cursor())
	}
	d.v.shelf.most = 1 // less than what is in sight: that stays, and is not drawn again and again
	for range 4 {
		d.key(fyne.KeyPageDown)
	}
	if n := len(d.v.shelf.kept); n < 24 || n > 160 {
		t.Errorf("%d pictures are kept", n)
	}
	d.v.Close()
	if d.v.shelf.bytes != 0 || len(d.v.shelf.kept) != 0 {
		t.Error("pictures stay after the end")
	}
}

func TestWhatIsNotWantedAnyMoreIsCalledOff(t *testing.T) {
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprint(i))
	}
	d := newDesk(t)
	d.v.Show(New([]record.Document{scanned("A", names...)}, counter()), "")
	if len(d.queue) != 1 {
		t.Fatalf("%d pictures are being made at once", len(d.queue))
	}
	d.v.table.Select(199)
	d.v.moved()
	d.settle()
	for _, n := range d.pics.drawn[1:] {
		if len(n) < len("1xx.png") {
			t.Errorf("%s was drawn though it is out of sight", n)
		}
	}
}

func TestAPageThatCannotBeDrawn(t *testing.T) {
	d := newDesk(t)
	d.pics.bad = "2.png"
	d.v.Show(New([]record.Document{scanned("A", "1", "2", "3")}, counter()), "")
	d.settle()
	if len(d.pics.drawn) != 2 {
		t.Error(d.pics.drawn)
	}
	if _, bad := d.v.shelf.get(asItCame(d.v.table.At(1), d.v.pixels(paperHigh))); !bad {
		t.Error("not said")
	}
}

func TestMouse(t *testing.T) {
	d := newDesk(t, scanned("A", "1", "2", "3", "4"), scanned("B", "5"))
	g := d.v.grid
	at := func(i int) fyne.Position { return g.cells[i].AddXY(cellWide/2+10, cellHigh/2-g.offset) }
	press := func(i int, m fyne.KeyModifier) {
		e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(i)}, Button: desktop.MouseButtonPrimary, Modifier: m}
		g.MouseDown(e)
	}
	press(1, 0)
	g.MouseUp(nil)
	press(2, fyne.KeyModifierShift)
	g.MouseUp(nil)
	press(1, 0) // on what is selected: it is dragged
	if len(d.v.table.Selection()) != 2 {
		t.Fatal("the selection is lost before it is dragged")
	}
	g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(4)}})
	g.DragEnd()
	if got := d.now(); got != "A: 1 4 | B: 5 2 3" {
		t.Error(got)
	}
	press(0, 0)
	g.MouseUp(nil)
	press(4, fyne.KeyModifierControl)
	g.MouseUp(nil)
	if s := d.v.table.Selection(); len(s) != 2 {
		t.Error("Ctrl does not add")
	}
	press(4, 0)
	g.MouseUp(nil)
	if s := d.v.table.Selection(); len(s) != 1 {
		t.Error("a click leaves several selected")
	}
	g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(3, 60)}})
	g.DragEnd()
	if got := d.now(); got != "A: 3 1 4 | B: 5 2" {
		t.Error(got)
	}
}

func TestFurtherPagesGoBehindTheCurrentOne(t *testing.T) {
	d := newDesk(t, scanned("A", "1", "2"))
	d.key(fyne.KeyRight)
	d.key(fyne.KeyS)
	d.key(fyne.KeyN)
	if len(d.scans) != 2 || d.scans[0].Document != "A" || d.scans[0].Behind.Original != 1 || !d.instead {
		t.Errorf("%+v", d.scans)
	}
}

func TestEveryTextIsThere(t *testing.T) {
	d := newDesk(t, scanned("A", "1"))
	for _, lang := range []string{"de", "en"} {
		texts, err := i18n.Load(assets.Files, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range d.v.actions {
			if !a.hidden && !texts.Has("command.pages."+a.id) {
				t.Errorf("%s: command.pages.%s", lang, a.id)
			}
		}
	}
}
