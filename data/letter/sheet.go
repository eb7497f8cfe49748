package letter

import (
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
)

// Measures in millimetres; the places of address and folds are those of DIN 5008, form B.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	left       = 25.0
	right      = 20.0
	width      = pageWidth - left - right
	bottom     = 24.0 // free for the foot
	topLater   = 26.0 // where the text begins on pages after the first
)

type colour [3]int

// Colours of the house, dark enough for a laser printer in black and white.
var (
	ink       = colour{0x18, 0x22, 0x2D}
	second    = colour{0x56, 0x64, 0x74}
	line      = colour{0xC9, 0xD2, 0xDC}
	tint      = colour{0xF3, 0xF5, 0xF8}
	white     = colour{0xFF, 0xFF, 0xFF}
	accent    = colour{0x0B, 0x5C, 0xAD}
	waiting   = colour{0x9A, 0x5B, 0x00}
	waitingBg = colour{0xFF, 0xF7, 0xE8}
	good      = colour{0x1B, 0x7A, 0x48}
)

// sheet is a paper being written; y of the PDF is where the next thing goes.
type sheet struct {
	pdf    *fpdf.Fpdf
	t      texts
	glyphs *sfnt.Font
	later  func() // draws the head of the pages after the first
	again  func() // draws the title of what goes on over the end of a page; nil for nothing
}

// paper is what a PDF says about itself.
type paper struct {
	title, author, subject string
	made                   time.Time
}

func newSheet(about paper, t texts) (*sheet, error) {
	return newSheetOf(about, t, fpdf.SizeType{Wd: pageWidth, Ht: pageHeight})
}

// newSheetOf is newSheet for other sizes than A4, in millimetres.
func newSheetOf(about paper, t texts, size fpdf.SizeType) (*sheet, error) {
	f, err := fonts()
	if err != nil {
		return nil, err
	}
	if about.made.IsZero() { // fpdf would read a clock
		about.made = time.Unix(0, 0).UTC()
	}
	p := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: size})
	s := &sheet{pdf: p, t: t, glyphs: f.glyphs, later: func() {}}
	p.SetMargins(left, topLater, right)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(false, bottom)
	p.SetCatalogSort(true)
	p.SetCreationDate(about.made)
	p.SetModificationDate(about.made)
	p.SetProducer("Schalter", true)
	p.SetLang(t.lang)
	p.SetTitle(s.clean(about.title), true)
	p.SetAuthor(s.clean(about.author), true)
	p.SetSubject(s.clean(about.subject), true)
	p.SetDisplayMode("fullpage", "continuous")
	p.AddUTF8FontFromBytes("Noto", "", append([]byte(nil), f.regular...))
	p.AddUTF8FontFromBytes("Noto", "B", append([]byte(nil), f.bold...))
	p.AddPage()
	if err := p.Error(); err != nil {
		return nil, fmt.Errorf("begin PDF: %w", err)
	}
	return s, nil
}

func (s *sheet) clean(text string) string { return printable(s.glyphs, strings.TrimSpace(text)) }

// style sets font size in points, weight ("" or "B") and colour.
func (s *sheet) style(size float64, weight string, c colour) {
	s.pdf.SetFont("Noto", weight, size)
	s.pdf.SetTextColor(c[0], c[1], c[2])
}

// leading is the distance of two lines of the present size.
func (s *sheet) leading() float64 {
	_, mm := s.pdf.GetFontSize()
	return mm * 1.38
}

// wrap breaks text into lines of at most w; a word that is too long is broken where it must be.
func (s *sheet) wrap(text string, w float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s.clean(text), "\n") {
		var cur string
		for word := range strings.FieldsSeq(paragraph) {
			if next := strings.TrimSpace(cur + " " + word); s.pdf.GetStringWidth(next) <= w {
				cur = next
				continue
			}
			if cur != "" {
				lines = append(lines, cur)
			}
			for s.pdf.GetStringWidth(word) > w {
				head := s.fitting(word, w)
				lines = append(lines, head)
				word = word[len(head):]
			}
			cur = word
		}
		lines = append(lines, cur)
	}
	return lines
}

// fitting is the longest beginning of a word, at least one letter, that fits into w.
func (s *sheet) fitting(word string, w float64) string {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && s.pdf.GetStringWidth(word[:next]) > w {
			break
		}
		end = next
	}
	return word[:end]
}

// lines draws lines from y downwards and returns where the next would begin.
func (s *sheet) lines(x, y float64, lines []string) float64 {
	_, mm := s.pdf.GetFontSize()
	lead := s.leading()
	for _, l := range lines {
		s.pdf.Text(x, y+lead/2+mm*0.35, l)
		y += lead
	}
	return y
}

// rightLine draws one line that ends at x.
func (s *sheet) rightLine(x, y float64, text string) float64 {
	text = s.clean(text)
	return s.lines(x-s.pdf.GetStringWidth(text), y, []string{text})
}

func (s *sheet) rule(x, y, w, thickness float64, c colour) {
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(thickness)
	s.pdf.Line(x, y, x+w, y)
}

func (s *sheet) box(x, y, w, h, radius float64, fill, border colour) {
	s.pdf.SetFillColor(fill[0], fill[1], fill[2])
	s.pdf.SetDrawColor(border[0], border[1], border[2])
	s.pdf.SetLineWidth(0.25)
	s.pdf.RoundedRect(x, y, w, h, radius, "1234", "FD")
}

// room begins a new page when less than h is left, and reports whether it did.
func (s *sheet) room(h float64) bool {
	if s.pdf.GetY()+h <= pageHeight-bottom {
		return false
	}
	s.pdf.AddPage()
	s.later()
	if s.again != nil {
		s.again()
	}
	return true
}
