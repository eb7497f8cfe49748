package pageview

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/data/record"
	"schalter/ui/look"
)

// Colours on paper, which is white in every look.
var (
	onSelected  = color.NRGBA{R: 0x2F, G: 0x7D, B: 0xD6, A: 0x55}
	onWord      = color.NRGBA{R: 0xFF, G: 0xCE, B: 0x00, A: 0x58}
	onCurrent   = color.NRGBA{R: 0xFF, G: 0x8A, B: 0x1E, A: 0x48}
	onHighlight = color.NRGBA{R: 0xFF, G: 0xDA, B: 0x00, A: 0x58}
	stampInk    = color.NRGBA{R: 0x1E, G: 0x3F, B: 0x9E, A: 0xFF}
	noteGround  = color.NRGBA{R: 0xFF, G: 0xF7, B: 0xC9, A: 0xF5}
	noteInk     = color.NRGBA{R: 0x3B, G: 0x35, B: 0x14, A: 0xFF}
	noteLine    = color.NRGBA{R: 0xC9, G: 0xB2, B: 0x3A, A: 0xFF}
)

// ground is a page on the screen: its size as it lies, the units of one of its points and the pixels of a unit.
type ground struct {
	size  fyne.Size
	point float32
	scale float64
	turns int
}

// objects are what draws a patch on a page.
func (p patch) objects(g ground) []fyne.CanvasObject {
	size := g.size
	r := canvas.NewRectangle(color.Transparent)
	at := fyne.NewPos(float32(p.box.X0)*size.Width, float32(p.box.Y0)*size.Height)
	s := fyne.NewSize(float32(p.box.X1-p.box.X0)*size.Width, float32(p.box.Y1-p.box.Y0)*size.Height)
	out := float32(0) // beyond the box
	switch p.look {
	case lookSelected:
		r.FillColor, out = onSelected, 1
	case lookWord, lookFound:
		r.FillColor, r.CornerRadius, out = onWord, 2, 1
	case lookCurrent:
		r.FillColor, r.CornerRadius, out = onCurrent, 2, 2
		r.StrokeColor, r.StrokeWidth = stampInk, 2
	case lookHighlight:
		r.FillColor = onHighlight
	case lookBlack:
		r.FillColor = color.Black
	case lookStamp:
		r.StrokeColor, r.StrokeWidth, r.CornerRadius = stampInk, 2, 3
	case lookNote:
		r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = noteGround, noteLine, 1, 2
	case lookChosen:
		r.StrokeColor, r.StrokeWidth, r.CornerRadius, out = ringOnPaper(), look.RingWidth, 3, 4
	case lookBand:
		r.StrokeColor, r.StrokeWidth, r.FillColor = ringOnPaper(), 2, color.NRGBA{R: 0x2F, G: 0x7D, B: 0xD6, A: 0x22}
	}
	r.Move(at.SubtractXY(out, out))
	r.Resize(s.AddWidthHeight(2*out, 2*out))
	objects := []fyne.CanvasObject{r}
	if p.text == "" {
		return objects
	}
	stands := s
	if g.turns%2 == 1 {
		stands = fyne.NewSize(s.Height, s.Width)
	}
	switch p.look {
	case lookStamp:
		objects = append(objects, write(p.text, stands, g.point, true, stampInk, true).objects(at, s, stands, g.scale, g.turns)...)
	case lookNote:
		objects = append(objects, write(p.text, stands, g.point, false, noteInk, false).objects(at, s, stands, g.scale, g.turns)...)
	default:
	}
	return objects
}

// ringOnPaper is the colour of rings on white, also where the look's own ring is a light one.
func ringOnPaper() color.Color { return color.NRGBA{R: 0x0B, G: 0x5C, B: 0xAD, A: 0xFF} }

// wrap breaks a text between words; a word that does not fit stands alone.
func wrap(text string, fits func(row string) bool) []string {
	var rows []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		row := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch longer := row + " " + word; {
			case row == "":
				row = word
			case fits(longer):
				row = longer
			default:
				rows = append(rows, row)
				row = word
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var looks = map[record.MarkKind]patchLook{
	record.MarkStamp: lookStamp, record.MarkNote: lookNote, record.MarkHighlight: lookHighlight, record.MarkBlack: lookBlack,
}

// patches are what is drawn over a page, undermost first.
func (m *model) patches(page int) []patch {
	var out []patch
	put := func(l patchLook, text string, boxes ...record.Box) {
		for _, b := range boxes {
			out = append(out, patch{turnBox(b, m.strip.turns), l, text})
		}
	}
	for _, k := range m.marks {
		if k.Page == page && len(k.Boxes) > 0 {
			put(looks[k.Kind], k.Text, k.Boxes[0])
			put(looks[k.Kind], "", k.Boxes[1:]...)
		}
	}
	for _, h := range m.hits(page) {
		put(h.look, "", h.boxes...)
	}
	boxes, _ := m.selected(page)
	put(lookSelected, "", boxes...)
	if i := m.chosen; i >= 0 && i < len(m.marks) && m.marks[i].Page == page {
		put(lookChosen, "", m.marks[i].Boxes...)
	}
	if l, ok := m.link(page, m.linked.word); ok && m.linked.page == page {
		put(lookChosen, "", m.linkBox(page, l))
	}
	if m.band.on && m.band.page == page {
		out = append(out, patch{box: orderly(m.band.box), look: lookBand})
	}
	return out
}

// seen is a hit and how it is drawn.
type seen struct {
	hit
	look patchLook
}

// hits are the words marked on a page: those that are looked for, else those marked from outside.
func (m *model) hits(page int) []seen {
	var out []seen
	if len(m.find.words) == 0 {
		if t := m.lib.peek(page); t != nil {
			for _, h := range t.begin(page, m.marked) {
				out = append(out, seen{h, lookWord})
			}
		}
		return out
	}
	now, one := m.find.at()
	for _, h := range m.find.on(page) {
		l := lookFound
		if one && before(h, now) == 0 {
			l = lookCurrent
		}
		out = append(out, seen{h, l})
	}
	return out
}
