package letter

import (
	"io"

	"codeberg.org/go-pdf/fpdf"

	"schalter/data/record"
)

const millimetre = 72 / 25.4 // in points

// Colours of what clerks put on pages.
var (
	stampInk  = colour{0x0B, 0x3D, 0x91}
	noteInk   = colour{0x3A, 0x31, 0x00}
	noteTint  = colour{0xFF, 0xF4, 0xB8}
	noteEdge  = colour{0xC9, 0xA8, 0x1E}
	markerInk = colour{0xFF, 0xE6, 0x3B}
)

// WriteMarks writes a PDF of one clear page, as large as the page of a document (in points), with the marks on
// it, to be laid over that page. What is to be blackened is not drawn: that is no matter of drawing.
func WriteMarks(w io.Writer, width, height float64, marks []record.Mark) error {
	t, err := textsFor("de")
	if err != nil {
		return err
	}
	s, err := newSheetOf(paper{}, t, fpdf.SizeType{Wd: width / millimetre, Ht: height / millimetre})
	if err != nil {
		return err
	}
	wide, high := width/millimetre, height/millimetre
	for _, m := range marks {
		for i, b := range m.Boxes {
			x, y, bw, bh := b.X0*wide, b.Y0*high, (b.X1-b.X0)*wide, (b.Y1-b.Y0)*high
			switch m.Kind {
			case record.MarkHighlight:
				s.highlight(x, y, bw, bh)
			case record.MarkBlack:
			case record.MarkNote:
				s.noteMark(x, y, bw, bh, first(i, m.Text))
			default: // a kind that is yet to be made looks like a stamp
				s.stampMark(x, y, bw, bh, first(i, m.Text))
			}
		}
	}
	return s.write(w)
}

// first is the text where it stands: in the first box of a mark.
func first(box int, text string) string {
	if box > 0 {
		return ""
	}
	return text
}

func (s *sheet) highlight(x, y, w, h float64) {
	s.pdf.SetAlpha(0.6, "Multiply")
	s.pdf.SetFillColor(markerInk[0], markerInk[1], markerInk[2])
	s.pdf.Rect(x, y, w, h, "F")
	s.pdf.SetAlpha(1, "Normal")
}

func (s *sheet) stampMark(x, y, w, h float64, text string) {
	s.pdf.SetDrawColor(stampInk[0], stampInk[1], stampInk[2])
	s.pdf.SetLineWidth(0.6)
	s.pdf.RoundedRect(x, y, w, h, min(1.5, h/4), "1234", "D")
	s.within(x, y, w, h, text, "B", stampInk, true)
}

func (s *sheet) noteMark(x, y, w, h float64, text string) {
	s.box(x, y, w, h, min(1, h/4), noteTint, noteEdge)
	s.within(x, y, w, h, text, "", noteInk, false)
}

// within writes text as large as it fits into a box, between 4 and 16 points.
func (s *sheet) within(x, y, w, h float64, text, weight string, c colour, middle bool) {
	if text == "" {
		return
	}
	pad := min(1.6, w/10, h/6)
	size := 16.0
	var lines []string
	for ; ; size -= 0.5 {
		s.style(size, weight, c)
		lines = s.wrap(text, w-2*pad)
		if size <= 4 || float64(len(lines))*s.leading() <= h-2*pad {
			break
		}
	}
	fits := max(1, int((h-2*pad)/s.leading()+1e-6))
	lines = lines[:min(len(lines), fits)]
	top := y + pad
	if middle {
		top = y + (h-float64(len(lines))*s.leading())/2
	}
	for _, l := range lines {
		at := x + pad
		if middle {
			at = x + (w-s.pdf.GetStringWidth(l))/2
		}
		top = s.lines(at, top, []string{l})
	}
}
