package capture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/pagetable"
)

// arrangeKey lays the pages on the table.
var arrangeKey = command.Plain(fyne.KeyF12)

// arranging is the table on which the pages of a tab's papers are put in order, over the window. Everything
// done there is in the draft at once; the steps can be taken back as long as the tab is open.
type arranging struct {
	s      *Screen
	view   *pagetable.View
	layer  *control.Layer
	tab    *Tab
	tables map[*Tab]*pagetable.Table
	lies   []record.Document // on the table
}

func newArranging(s *Screen) *arranging {
	a := &arranging{s: s, tables: map[*Tab]*pagetable.Table{}}
	o := pagetable.Options{
		Texts: s.texts, Pictures: s.d.Pictures, Go: s.d.Run.Go, Do: s.d.Run.Do, Slots: a.slots,
		Changed: func(d []record.Document) {
			before := a.lies
			a.lies = d
			a.tab.Arrange(before, d)
		},
		Vouch: func(id record.ID, on bool) { a.tab.Vouch(id, on) },
		Close: func() { a.close() },
	}
	if s.d.Scanner != nil {
		o.Scan = func(at pagetable.Place, instead bool) {
			s.notice.again()
			a.tab.ScanAt("", Spot{Document: at.Document, Behind: at.Behind, First: at.First, Instead: instead})
		}
	}
	if s.d.Files != nil && s.d.Importer != nil {
		o.File = a.file
	}
	a.view = pagetable.NewView(o)
	return a
}

// offered reports whether pages can be put in order at all.
func (a *arranging) offered() bool { return a.s.d.Pictures != nil && a.s.d.Keys != nil }

// open shows the table over the window, once it is known which papers can lie on it.
func (a *arranging) open(t *Tab) {
	if !a.offered() {
		return
	}
	t.try(func() {
		if t == a.s.tab() && !a.shown() {
			a.lay(t)
		}
	})
}

func (a *arranging) lay(t *Tab) {
	at, _ := a.s.papers.current()
	if d, ok := t.Paper(at); ok && t.whole(d) != nil { // signed or locked
		a.s.say(Message{Err: t.whole(d)})
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(a.s.root)
	if len(t.onTable()) == 0 || c == nil {
		a.s.say(Message{Key: "capture.pages.none"})
		return
	}
	for o := range a.tables {
		if o.closed {
			delete(a.tables, o)
		}
	}
	a.tab, a.lies = t, t.onTable()
	table := a.tables[t]
	if table == nil {
		table = pagetable.New(a.lies, record.NewID)
		a.tables[t] = table
	} else {
		table.Sync(a.lies)
	}
	a.layer = control.ShowLayer(c, a.s.d.Keys, "pages.title", allOfIt, container.New(tall{}, a.view.Object()), a.view.Commands(), a.closed)
	a.view.Show(table, at)
	a.layer.Focus(a.view.Focus())
}

// allOfIt is wider and higher than any window, so that the layer takes what there is.
const allOfIt = 10_000

type tall struct{}

func (tall) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, allOfIt) }

func (tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func (a *arranging) shown() bool { return a.layer != nil && a.layer.Open() }

func (a *arranging) close() {
	if a.layer != nil {
		a.layer.Close()
	}
}

// closed is called whichever way the table is left.
func (a *arranging) closed() {
	a.view.Close()
	if !a.tab.closed {
		a.tab.bindNow()
	}
	a.s.papers.update(a.s.m.Active())
}

// update follows what happened to the papers elsewhere: pages came, a PDF is made.
func (a *arranging) update(t *Tab) {
	if !a.shown() || t != a.tab {
		return
	}
	if len(t.onTable()) == 0 || t.Phase() != Filling {
		a.close()
		return
	}
	if len(t.untried()) > 0 { // a file came meanwhile
		t.try(func() { a.update(t) })
	}
	a.lies = t.onTable()
	a.tables[t].Sync(a.lies)
	a.view.Update()
	if jobs := t.Progress(); len(jobs) > 0 && jobs[0].Kind != JobBind {
		a.view.Say(a.s.papers.doing.Text())
	}
}

// say tells on the table what is said behind it.
func (a *arranging) say(text string) {
	if a.shown() {
		a.view.Say(text)
	}
}

// slots are the proofs that pages can be put under.
func (a *arranging) slots() []pagetable.Slot {
	if a.tab == nil {
		return nil
	}
	var out []pagetable.Slot
	other := false
	for _, s := range a.tab.Slots() {
		name := a.s.texts.T("capture.slot.other")
		if s.Proof != nil {
			name = s.Proof.Label.In(a.s.texts.Lang())
		}
		out = append(out, pagetable.Slot{ID: s.ID, Name: name})
		other = other || s.ID == ""
	}
	if !other {
		out = append(out, pagetable.Slot{Name: a.s.texts.T("capture.slot.other")})
	}
	return out
}

// file asks for files whose pages are put where the clerk stands.
func (a *arranging) file(at pagetable.Place) {
	t := a.tab
	a.s.d.Files.Open(func(files []Source, err error) {
		if err != nil {
			a.s.say(Message{Err: err})
			return
		}
		t.ImportAt(Spot{Document: at.Document, Behind: at.Behind, First: at.First}, files)
	})
}
