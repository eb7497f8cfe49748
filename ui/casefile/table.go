package casefile

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/pagetable"
)

// The keys of pages.
var (
	pagesKey   = command.Plain(fyne.KeyF12)
	scanKey    = command.Plain(fyne.KeyF2)
	waitingKey = command.Ctrl(fyne.KeyF2)
	wayKey     = command.Key{Name: fyne.KeyF2, Mod: fyne.KeyModifierShift}
)

// tableLayer is a page table over the window.
type tableLayer struct {
	s     *Screen
	view  *pagetable.View
	table *pagetable.Table
	layer *control.Layer
	left  func() // the table was left, whichever way
}

// shown reports whether the table is in sight.
func (l *tableLayer) shown() bool { return l.layer != nil && l.layer.Open() }

// show lays documents on the table, in sight of one of them. Commands come before those of the table.
func (l *tableLayer) show(t *pagetable.Table, at record.ID, commands []command.Command) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(l.s.object)
	if c == nil || l.s.Keys == nil || l.s.Keys.Layered() {
		return false
	}
	l.table = t
	l.layer = control.ShowLayer(c, l.s.Keys, "pages.title", allOfIt, container.New(tall{}, l.view.Object()), append(commands, l.view.Commands()...), func() {
		l.view.Close()
		if l.left != nil {
			l.left()
		}
	})
	l.view.Show(t, at)
	l.layer.Focus(l.view.Focus())
	return true
}

func (l *tableLayer) close() {
	if l.layer != nil {
		l.layer.Close()
	}
}

// allOfIt is wider and higher than any window, so that the layer takes what there is.
const allOfIt = 10_000

type tall struct{}

func (tall) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, allOfIt) }

func (tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// slots are the proofs that pages can be put under: first those that are missing, then the others, then none.
func (s *Screen) slots() []pagetable.Slot {
	t := s.Texts
	var missing, others []pagetable.Slot
	if f := s.file; f.Form != nil {
		for _, p := range f.Form.Begin(f.Case.Values(), s.Clock()).Proofs() {
			slot := pagetable.Slot{ID: p.Proof.ID, Name: p.Proof.Label.In(t.Lang())}
			switch {
			case !p.Visible:
			case p.Required && !f.has(p.Proof.ID):
				missing = append(missing, slot)
			default:
				others = append(others, slot)
			}
		}
	}
	return append(append(missing, others...), pagetable.Slot{Name: t.T("casefile.slot.other")})
}
