package find

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/control"
	"schalter/ui/look"
)

// piece is a run of text, found or not.
type piece struct {
	text   string
	marked bool
}

// pieces splits a snippet at its marks: "\x02" before and "\x03" after a found word. Line breaks become
// spaces.
func pieces(s string) []piece {
	s = strings.Join(strings.Fields(s), " ")
	var out []piece
	add := func(text string, marked bool) {
		text = strings.NewReplacer("\x02", "", "\x03", "").Replace(text)
		if text != "" {
			out = append(out, piece{text, marked})
		}
	}
	for s != "" {
		before, rest, found := strings.Cut(s, "\x02")
		add(before, false)
		if !found {
			break
		}
		word, after, _ := strings.Cut(rest, "\x03")
		add(word, true)
		s = after
	}
	return out
}

// snippet is one line with the found words marked.
type snippet struct {
	widget.BaseWidget
	lead   string // where it was found, before the text
	pieces []piece
}

func newSnippet() *snippet {
	s := &snippet{}
	s.ExtendBaseWidget(s)
	return s
}

func (s *snippet) show(lead, text string) {
	s.lead, s.pieces = lead, pieces(text)
	s.Refresh()
}

// CreateRenderer belongs to Fyne.
func (s *snippet) CreateRenderer() fyne.WidgetRenderer {
	r := &snippetRenderer{s: s}
	r.Refresh()
	return r
}

type snippetRenderer struct {
	s       *snippet
	texts   []*canvas.Text
	marks   []*canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *snippetRenderer) Destroy()                     {}
func (r *snippetRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *snippetRenderer) MinSize() fyne.Size { return fyne.NewSize(0, look.Px(19)) }

func (r *snippetRenderer) Layout(fyne.Size) { r.Refresh() }

func (r *snippetRenderer) Refresh() {
	p, size := look.Palette(), r.s.Size()
	all := r.s.pieces
	if r.s.lead != "" {
		all = append([]piece{{r.s.lead + "  ", false}}, all...)
	}
	for len(r.texts) < len(all) {
		r.texts = append(r.texts, &canvas.Text{})
		r.marks = append(r.marks, canvas.NewRectangle(nil))
	}
	r.objects = r.objects[:0]
	x := float32(0)
	for i, pc := range all {
		t, m := r.texts[i], r.marks[i]
		t.TextSize, t.TextStyle, t.Color = look.Text(13), fyne.TextStyle{Bold: pc.marked}, p.Ink2
		if pc.marked || i == 0 && r.s.lead != "" {
			t.Color = p.Ink
		}
		if x >= size.Width {
			break
		}
		t.Text = control.Shorten(pc.text, size.Width-x, t.TextSize, t.TextStyle)
		w := fyne.MeasureText(t.Text, t.TextSize, t.TextStyle)
		t.Move(fyne.NewPos(x, (size.Height-w.Height)/2))
		t.Resize(w)
		m.Hidden = !pc.marked
		m.FillColor, m.CornerRadius = p.Mark, 3
		m.Move(fyne.NewPos(x-2, (size.Height-w.Height)/2-1))
		m.Resize(fyne.NewSize(w.Width+4, w.Height+2))
		r.objects = append(r.objects, m, t)
		t.Refresh()
		m.Refresh()
		x += w.Width
		if t.Text != pc.text {
			break
		}
	}
}
