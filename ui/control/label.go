package control

import (
	"image/color"
	"math"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/ui/look"
)

// Style is how a text is set.
type Style int

// The styles.
const (
	Body    Style = iota
	Strong        // body, semi-bold
	Muted         // body in the second ink
	H1            // title of a screen
	H2            // title of a part
	Small         // status line, help under a field
	Caption       // name of a field
	Tiny          // heading in the rail
	Trouble       // what to correct, under a field
	Good
	Waiting
	Link // accent, semi-bold
)

func (s Style) size() float32 {
	switch s {
	case H1:
		return look.Text(look.TextH1)
	case H2:
		return look.Text(look.TextH2)
	case Small, Caption, Trouble, Good, Waiting:
		return look.Text(look.TextSmall)
	case Tiny:
		return look.Text(look.TextTiny)
	}
	return look.Text(look.TextBody)
}

func (s Style) text() fyne.TextStyle {
	switch s {
	case Strong, H1, H2, Tiny, Link:
		return fyne.TextStyle{Bold: true}
	}
	return fyne.TextStyle{}
}

func (s Style) color() color.Color {
	p := look.Palette()
	switch s {
	case Muted, Caption, Tiny, Small:
		return p.Ink2
	case Trouble:
		return p.Trouble
	case Good:
		return p.Good
	case Waiting:
		return p.Waiting
	case Link:
		return p.Accent
	}
	return p.Ink
}

// lineHeight is that of the mock-ups, 1.35 times the size.
func (s Style) lineHeight() float32 { return float32(math.Ceil(float64(s.size()) * 1.35)) }

// Label is text. It is one line, shortened with an ellipsis where it does not fit, or a paragraph that
// wraps at its width.
type Label struct {
	widget.BaseWidget
	Align fyne.TextAlign // of one line; set before it is shown

	content string
	style   Style
	wrap    bool
	shorten bool
	width   float32
	tint    color.Color // instead of the style's colour
}

// NewLabel makes one line that needs its full width.
func NewLabel(text string, style Style) *Label {
	l := &Label{content: text, style: style}
	l.ExtendBaseWidget(l)
	return l
}

// NewShort makes one line that may be shortened to next to nothing.
func NewShort(text string, style Style) *Label {
	l := &Label{content: text, style: style, shorten: true}
	l.ExtendBaseWidget(l)
	return l
}

// NewParagraph makes text that wraps.
func NewParagraph(text string, style Style) *Label {
	l := &Label{content: text, style: style, wrap: true}
	l.ExtendBaseWidget(l)
	return l
}

// Text returns the text.
func (l *Label) Text() string { return l.content }

// SetText changes the text.
func (l *Label) SetText(s string) {
	if l.content != s {
		l.content = s
		l.Refresh()
	}
}

// SetStyle changes the style.
func (l *Label) SetStyle(s Style) {
	if l.style != s {
		l.style = s
		l.Refresh()
	}
}

// Resize wraps at the new width.
func (l *Label) Resize(s fyne.Size) {
	changed := l.width != s.Width
	l.width = s.Width
	l.BaseWidget.Resize(s)
	if changed && (l.wrap || l.shorten) {
		l.Refresh()
	}
}

// MinSize of a paragraph is its height at the width it was last given.
func (l *Label) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return l.BaseWidget.MinSize()
}

// AccessibilityLabel is the text.
func (l *Label) AccessibilityLabel() string { return l.content }

// AccessibilityRole is text.
func (l *Label) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	r := &labelRenderer{label: l}
	r.Refresh()
	return r
}

type labelRenderer struct {
	label   *Label
	lines   []*canvas.Text
	objects []fyne.CanvasObject
	min     fyne.Size
}

func (r *labelRenderer) Destroy()                     {}
func (r *labelRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *labelRenderer) MinSize() fyne.Size           { return r.min }

func (r *labelRenderer) Layout(size fyne.Size) {
	h := r.label.style.lineHeight()
	y := float32(0)
	if !r.label.wrap {
		y = (size.Height - h) / 2
	}
	for _, t := range r.lines {
		th := t.MinSize().Height
		t.Move(fyne.NewPos(0, y+(h-th)/2))
		t.Resize(fyne.NewSize(size.Width, th))
		y += h
	}
}

func (r *labelRenderer) Refresh() {
	l := r.label
	size, style := l.style.size(), l.style.text()
	lines := []string{l.content}
	switch {
	case l.wrap:
		lines = wrap(l.content, l.width, size, style)
	case l.shorten && l.width > 0:
		lines[0] = Shorten(l.content, l.width, size, style)
	}
	for len(r.lines) < len(lines) {
		r.lines = append(r.lines, &canvas.Text{})
	}
	r.lines = r.lines[:len(lines)]
	r.objects = r.objects[:0]
	ink := l.style.color()
	if l.tint != nil {
		ink = l.tint
	}
	r.min = fyne.NewSize(0, l.style.lineHeight()*float32(len(lines)))
	for i, s := range lines {
		t := r.lines[i]
		t.Text, t.TextSize, t.TextStyle, t.Color, t.Alignment = s, size, style, ink, l.Align
		r.objects = append(r.objects, t)
		if w := t.MinSize().Width; !l.wrap && !l.shorten && w > r.min.Width {
			r.min.Width = w
		}
		t.Refresh()
	}
	r.Layout(l.Size())
}

// End is where a wrapping label's last line ends.
func (l *Label) End() float32 {
	size, style := l.style.size(), l.style.text()
	lines := wrap(l.content, l.width, size, style)
	return measure(lines[len(lines)-1], size, style)
}

// wrap breaks text at spaces so that no line is wider than width; a longer word stands alone, and a no-break
// space is no place to break. Width 0 breaks only at line ends.
func wrap(text string, width, size float32, style fyne.TextStyle) []string {
	var out []string
	for par := range strings.SplitSeq(text, "\n") {
		if width <= 0 || measure(par, size, style) <= width {
			out = append(out, par)
			continue
		}
		line := ""
		for w := range strings.FieldsFuncSeq(par, breakable) {
			try := w
			if line != "" {
				try = line + " " + w
			}
			if line != "" && measure(try, size, style) > width {
				out = append(out, line)
				try = w
			}
			line = try
		}
		out = append(out, line)
	}
	return out
}

// Shorten cuts text to width and marks the cut with an ellipsis.
func Shorten(text string, width, size float32, style fyne.TextStyle) string {
	if measure(text, size, style) <= width {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if measure(strings.TrimRight(string(runes[:mid]), " ")+"…", size, style) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return "…"
	}
	return strings.TrimRight(string(runes[:lo]), " ") + "…"
}

func measure(s string, size float32, style fyne.TextStyle) float32 {
	return fyne.MeasureText(s, size, style).Width
}

func breakable(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' }
