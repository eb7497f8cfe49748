package pageview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/ui/control"
	"schalter/ui/look"
)

// outline is the panel with a file's bookmarks, and the names of files within it. It stands where the thumbnails do.
type outline struct {
	v     *View
	list  *control.List
	none  *control.Label
	files *control.Label
	under *fyne.Container
	box   *fyne.Container
	shown uint64 // the model's count of contents that the list was filled with
	at    int
	quiet bool
}

// Measures of the panel.
const (
	outlineWidth  = 236
	outlineRow    = 30
	outlineIndent = 14
	outlineDepth  = 8 // beyond it entries are indented no further
	filesNamed    = 5
)

func newOutline(v *View) *outline {
	o := &outline{v: v, at: -1}
	o.list = control.NewList(newHeading, o.fill)
	o.list.RowHeight = outlineRow
	o.list.Name = v.texts.T("pageview.outline")
	o.list.OnSelect = func(i int) {
		if !o.quiet && i >= 0 {
			v.m.toHeading(i)
		}
	}
	o.list.OnOpen = func(int) { control.Focus(v.area) }
	o.none = control.NewParagraph("", control.Muted)
	o.files = control.NewParagraph("", control.Small)
	o.under = control.Column(0, control.NewDivider(), control.Pad(8, 10, 8, 10, o.files))
	ground := control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Surface2 })
	inner := container.New(outlinePanes{o}, o.list, control.Pad(12, 10, 12, 10, o.none), o.under)
	o.box = control.Width(outlineWidth, &fyne.Container{Layout: besides{}, Objects: []fyne.CanvasObject{ground, inner, control.NewUpright()}})
	return o
}

// outlinePanes lays the list, or the words instead of it, above the files.
type outlinePanes struct{ o *outline }

func (outlinePanes) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(outlineWidth, 0) }

func (l outlinePanes) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	below := float32(0)
	if under := objects[2]; under.Visible() {
		under.Resize(fyne.NewSize(s.Width, under.MinSize().Height)) // paragraphs are as high as their width makes them
		below = under.MinSize().Height
		under.Resize(fyne.NewSize(s.Width, below))
		under.Move(fyne.NewPos(0, s.Height-below))
	}
	objects[0].Move(fyne.NewPos(0, 4))
	objects[0].Resize(fyne.NewSize(s.Width, max(0, s.Height-below-4)))
	objects[1].Resize(fyne.NewSize(s.Width, s.Height-below))
}

// newHeading is a row: the entry, and the page it leads to.
func newHeading() fyne.CanvasObject {
	page := control.NewLabel("", control.Small)
	page.Align = fyne.TextAlignTrailing
	return &fyne.Container{Layout: headingLayout{}, Objects: []fyne.CanvasObject{control.NewShort("", control.Body), page, &indent{}}}
}

// indent is how far a heading stands in.
type indent struct {
	canvas.Rectangle
	by float32
}

type headingLayout struct{}

func (headingLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, 10) }

func (headingLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const edge = 10
	in := edge + o[2].(*indent).by
	text, page := o[0].MinSize(), o[1].MinSize()
	o[0].Move(fyne.NewPos(in, (s.Height-text.Height)/2))
	o[0].Resize(fyne.NewSize(max(0, s.Width-in-page.Width-2*edge), text.Height))
	o[1].Move(fyne.NewPos(s.Width-page.Width-edge, (s.Height-page.Height)/2))
	o[1].Resize(page)
}

func (o *outline) fill(i int, row fyne.CanvasObject) {
	m := o.v.m
	if i >= len(m.contents.Outline) {
		return
	}
	h := m.contents.Outline[i]
	c := row.(*fyne.Container)
	title := h.Title
	if title == "" {
		title = "…"
	}
	c.Objects[0].(*control.Label).SetText(title)
	page := ""
	if h.Page >= 0 {
		page = m.label(h.Page)
	}
	c.Objects[1].(*control.Label).SetText(page)
	c.Objects[2].(*indent).by = outlineIndent * float32(min(h.Depth, outlineDepth))
	c.Layout.Layout(c.Objects, c.Size())
}

// update follows the paper.
func (o *outline) update() {
	m := o.v.m
	if !o.v.Outline() {
		return
	}
	if o.shown != m.told {
		o.shown, o.at = m.told, -1
		o.quiet = true
		o.list.SetLength(len(m.contents.Outline))
		o.quiet = false
		o.say()
	}
	if at := m.heading(); at != o.at {
		o.at = at
		if now := o.list.Selected(); at >= 0 && (now < 0 || m.contents.Outline[now].Page != m.page) {
			o.quiet = true
			o.list.Select(at)
			o.quiet = false
		}
	}
}

// say puts words where there is nothing to list.
func (o *outline) say() {
	m, t := o.v.m, o.v.texts
	text := ""
	if len(m.contents.Outline) == 0 {
		text = t.T("pageview.outline.none")
	}
	o.none.SetText(text)
	files := m.contents.Files
	if o.under.Hidden = len(files) == 0; len(files) > 0 {
		names := strings.Join(files[:min(len(files), filesNamed)], ", ")
		if len(files) > filesNamed {
			names += " …"
		}
		o.files.SetText(t.T("pageview.outline.files", "n", len(files), "names", names))
	}
	o.box.Refresh()
}
