package letter

import (
	"slices"
	"strconv"
	"strings"

	"schalter/data/form"
)

// answerBox is the place for one answer on an empty form.
type answerBox struct {
	f     *form.Field
	span  int // columns of twelve
	label string
	help  string
}

// The most choices that are ticked; of a longer list one writes the key or the text. On paper there may be
// more than on the screen, because nobody can search.
const (
	maxTicks  = 24
	tickText  = 1500 // letters of all choices; more would not fit on a page
	tickSide  = 3.6
	boxHeight = 8.0
)

// spans are at least as wide as what is written by hand into them.
var spans = map[form.Type]int{
	form.TypeDate: 4, form.TypeMonth: 3, form.TypeTime: 2, form.TypeIBAN: 12, form.TypeTaxID: 5, form.TypeChip: 6, form.TypeAGS: 4,
	form.TypeMoney: 3, form.TypePostcode: 3, form.TypePhone: 5, form.TypePlate: 4,
}

// answerBoxes are the places for a field, several where it repeats.
func (b *blank) answerBoxes(f *form.Field) []answerBox {
	if f.Calculated() || f.Internal {
		return nil
	}
	a := answerBox{f: f, span: max(f.Width, spans[f.Type]), label: brief(f.Label.In(b.lang), 300), help: brief(f.Help.In(b.lang), 150)}
	if f.Type.Listed() || f.Type == form.TypeFile || f.Type == form.TypeSignature {
		a.span = 12
	}
	if f.Type.Listed() && !b.ticked(f) {
		a.span = max(f.Width, 6)
	}
	if f.Required {
		a.label += " *"
	}
	if b.sometimes[f.Path] {
		a.label += " " + b.t.say("blank.sometimes")
	}
	if f.Type == form.TypeMulti {
		a.label += " " + b.t.say("blank.several")
	}
	b.signed = b.signed || f.Type == form.TypeSignature
	if f.Repeat == nil {
		return []answerBox{a}
	}
	var out []answerBox
	for n := range b.rowsOf(f.Repeat) {
		x := a
		x.label = a.label + " (" + strconv.Itoa(n+1) + ")"
		if n > 0 {
			x.help = ""
		}
		out = append(out, x)
	}
	return out
}

// boxes draws one row of places beside each other.
func (b *blank) boxes(row []answerBox) {
	const gap = 4.0
	labels, bodies, helps := 0.0, 0.0, 0.0
	widths := make([]float64, len(row))
	for i, a := range row {
		widths[i] = float64(a.span)*(width+gap)/12 - gap
		b.style(8, "", ink)
		labels = max(labels, float64(len(b.wrap(a.label, widths[i])))*b.leading())
		bodies = max(bodies, b.height(a, widths[i]))
		if a.help != "" {
			b.style(7, "", second)
			helps = max(helps, float64(len(b.wrap(a.help, widths[i])))*b.leading())
		}
	}
	if len(row) == 0 {
		return
	}
	b.room(labels + bodies + helps + 3)
	y := b.pdf.GetY()
	x := left
	for i, a := range row {
		b.style(8, "", ink)
		text := b.wrap(a.label, widths[i])
		b.lines(x, y+labels-float64(len(text))*b.leading(), text)
		b.answer(a, x, y+labels+0.6, widths[i])
		if a.help != "" {
			below := y + labels + 0.9 + b.height(a, widths[i])
			b.style(7, "", second)
			b.lines(x, below, b.wrap(a.help, widths[i]))
		}
		x += widths[i] + gap
	}
	b.pdf.SetY(y + labels + bodies + helps + 2.6)
}

// height is the room an answer takes.
func (b *blank) height(a answerBox, w float64) float64 {
	f := a.f
	switch {
	case f.Type == form.TypeMultiline:
		return boxHeight * float64(min(max(f.Lines, 2), 8))
	case f.Type == form.TypeSignature:
		return 22
	case b.ticked(f):
		h := 0.0
		for _, r := range b.ticks(f, w).heights {
			h += r
		}
		return h
	case f.Type.Listed():
		b.style(7, "", second)
		return boxHeight + b.leading() + 0.5
	}
	return boxHeight
}

