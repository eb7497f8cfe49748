package pagetable

import (
	"cmp"
	"context"
	"maps"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Slot is a proof that pages can be put under.
type Slot struct {
	ID   string
	Name string
}

// Place is where further pages go.
type Place struct {
	Document record.ID
	First    bool         // before all pages, else
	Behind   record.Sheet // behind this one of the document
}

// Options are what a view is given. Texts, Pictures, Go, Do and Changed are needed; what the others do is not
// offered without them.
type Options struct {
	Texts    *i18n.Texts
	Pictures Pictures
	Go, Do   func(f func()) // slow work, and back to the window
	// Changed is told the documents after everything that was done.
	Changed func(documents []record.Document)
	Slots   func() []Slot
	Scan    func(at Place, instead bool) // instead: the page is taken out for the first one that comes
	File    func(at Place)
	Vouch   func(id record.ID, on bool)
	// Keep is done by its key and the button with these words, for what is not kept after every step.
	Keep      func()
	KeepWords string
	Close     func()
	// CloseWords stand on the button that closes, where nothing is done with it yet; "": done.
	CloseWords string
}

// View draws a [Table]. Its methods belong to the window's goroutine.
type View struct {
	o       Options
	table   *Table
	shelf   *shelf
	grid    *grid
	large   *large
	panel   *panel
	title   *control.Label
	count   *control.Label
	note    *control.Label
	strip   *control.Card // with the note, over the foot of the pages
	middle  *fyne.Container
	root    *fyne.Container
	actions []action

	found map[picture]page.Findings // by page as it came
	looks map[picture]context.CancelFunc
}

// NewView makes a view without a table.
func NewView(o Options) *View {
	v := &View{o: o, table: New(nil, record.NewID), found: map[picture]page.Findings{}, looks: map[picture]context.CancelFunc{}}
	v.shelf = newShelf(o.Pictures, o.Go, o.Do, func() { v.grid.Refresh(); v.large.Refresh() })
	v.actions = v.list()
	v.grid = newGrid(v)
	v.large = newLarge(v)
	v.panel = newPanel(v)
	t := o.Texts
	v.title = control.NewLabel(t.T("pages.title"), control.H2)
	v.count = control.NewLabel("", control.Small)
	v.note = control.NewParagraph("", control.Waiting)
	v.strip = control.NewCard(0, control.Pad(10, 14, 10, 14, v.note))
	v.strip.Hide()
	head := control.Row(14, v.title, v.count, control.Spacer(), v.button("undo", control.Quiet), v.button("redo", control.Quiet))
	if o.Keep != nil {
		head.Add(control.NewButton(o.KeepWords, keepKey.Label(t), control.Primary, o.Keep))
	}
	if o.Close != nil {
		head.Add(control.NewButton(cmp.Or(o.CloseWords, t.T("pages.close")), "Esc", control.Plain, o.Close))
	}
	v.middle = container.NewStack(v.grid, v.large, container.New(foot{}, v.strip))
	v.large.Hide()
	side := container.New(beside{}, v.middle, control.Pad(0, 0, 0, 1, v.panel.box))
	v.root = control.Column(0, control.Pad(10, 14, 10, 16, head), control.NewDivider(), control.Grow(side))
	return v
}

// SetTitle says what lies on the table.
func (v *View) SetTitle(text string) { v.title.SetText(text) }

// Object is what stands on the screen.
func (v *View) Object() fyne.CanvasObject { return v.root }

// Large reports whether one page fills the view.
func (v *View) Large() bool { return v.large.Visible() }

// Focus is what gets the keys.
func (v *View) Focus() fyne.Focusable { return v.grid }

// Show lays a table down, with a document in sight.
func (v *View) Show(t *Table, at record.ID) {
	v.table = t
	v.Say("")
	v.back()
	i := 0
	for _, g := range t.Groups() {
		if g.ID == at && len(g.Pages) > 0 {
			t.Select(i)
		}
		i += len(g.Pages)
	}
	v.grid.offset = 0
	v.Update()
	v.grid.reveal()
}

// Update draws the table anew.
func (v *View) Update() {
	t := v.o.Texts
	out := 0
	for _, g := range v.table.Groups() {
		out += len(g.Pages) - g.Shown()
	}
	words := t.N("pages.count", v.table.Len()-out)
	if n := len(v.table.Groups()); n > 1 {
		words += " · " + t.N("pages.documents", n)
	}
	if out > 0 {
		words += " · " + t.T("pages.out", "count", out)
	}
	v.count.SetText(words)
	v.panel.update()
	v.grid.Refresh()
	v.large.Refresh()
}

// Close lets go of all pictures. The view can be shown again.
func (v *View) Close() {
	for _, stop := range v.looks {
		stop()
	}
	v.shelf.empty()
}

// Say shows a sentence over the foot of the pages until the next action.
func (v *View) Say(text string) {
	v.note.SetText(text)
	v.strip.Hidden = text == ""
	v.middle.Refresh()
}

// foot sets an object to the foot, as high as its words need.
type foot struct{}

func (foot) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (foot) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const gap = 14
	for _, x := range o {
		x.Resize(fyne.NewSize(max(0, s.Width-2*gap), x.MinSize().Height)) // a paragraph knows its height by its width
		m := x.MinSize()
		x.Resize(fyne.NewSize(max(0, s.Width-2*gap), m.Height))
		x.Move(fyne.NewPos(gap, s.Height-m.Height-gap))
	}
}

