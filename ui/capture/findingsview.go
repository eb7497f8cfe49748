package capture

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/ui/control"
	"schalter/ui/look"
)

// findings is the list of what is open, above the command bar. Enter goes to where it is put right; what
// passes with a reason takes it in place.
type findings struct {
	s      *Screen
	t      *Tab
	all    []Finding
	title  *control.Label
	list   *control.List
	rows   *fyne.Container
	why    *control.Entry
	whyRow *fyne.Container
	box    *fyne.Container
	quiet  bool
}

func newFindings(s *Screen) *findings {
	f := &findings{s: s, title: control.NewShort("", control.H2)}
	f.list = control.NewList(newFindingRow, f.fillRow)
	f.list.RowHeight = look.RowDense
	f.list.Name = s.texts.T("capture.findings")
	f.list.OnSelect = func(i int) { f.selected(i) }
	f.list.OnOpen = func(i int) { f.opened(i) }
	f.rows = container.New(findingsHigh{f}, f.list)
	f.why = control.NewEntry()
	f.why.OnSubmitted = func(text string) { f.give(text) }
	f.why.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyEscape {
			control.Focus(f.list)
			return true
		}
		return false
	}
	f.whyRow = control.Pad(6, 0, 0, 0, f.why)
	hint := control.NewLabel(s.texts.T("capture.findings.keys"), control.Small)
	f.box = container.NewStack(control.NewCard(12, control.Column(6,
		control.Row(12, control.Grow(f.title), hint), f.rows, f.whyRow)))
	f.box.Hide()
	return f
}

func (f *findings) open() bool { return f.box.Visible() }

func (f *findings) close() {
	if f.box.Visible() {
		f.box.Hide()
		f.s.root.Refresh()
	}
	f.t = nil
}

// show opens the list at the finding that F9 stands at.
func (f *findings) show(t *Tab) {
	f.t = t
	f.box.Show()
	f.update(t)
	f.quiet = true
	f.list.Select(t.At() % max(1, len(f.all)))
	f.quiet = false
	f.ask(f.list.Selected())
	f.s.root.Refresh()
}

// update follows what was put right; when nothing is left the list goes.
func (f *findings) update(t *Tab) {
	if !f.open() {
		return
	}
	if t != f.t {
		f.close()
		return
	}
	before := len(f.all)
	f.all = t.open()
	if len(f.all) == 0 {
		f.close()
		return
	}
	f.title.SetText(f.summary())
	f.quiet = true
	f.list.SetLength(len(f.all))
	f.quiet = false
	f.ask(f.list.Selected())
	if before != len(f.all) {
		f.s.root.Refresh()
	}
}

// summary counts what is open, by what is to be done.
func (f *findings) summary() string {
	count := map[findingGroup]int{}
	for _, x := range f.all {
		count[x.group()]++
	}
	var parts []string
	for g, key := range []string{"answers", "warnings", "proofs", "papers"} {
		if n := count[findingGroup(g)]; n > 0 {
			parts = append(parts, f.s.texts.N("capture.open."+key, n))
		}
	}
	return f.s.texts.N("capture.open", len(f.all)) + ": " + strings.Join(parts, ", ")
}

func (f *findings) focus() {
	if f.whyRow.Visible() {
		control.Focus(f.why)
		return
	}
	control.Focus(f.list)
}

func (f *findings) selected(i int) {
	if f.quiet || f.t == nil {
		return
	}
	f.t.Go(i)
	f.ask(i)
	f.s.root.Refresh()
}

// ask offers the field for the reason where one lets the finding pass.
func (f *findings) ask(i int) {
	if i < 0 || i >= len(f.all) || f.all[i].Kind != FindingProof && f.all[i].Kind != FindingWarning {
		f.whyRow.Hide()
		return
	}
	key := "capture.why.warning"
	if f.all[i].Kind == FindingProof {
		key = "capture.why.proof"
	}
	words := f.s.texts.T(key, "name", f.all[i].Label)
	f.why.Label = words
	f.why.SetPlaceHolder(words)
	f.whyRow.Show()
}

func (f *findings) opened(i int) {
	if f.t == nil || i < 0 || i >= len(f.all) {
		return
	}
	f.t.Go(i)
	if f.all[i].Kind == FindingProof {
		f.t.Select(f.all[i].Proof)
		control.Focus(f.why)
		return
	}
	f.s.goTo(f.t, f.all[i])
}

func (f *findings) give(text string) {
	i := f.list.Selected()
	if f.t == nil || text == "" || i < 0 || i >= len(f.all) {
		return
	}
	t, rule := f.t, f.all[i].Rule
	f.why.SetText("")
	t.Override(rule, text)
	if f.open() {
		f.focus()
		return
	}
	f.s.bar.ready()
}

type findingsHigh struct{ f *findings }

func (l findingsHigh) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(max(1, min(4, len(l.f.all))))*look.Px(look.RowDense))
}

func (l findingsHigh) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func newFindingRow() fyne.CanvasObject {
	return control.Row(10, control.NewPill("", "", control.KindNone), control.NewLabel("", control.Strong),
		control.Grow(control.NewShort("", control.Muted)))
}

func (f *findings) fillRow(i int, row fyne.CanvasObject) {
	if i >= len(f.all) {
		return
	}
	r := row.(*fyne.Container)
	x, texts := f.all[i], f.s.texts
	pill, label := r.Objects[0].(*control.Pill), r.Objects[1].(*control.Label)
	text := r.Objects[2].(*fyne.Container).Objects[0].(*control.Label)
	words := x.Text
	switch x.Kind {
	case FindingError:
		pill.Set(control.SignWarn, texts.T("capture.finding.error"), control.KindTrouble)
	case FindingWarning:
		pill.Set(control.SignWarn, texts.T("capture.finding.warning"), control.KindWaiting)
	case FindingProof:
		pill.Set(control.SignOpen, texts.T("capture.finding.proof"), control.KindWaiting)
		words = texts.T("capture.finding.proof.text")
	case FindingVisit:
		pill.Set(control.SignWarn, texts.T("capture.finding.error"), control.KindTrouble)
	case FindingNothing:
		pill.Set(control.SignOpen, texts.T("bundle.nothing"), control.KindTrouble)
		words = texts.T("bundle.nothing.text")
	case FindingPaper:
		pill.Set(control.SignWarn, texts.T("capture.finding.paper"), control.KindTrouble)
		words = texts.T("capture.finding.paper.text")
	}
	label.SetText(x.Label)
	text.SetText(words)
	r.Refresh()
}