// note draws words between the questions; they may go on over the end of a page.
func (b *blank) note(f *form.Field) {
	b.style(8.5, "", ink)
	b.side(b.leading(), b.column(left, width, part{f.Label.In(b.lang), 8.5, ink}, part{f.Help.In(b.lang), 8.5, second}))
	b.pdf.SetY(b.pdf.GetY() + 1)
}

// ticked reports whether a field is answered with ticks.
func (b *blank) ticked(f *form.Field) bool {
	if !f.Type.Listed() {
		return f.Type == form.TypeBoolean || f.Type == form.TypeFile
	}
	letters := 0
	for _, c := range f.Choices()[:min(len(f.Choices()), maxTicks)] {
		letters += len(c.Label.In(b.lang))
	}
	return len(f.Choices()) <= maxTicks && letters <= tickText
}

// answer draws the place itself.
func (b *blank) answer(a answerBox, x, y, w float64) {
	f := a.f
	switch {
	case f.Type == form.TypeSignature:
		b.empty(x, y, min(w, 110), 22)
		b.style(7, "", second)
		b.lines(x+2, y+17.5, []string{b.t.say("blank.sign_here")})
		return
	case b.ticked(f):
		b.drawTicks(f, x, y, w)
		return
	case f.Type.Listed():
		b.empty(x, y, w, boxHeight)
		b.style(7, "", second)
		b.lines(x, y+boxHeight+0.3, []string{b.t.say("blank.key")})
		return
	case f.Type == form.TypeMultiline:
		b.ruled(x, y, w, b.height(a, w))
		return
	case b.comb(f, x, y, w):
		return
	}
	b.empty(x, y, w, boxHeight)
	unit := f.Unit.In(b.lang)
	if f.Type == form.TypeMoney {
		unit = "€"
	}
	if unit != "" {
		b.style(9, "", second)
		b.rightLine(x+w-2, y+boxHeight/2-b.leading()/2, unit)
	}
}

// empty is a box to write into.
func (b *blank) empty(x, y, w, h float64) {
	b.pdf.SetDrawColor(second[0], second[1], second[2])
	b.pdf.SetLineWidth(0.25)
	b.pdf.Rect(x, y, w, h, "D")
}

// ruled is a box with lines to write several lines into.
func (b *blank) ruled(x, y, w, h float64) {
	b.empty(x, y, w, h)
	for at := y + boxHeight; at < y+h-1; at += boxHeight {
		b.rule(x+2, at, w-4, 0.12, line)
	}
}

// combs are the digits of types that are written one by one, in blocks, and what stands between.
var combs = map[form.Type]struct {
	blocks  []int
	between string
}{
	form.TypeDate: {[]int{2, 2, 4}, "."}, form.TypeMonth: {[]int{2, 4}, "/"}, form.TypeTime: {[]int{2, 2}, ":"},
	form.TypeIBAN: {[]int{4, 4, 4, 4, 4, 2}, ""}, form.TypeTaxID: {[]int{2, 3, 3, 3}, ""}, form.TypeChip: {[]int{3, 4, 4, 4}, ""},
	form.TypeAGS: {[]int{8}, ""}, form.TypePostcode: {[]int{5}, ""},
}

// comb draws one box for each digit; false where the type has none or the digits would be too small.
func (b *blank) comb(f *form.Field, x, y, w float64) bool {
	c, ok := combs[f.Type]
	if !ok {
		return false
	}
	digits := 0
	for _, n := range c.blocks {
		digits += n
	}
	const gap = 2.6
	cell := min(5.6, (w-gap*float64(len(c.blocks)-1))/float64(digits))
	if cell < 3.8 {
		return false
	}
	for i, n := range c.blocks {
		if i > 0 {
			b.style(10, "B", second)
			b.lines(x+gap/2-b.pdf.GetStringWidth(c.between)/2, y+1.6, []string{c.between})
			x += gap
		}
		for range n {
			b.empty(x, y, cell, boxHeight)
			x += cell
		}
	}
	return true
}

// tickPlan says how choices lie: how many beside each other, the words of each, how high each line is.
type tickPlan struct {
	perRow  int
	wide    float64 // of one of them
	texts   [][]string
	heights []float64
}

