package checks

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// scanRow is a scan in the list: what, of which case, how it stands.
type scanRow struct {
	widget.BaseWidget
	body       *fyne.Container
	head, what *control.Label
	pill       *control.Pill
}

func newScanRow() *scanRow {
	r := &scanRow{head: control.NewShort("", control.Strong), what: control.NewShort("", control.Muted), pill: control.NewPill("", "", control.KindNone)}
	r.body = control.Pad(0, 14, 0, 14, control.Upright(control.Column(4, control.Row(10, control.Grow(r.head), r.pill), r.what)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *scanRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *scanRow) show(t *i18n.Texts, row record.CheckRow, user string, now time.Time) {
	when := ""
	if n := row.Document.Transfer; n != nil {
		when = t.When(n.Time, now)
	}
	r.head.SetText(row.Document.Title)
	r.what.SetText(join(" · ", row.Party, when))
	text, kind := pill(t, row.Document, user)
	r.pill.Set("", text, kind)
	r.body.Refresh()
}

// pointRow is one thing that is compared: its key, what it asks, and what is wrong.
type pointRow struct {
	widget.BaseWidget
	right, wrong string
	bad          bool
	hovered      bool
	tapped       func()
	label        *control.Label
	ground       *control.Ground
	body         *fyne.Container
}

func newPointRow(key, right, wrong string, tapped func()) *pointRow {
	r := &pointRow{right: right, wrong: wrong, tapped: tapped, label: control.NewParagraph(right, control.Body)}
	r.ground = control.NewGround(func(g *canvas.Rectangle, p *look.Colors) {
		g.FillColor, g.CornerRadius = p.Surface, look.RadiusField
		switch {
		case r.bad:
			g.FillColor = p.TroubleSoft
		case r.hovered:
			g.FillColor = p.Hover
		}
	})
	row := control.Pad(5, 8, 5, 8, control.Row(10, control.NewKeyCap(key), control.Grow(r.label)))
	r.body = &fyne.Container{Layout: stacked{}, Objects: []fyne.CanvasObject{r.ground, row}}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *pointRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *pointRow) set(bad bool) {
	if r.bad == bad {
		return
	}
	r.bad = bad
	text, style := r.right, control.Body
	if bad {
		text, style = r.wrong, control.Strong
	}
	r.label.SetText(text)
	r.label.SetStyle(style)
	r.ground.Refresh()
	r.body.Refresh()
}

// Tapped says that it is wrong, or takes that back.
func (r *pointRow) Tapped(*fyne.PointEvent) { r.tapped() }

// MouseIn shows that it can be clicked.
func (r *pointRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.ground.Refresh() }

// MouseMoved does nothing.
func (r *pointRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (r *pointRow) MouseOut() { r.hovered = false; r.ground.Refresh() }

// AccessibilityLabel is what it says.
func (r *pointRow) AccessibilityLabel() string { return r.label.Text() }

// AccessibilityRole is button.
func (r *pointRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// stacked lays objects over each other; the last one says how high they are.
type stacked struct{}

func (stacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[len(o)-1].MinSize().Height)
}

func (stacked) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, x := range o {
		x.Move(fyne.Position{})
		x.Resize(s)
	}
}

// thirds sets list, papers and side beside each other; while the original lies beside the paper there is no list. The
// last object is shown where the list is empty.
type thirds struct{ s *Screen }

func (thirds) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(640), look.Px(300)) }

func (l thirds) Layout(o []fyne.CanvasObject, s fyne.Size) {
	none := len(l.s.l.rows) == 0
	put := func(n int, x, w float32, on bool) {
		if on != o[n].Visible() {
			if on {
				o[n].Show()
			} else {
				o[n].Hide()
			}
		}
		o[n].Move(fyne.NewPos(x, 0))
		o[n].Resize(fyne.NewSize(max(w, 0), s.Height))
	}
	left := min(max(s.Width*0.26, look.Px(280)), look.Px(400))
	right := min(max(s.Width*0.25, look.Px(312)), look.Px(380))
	if l.s.compare {
		left = -look.Gap
	}
	put(0, 0, left, !none && !l.s.compare)
	put(1, left+look.Gap, s.Width-left-right-2*look.Gap, !none)
	put(2, s.Width-right, right, !none)
	put(3, 0, s.Width, none)
}

// halves sets the paper and its original side by side; without the original the paper has all the room.
type halves struct{}

func (halves) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(240), look.Px(160)) }

func (halves) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := s.Width
	if o[2].Visible() {
		w = (s.Width - 1) / 2
		o[1].Move(fyne.NewPos(w, 0))
		o[1].Resize(fyne.NewSize(1, s.Height))
		o[2].Move(fyne.NewPos(w+1, 0))
		o[2].Resize(fyne.NewSize(s.Width-w-1, s.Height))
	}
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
}
