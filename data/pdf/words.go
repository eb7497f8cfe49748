package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"schalter/data/page"
)

// script hands out the codes of the invisible font: one for each letter used in the file, in the order of their
// first use, so that letters beyond the first plane and joined ones copy as what they mean.
type script struct {
	codes map[rune]uint16
	runes []rune // of code i+1
}

// maxCodes keeps codes within two bytes; code 0 is what a font shows for nothing.
const maxCodes = 65000

// write turns letters into codes in hexadecimal. It leaves out what is no letter.
func (s *script) write(text string) (hex string, n int) {
	var b strings.Builder
	for _, r := range text {
		if r == unicode.ReplacementChar || unicode.IsControl(r) || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
			continue
		}
		c, ok := s.codes[r]
		if !ok {
			if len(s.runes) == maxCodes {
				continue
			}
			if s.codes == nil {
				s.codes = map[rune]uint16{}
			}
			s.runes = append(s.runes, r)
			c = uint16(len(s.runes))
			s.codes[r] = c
		}
		fmt.Fprintf(&b, "%04X", c)
		n++
	}
	return b.String(), n
}

// joined are letters that a person would type as several.
var joined = map[rune]string{'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st"}

// meaning is the table by which a viewer copies text (ToUnicode).
func (s *script) meaning() string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for i, part := range slices.Collect(slices.Chunk(s.runes, 100)) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for j, r := range part {
			letters := joined[r]
			if letters == "" {
				letters = string(r)
			}
			fmt.Fprintf(&b, "<%04X> <", i*100+j+1)
			for _, u := range utf16.Encode([]rune(letters)) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.String()
}

// laid is a word on the page as it is read: its box in points from the bottom left.
type laid struct {
	text           string
	x0, y0, x1, y1 float64
	line           int
}

func (l laid) height() float64 { return l.y1 - l.y0 }

// lay brings the words to where the picture shows them. Words outside the page are left out: what was cut away
// is not copied. px and py are the points of one pixel.
func lay(t page.Text, p place, px, py float64) []laid {
	turns := quarter(t.Turns)
	m := p.straight().then(p.read(turns))
	var out []laid
	for _, w := range t.Words {
		text := strings.TrimSpace(w.Text)
		x, y := (w.X0+w.X1)/2*px, p.height-(w.Y0+w.Y1)/2*py
		if p.mirror {
			x = p.width - x
		}
		wide, high := untilted((w.X1-w.X0)*px, (w.Y1-w.Y0)*py, p.skew)
		if cx, cy := p.straight().apply(x, y); text == "" || !(cx >= 0 && cy >= 0 && cx <= p.pageW && cy <= p.pageH && wide > 0 && high > 0) {
			continue
		}
		x, y = m.apply(x, y)
		if turns%2 == 1 {
			wide, high = high, wide
		}
		out = append(out, laid{text, x - wide/2, y - high/2, x + wide/2, y + high/2, w.Line})
	}
	return out
}

// untilted is the size of a word whose box, upright around it while the picture is still askew, is w by h.
func untilted(w, h, skew float64) (float64, float64) {
	sin, cos := math.Sincos(math.Abs(skew))
	k := cos*cos - sin*sin
	if k < 0.2 { // too far for a box to tell
		return w, h
	}
	l, t := (w*cos-h*sin)/k, (h*cos-w*sin)/k
	if short := 0.3 * min(w, h); l < short || t < short { // the box did not lie askew
		return w, h
	}
	return l, t
}

// line gives the words of one line the same height, so that they are marked as one; words that climb or fall
// keep their own.
func line(words []laid) {
	low, high, sum := math.Inf(1), math.Inf(-1), 0.0
	for _, w := range words {
		low, high, sum = min(low, w.y0), max(high, w.y1), sum+w.height()
	}
	if high-low > 2*sum/float64(len(words)) {
		return
	}
	for i := range words {
		words[i].y0, words[i].y1 = low, high
	}
}

// The invisible font's measures, in thousandths of its size. A word's box is filled from descent to ascent.
const (
	glyphWidth = 500
	ascent     = 800
	descent    = -200
)

// content is the page's text in operators, invisible (rendering mode 3).
func (s *script) content(t page.Text, p place, px, py float64) string {
	words := lay(t, p, px, py)
	var b strings.Builder
	for len(words) > 0 {
		n := 1
		for n < len(words) && words[n].line == words[0].line {
			n++
		}
		line(words[:n])
		for i, w := range words[:n] {
			s.word(&b, w, i+1 < n, words[min(i+1, n-1)].x0)
		}
		words = words[n:]
	}
	if b.Len() == 0 {
		return ""
	}
	return "q " + p.upright(quarter(t.Turns)).String() + " cm BT 3 Tr\n" + b.String() + "ET Q"
}

// word writes one word as wide as its box, and behind it a space that reaches to the next.
func (s *script) word(b *strings.Builder, w laid, more bool, next float64) {
	hex, n := s.write(w.text)
	if n == 0 {
		return
	}
	size := w.height()
	stretch := func(width float64, n int) float64 { return 100 * width / (size * glyphWidth / 1000 * float64(n)) }
	fmt.Fprintf(b, "/F0 %s Tf %s Tz 1 0 0 1 %s Tm <%s> Tj", nums(size), nums(stretch(w.x1-w.x0, n)), nums(w.x0, w.y0-size*descent/1000), hex)
	if more {
		space, _ := s.write(" ")
		fmt.Fprintf(b, " %s Tz <%s> Tj", nums(stretch(max(size/20, next-w.x1), 1)), space)
	}
	b.WriteString("\n")
}
