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
}

func newArranging(s *Screen) *arranging {
	a := &arranging{s: s, tables: map[*Tab]*pagetable.Table{}}
	o := pagetable.Options{
		Texts: s.texts, Pictures: s.d.Pictures, Go: s.d.Run.Go, Do: s.d.Run.Do, Slots: a.slots,
		Changed: func(d []record.Document) { a.tab.Arrange(d) },
		Vouch:   func(id record.ID, on bool) { a.tab.Vouch(id, on) },
		Close:   func() { a.close() },
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

// offered reports whether there are pages to put in order.
func (a *arranging) offered(t *Tab) bool { return a.s.d.Pictures != nil && len(t.onTable()) > 0 }

// open shows the table over the window.
func (a *arranging) open(t *Tab) {
	c := fyne.CurrentApp().Driver().CanvasForObject(a.s.root)
	if c == nil || a.s.d.Keys == nil || a.shown() {
		return
	}
	if !a.offered(t) {
		a.s.say(Message{Key: "capture.pages.none"})
		return
	}
	for o := range a.tables {
		if o.closed {
			delete(a.tables, o)
		}
	}
	a.tab = t
	table := a.tables[t]
	if table == nil {
		table = pagetable.New(t.onTable(), record.NewID)
		a.tables[t] = table
	} else {
		table.Sync(t.onTable())
	}
	at, _ := a.s.papers.current()
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
	a.s.papers.update(a.tab)
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
	a.tables[t].Sync(t.onTable())
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
