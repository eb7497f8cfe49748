package capture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/formview"
	"schalter/ui/look"
	"schalter/ui/standing"
)

// visitStrip stands above the form while the clerk says how the application came. Closed it is a line in
// the header, and nothing at all where there is nothing to say.
type visitStrip struct {
	s     *Screen
	views map[*Tab]*formview.View
	form  *fyne.Container
	box   *fyne.Container
}

var visitKey = command.Plain(fyne.KeyF5)

func newVisitStrip(s *Screen) *visitStrip {
	v := &visitStrip{s: s, views: map[*Tab]*formview.View{}, form: container.New(visitHigh{})}
	t := s.texts
	keys := control.Row(10, control.Spacer(),
		control.NewKeyCap(t.T("key.Escape")), control.NewLabel(t.T("capture.visit.back"), control.Small))
	v.box = control.Column(0, control.NewDivider(), control.Pad(12, 8, 0, 16, v.form), control.Pad(0, 20, 10, 20, keys), control.NewDivider())
	v.box.Hide()
	return v
}

func (v *visitStrip) open() bool { return v.box.Visible() }

// toggle opens the strip with the cursor in it, or closes it and gives the cursor back to the form.
func (v *visitStrip) toggle(t *Tab) {
	if v.open() {
		v.close()
		v.s.Shown()
		return
	}
	v.show(t, visitPresent)
}

func (v *visitStrip) show(t *Tab, path string) {
	v.box.Show()
	v.update(t)
	v.s.root.Refresh()
	v.views[t].Focus(path)
}

func (v *visitStrip) close() {
	if v.open() {
		v.box.Hide()
		v.s.root.Refresh()
	}
}

// update shows the visit of the tab in front.
func (v *visitStrip) update(t *Tab) {
	for old := range v.views {
		if old.closed {
			delete(v.views, old)
		}
	}
	if !v.open() {
		return
	}
	w := v.views[t]
	if w == nil {
		w = formview.New(v.s.texts, t.visit)
		v.views[t] = w
	}
	if len(v.form.Objects) != 1 || v.form.Objects[0] != w.Object() {
		v.form.Objects = []fyne.CanvasObject{w.Object()}
		v.form.Refresh()
	}
}

// changed follows the fields.
func (v *visitStrip) changed(t *Tab, paths []string) {
	if w := v.views[t]; w != nil {
		w.Update(paths)
	}
}

// focus gives the cursor to the strip while it is open.
func (v *visitStrip) focus(t *Tab) bool {
	w := v.views[t]
	return v.open() && w != nil && w.Resume(visitPresent)
}

// words are what the header says of the visit.
func (v *visitStrip) words(t *Tab) string {
	channel, meeting, note := t.visit.meeting()
	words := standing.Came(v.s.texts, channel, meeting)
	if note != "" {
		if words != "" {
			words += " · "
		}
		words += v.s.texts.T("capture.visit.note")
	}
	return words
}

// visitHigh makes room for both rows of the strip.
type visitHigh struct{}

func (visitHigh) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, 2*look.Px(look.FieldHeight)+look.Px(102)+36)
}

func (visitHigh) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Resize(s)
	}
}
