package letter

import (
	"schalter/data/form"
)

const labelWidth = 56.0

// answers draws the groups with their rows.
func (s *letter) answers() {
	begun := false
	for _, g := range s.c.Groups {
		if len(g.Rows) == 0 && g.Table == nil {
			continue
		}
		if !begun {
			s.heading(s.withSecond("answers"), 20)
			begun = true
		}
		s.room(18)
		s.groupTitle(g.Title, g.Also)
		s.again = func() { s.groupTitle(g.Title+" "+s.t.say("continued"), "") }
		if g.Table != nil {
			s.table(*g.Table)
		}
		for _, r := range g.Rows {
			s.row(r)
		}
		s.again = nil
		s.pdf.SetY(s.pdf.GetY() + 3.5)
	}
}

func (s *sheet) groupTitle(title, also string) {
	if title != "" {
		s.style(9.5, "B", accent)
		wrapped := s.wrap(title, width)
		s.pdf.SetY(s.lines(left, s.pdf.GetY()+1, wrapped[:min(3, len(wrapped))]) + 0.8) // an answer must still fit below
	}
	if also != "" {
		s.style(8.5, "", second)
		s.pdf.SetY(s.lines(left, s.pdf.GetY()-0.8, s.wrap(also, width)[:1]) + 0.8)
	}
	s.rule(left, s.pdf.GetY(), width, 0.2, line)
}

// column is text that runs down beside another: lines of the first language, of the second beneath.
type column struct {
	x     float64
	parts []part
}

// part is a line in its style.
type part struct {
	text string
	size float64
	ink  colour
}

func (s *sheet) column(x, w float64, pieces ...part) column {
	c := column{x: x}
	for _, p := range pieces {
		if p.text == "" {
			continue
		}
		s.style(p.size, "", p.ink)
		for _, l := range s.wrap(p.text, w) {
			c.parts = append(c.parts, part{l, p.size, p.ink})
		}
	}
	return c
}

// side draws columns beside each other and goes on over the end of the page; the lines of all have the
// leading of the first style.
func (s *sheet) side(lead float64, columns ...column) {
	const pad = 1.1
	for {
		n := 0
		for _, c := range columns {
			n = max(n, len(c.parts))
		}
		if n == 0 {
			return
		}
		s.room(min(float64(n)*lead+2*pad, 60))
		y := s.pdf.GetY()
		n = max(1, min(n, int((pageHeight-bottom-y-2*pad)/lead)))
		for i := range columns {
			c := &columns[i]
			for k, p := range c.parts[:min(n, len(c.parts))] {
				s.style(p.size, "", p.ink)
				_, mm := s.pdf.GetFontSize()
				s.pdf.Text(c.x, y+pad+float64(k)*lead+lead/2+mm*0.35, p.text)
			}
			c.parts = c.parts[min(n, len(c.parts)):]
		}
		s.pdf.SetY(y + float64(n)*lead + 2*pad)
	}
}

// row draws one answer; one that is longer than a page goes on over the next.
func (s *sheet) row(r Row) {
	s.style(9.5, "", ink)
	lead := s.leading()
	if len(r.Signature) > 0 {
		s.room(signHeight + 4)
	}
	y := s.pdf.GetY()
	s.side(lead,
		s.column(left, labelWidth-4, part{r.Label, 9.5, second}, part{r.Also, 8, second}),
		s.column(left+labelWidth, width-labelWidth, part{r.Value, 9.5, ink}, part{r.ValueAlso, 8.5, second}, part{r.Note, 8, waiting}))
	if len(r.Signature) > 0 {
		s.signature(r.Signature, left+labelWidth, y+1.5, signHeight)
		s.pdf.SetY(max(s.pdf.GetY(), y+signHeight+3))
	}
	s.rule(left, s.pdf.GetY(), width, 0.12, line)
}

const signHeight = 20.0

// signature draws a signature as lines, in a box of a height.
func (s *sheet) signature(sig form.Signature, x, y, h float64) {
	scale := h / form.SignatureHeight
	s.pdf.SetDrawColor(ink[0], ink[1], ink[2])
	s.pdf.SetLineWidth(0.4)
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineJoinStyle("round")
	for _, stroke := range sig {
		p := stroke[0]
		s.pdf.MoveTo(x+float64(p.X)*scale, y+float64(p.Y)*scale)
		for _, q := range stroke {
			s.pdf.LineTo(x+float64(q.X)*scale, y+float64(q.Y)*scale)
		}
		s.pdf.DrawPath("D")
	}
	s.pdf.SetLineCapStyle("butt")
	s.pdf.SetLineJoinStyle("miter")
}

// table draws what repeats: a line for each row. Columns are as wide as what stands in them asks for.
func (s *sheet) table(t Table) {
	widths := s.columnWidths(t)
	const gap = 3.0
	cells := func(ink colour, size float64, first, also []string) {
		var out []column
		x := left
		for i, text := range first {
			pieces := []part{{text, size, ink}}
			if i < len(also) {
				pieces = append(pieces, part{also[i], 8, second})
			}
			out = append(out, s.column(x, widths[i]-gap, pieces...))
			x += widths[i]
		}
		s.style(9.5, "", ink)
		s.side(s.leading(), out...)
		s.rule(left, s.pdf.GetY(), width, 0.12, line)
	}
	head := func() { cells(second, 8.5, t.Columns, t.Also) }
	head()
	if title := s.again; title != nil {
		s.again = func() { title(); s.again = nil; head() }
	}
	for i, l := range t.Lines {
		var also []string
		if i < len(t.LinesAlso) {
			also = t.LinesAlso[i]
		}
		again := s.again
		cells(ink, 9.5, l, also)
		s.again = again
	}
}

// columnWidths shares the width of the page.
func (s *sheet) columnWidths(t Table) []float64 {
	wish := make([]float64, len(t.Columns))
	total := 0.0
	for i, c := range t.Columns {
		s.style(8.5, "", ink)
		wish[i] = min(s.pdf.GetStringWidth(s.clean(c)), 30)
		s.style(9.5, "", ink)
		for _, l := range t.Lines {
			wish[i] = max(wish[i], min(s.pdf.GetStringWidth(s.clean(l[i])), 60))
		}
		wish[i] += 4
		total += wish[i]
	}
	for i := range wish {
		wish[i] *= width / total
	}
	return wish
}