// did tells what an action has done.
func (v *View) did(d Done) {
	v.Say("")
	switch d {
	case Nothing:
	case Last:
		v.Say(v.o.Texts.T("pages.last"))
	case Changed:
		v.o.Changed(v.table.Documents())
	}
	v.Update()
	v.grid.reveal()
}

// moved is after another page or other pages were selected.
func (v *View) moved() {
	v.Say("")
	v.Update()
	v.grid.reveal()
}

// current is the page that the keys act on; nil on an empty table.
func (v *View) current() *Page { return v.table.At(v.table.Cursor()) }

// place is where further pages go: behind the current one.
func (v *View) place() (Place, bool) {
	g, at := v.table.Of(v.table.Cursor())
	if g < 0 {
		return Place{}, false
	}
	d := v.table.Documents()[g]
	return Place{Document: d.ID, Behind: Sheets(d)[at]}, true
}

// straighten lays the selected pages straight by the angles found on them, or back as they came where one of
// them is straightened.
func (v *View) straighten() {
	for _, p := range v.table.Selection() {
		if p.Skew != 0 {
			v.did(v.table.Straighten(func(*Page) float64 { return 0 }))
			return
		}
	}
	v.looked(func(f func(p *Page) page.Findings) {
		v.did(v.table.Straighten(func(p *Page) float64 { return f(p).Skew }))
		if p := v.current(); p != nil && !f(p).Sure {
			v.Say(v.o.Texts.T("pages.unsure"))
		}
	})
}

// crop shows only what is written on, on the selected pages, or all where one of them is cut.
func (v *View) crop() {
	for _, p := range v.table.Selection() {
		if p.Crop != nil {
			v.did(v.table.Cut(func(*Page) *record.Box { return nil }))
			return
		}
	}
	v.looked(func(f func(p *Page) page.Findings) {
		v.did(v.table.Cut(func(p *Page) *record.Box { return suggested(f(p), p.Skew) }))
		if p := v.current(); p != nil && p.Crop == nil {
			v.Say(v.o.Texts.T("pages.uncut"))
		}
	})
}

// suggested is the part of a page that something is written on; nil where that is nearly all or nothing.
func suggested(f page.Findings, skew float64) *record.Box {
	b := f.ContentAt(skew)
	if b == (record.Box{}) || (b.X1-b.X0)*(b.Y1-b.Y0) > 0.95 {
		return nil
	}
	r := func(x float64) float64 { return math.Round(x*1000) / 1000 }
	return &record.Box{X0: r(b.X0), Y0: r(b.Y0), X1: r(b.X1), Y1: r(b.Y1)}
}

// looked calls then once all selected pages have been looked at. A page that cannot be has no findings.
func (v *View) looked(then func(f func(p *Page) page.Findings)) {
	pages := v.table.Selection()
	var missing []*Page
	for _, p := range pages {
		if _, ok := v.found[asItCame(p, 0)]; !ok {
			missing = append(missing, p)
		}
	}
	answer := func() { then(func(p *Page) page.Findings { return v.found[asItCame(p, 0)] }) }
	if len(missing) == 0 {
		answer()
		return
	}
	what := asItCame(missing[0], 0)
	if v.looks[what] != nil {
		return // being looked at
	}
	ctx, cancel := context.WithCancel(context.Background())
	v.looks[what] = cancel
	v.Say(v.o.Texts.T("pages.looking"))
	table := v.table
	v.o.Go(func() {
		found := map[picture]page.Findings{}
		for _, p := range missing {
			f, err := v.o.Pictures.Look(ctx, p.From, p.Page, p.DPI)
			if ctx.Err() != nil {
				break
			}
			if err != nil {
				f = page.Findings{}
			}
			found[asItCame(p, 0)] = f
		}
		v.o.Do(func() {
			called := ctx.Err() != nil
			cancel()
			delete(v.looks, what)
			maps.Copy(v.found, found)
			if !called && v.table == table {
				v.Say("")
				v.looked(then) // the selection may be another one by now
			}
		})
	})
}
