package pageview

import (
	"image/color"
	"math"
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

// objects are what draws a patch on a page of a size.
func (p patch) objects(size fyne.Size) []fyne.CanvasObject {
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
	switch p.look {
	case lookStamp:
		objects = append(objects, lines(p.text, at, s, stampSize(p.text, s), stampInk, fyne.TextAlignCenter, true)...)
	case lookNote:
		objects = append(objects, lines(p.text, at.AddXY(4, 2), s.SubtractWidthHeight(8, 4), noteSize(size), noteInk, fyne.TextAlignLeading, false)...)
	default:
	}
	return objects
}

// ringOnPaper is the colour of rings on white, also where the look's own ring is a light one.
func ringOnPaper() color.Color { return color.NRGBA{R: 0x0B, G: 0x5C, B: 0xAD, A: 0xFF} }

// stampSize is the text size with which a stamp's text fills its frame.
func stampSize(text string, s fyne.Size) float32 {
	rows := strings.Split(text, "\n")
	size := s.Height / float32(len(rows)) * 0.62
	wide := float32(0)
	for _, row := range rows {
		wide = max(wide, fyne.MeasureText(row, 20, fyne.TextStyle{Bold: true}).Width)
	}
	if wide > 0 {
		size = min(size, 20*s.Width*0.9/wide)
	}
	return max(size, 4)
}

// noteSize is the text size of a note: it goes with the page, but stays readable.
func noteSize(page fyne.Size) float32 {
	return min(max(page.Width/595*96/72*9, look.TextTiny-2), look.TextBody)
}

// lines sets text into a frame, wrapped and cut off where it does not fit.
func lines(text string, at fyne.Position, s fyne.Size, size float32, ink color.Color, align fyne.TextAlign, bold bool) []fyne.CanvasObject {
	style := fyne.TextStyle{Bold: bold}
	height := fyne.MeasureText("Ag", size, style).Height
	rows := wrap(text, func(row string) bool { return fyne.MeasureText(row, size, style).Width <= s.Width })
	fit := int(math.Floor(float64(s.Height/height + 0.3)))
	if fit < len(rows) {
		if rows = rows[:max(fit, 0)]; fit > 0 {
			rows[fit-1] += " …"
		}
	}
	y := at.Y
	if align == fyne.TextAlignCenter {
		y += (s.Height - height*float32(len(rows))) / 2
	}
	var out []fyne.CanvasObject
	for i, row := range rows {
		t := canvas.NewText(row, ink)
		t.TextSize, t.TextStyle, t.Alignment = size, style, align
		t.Move(fyne.NewPos(at.X, y+float32(i)*height))
		t.Resize(fyne.NewSize(s.Width, height))
		out = append(out, t)
	}
	return out
}

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
		if k.Page == page {
			put(looks[k.Kind], k.Text, k.Boxes...)
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