func (b *blank) ticks(f *form.Field, w float64) tickPlan {
	b.style(9, "", ink)
	lead := b.leading()
	longest := 0.0
	var labels []string
	switch f.Type {
	case form.TypeBoolean:
		labels = []string{form.Format(f, "true", b.lang), form.Format(f, "false", b.lang)}
	case form.TypeFile:
		labels = []string{b.t.say("blank.enclosed")}
	default:
		for _, c := range f.Choices() {
			labels = append(labels, c.Label.In(b.lang))
		}
	}
	for _, l := range labels {
		longest = max(longest, b.pdf.GetStringWidth(b.clean(l)))
	}
	p := tickPlan{perRow: max(1, min(len(labels), int(w/(longest+tickSide+7))))}
	p.wide = min(w/float64(p.perRow), longest+tickSide+14)
	for i, l := range labels {
		text := b.wrap(l, p.wide-tickSide-3)
		p.texts = append(p.texts, text)
		if i%p.perRow == 0 {
			p.heights = append(p.heights, 0)
		}
		h := &p.heights[len(p.heights)-1]
		*h = max(*h, float64(len(text))*lead+1.2)
	}
	return p
}

func (b *blank) drawTicks(f *form.Field, x, y, w float64) {
	p := b.ticks(f, w)
	b.style(9, "", ink)
	lead := b.leading()
	for i, text := range p.texts {
		at := x + float64(i%p.perRow)*p.wide
		b.pdf.SetDrawColor(ink[0], ink[1], ink[2])
		b.pdf.SetLineWidth(0.3)
		b.pdf.Rect(at, y+lead/2-tickSide/2, tickSide, tickSide, "D")
		b.lines(at+tickSide+2, y, text)
		if i%p.perRow == p.perRow-1 {
			y += p.heights[i/p.perRow]
		}
	}
}

// tabular reports whether the rows of a group fit into a table to write into.
func (b *blank) tabular(g *form.Group) bool {
	columns := 0
	for _, it := range g.Items {
		if it.Field == nil || it.Field.Repeat != nil || !slices.Contains(tabular, it.Field.Type) || it.Field.Type == form.TypeIBAN {
			return false
		}
		if it.Field.Calculated() || it.Field.Internal {
			continue
		}
		columns++
	}
	return columns > 1 && columns <= tableColumns
}

// lined is a table with empty rows.
func (b *blank) lined(g *form.Group) {
	var heads [][]string
	var widths []float64
	total, high := 0.0, 0.0
	for _, f := range g.Fields() {
		if f.Calculated() || f.Internal {
			continue
		}
		widths = append(widths, float64(max(f.Width, 2)))
		total += widths[len(widths)-1]
	}
	for i, f := range b.asked(g) {
		widths[i] *= (width - 8) / total
		label := f.Label.In(b.lang)
		if f.Required {
			label += " *"
		}
		switch {
		case f.Type == form.TypeBoolean:
			label += " (" + form.Format(f, "true", b.lang) + "/" + form.Format(f, "false", b.lang) + ")"
		case f.Type == form.TypeChoice && len(f.Choices()) <= 6:
			names := make([]string, len(f.Choices()))
			for k, c := range f.Choices() {
				names[k] = c.Label.In(b.lang)
			}
			label += ": " + strings.Join(names, ", ")
		}
		b.style(7.5, "", ink)
		heads = append(heads, b.wrap(label, widths[i]-2))
		high = max(high, float64(len(heads[i]))*b.leading())
	}
	n := b.rowsOf(g.Repeat)
	b.room(high + 2*boxHeight + 3)
	y := b.pdf.GetY()
	x := left + 8
	for i, h := range heads {
		b.style(7.5, "", ink)
		b.lines(x+0.5, y+high-float64(len(h))*b.leading(), h)
		x += widths[i]
	}
	b.pdf.SetY(y + high + 0.6)
	for r := range n {
		b.room(boxHeight + 1)
		y := b.pdf.GetY()
		b.style(8, "", second)
		b.lines(left, y+2, []string{strconv.Itoa(r+1) + "."})
		x := left + 8
		for _, w := range widths {
			b.empty(x, y, w, boxHeight)
			x += w
		}
		b.pdf.SetY(y + boxHeight)
	}
	b.pdf.SetY(b.pdf.GetY() + 2)
}

// asked are the fields of a group that somebody answers.
func (b *blank) asked(g *form.Group) []*form.Field {
	return slices.DeleteFunc(g.Fields(), func(f *form.Field) bool { return f.Calculated() || f.Internal })
}
