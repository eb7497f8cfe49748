package formview

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"schalter/data/form"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// toggle is a question whose answers can all be seen: side by side, of which one holds, or beneath each
// other, of which several may. It is one stop for Tab; arrows, space and first letters choose.
type toggle struct {
	widget.BaseWidget
	c       *cell
	several bool
	options []option
	at      int // where the arrow keys are
	focused bool
	state   control.FieldState
}

type option struct {
	code, text string
	on         bool
	lines      []string // text as it is broken at the width laid out last
}

func newSegments(c *cell) *toggle { return newToggle(c, false) }
func newChecks(c *cell) *toggle   { return newToggle(c, true) }

func newToggle(c *cell, several bool) *toggle {
	t := &toggle{c: c, several: several}
	t.load()
	t.ExtendBaseWidget(t)
	return t
}

func (t *toggle) load() {
	c := t.c
	if c.field.Type == form.TypeBoolean {
		t.options = []option{{code: "true", text: c.v.texts.T("formview.yes")}, {code: "false", text: c.v.texts.T("formview.no")}}
		return
	}
	t.options = nil
	if c.field.Type == form.TypeFile {
		t.loadPapers()
		return
	}
	for _, ch := range c.v.m.Match(c.path, "", maxChecks+1) {
		t.options = append(t.options, option{code: ch.Code, text: ch.Label.In(c.v.lang)})
	}
}

// loadPapers offers the papers that are there, and what the field names and is gone.
func (t *toggle) loadPapers() {
	named := strings.Split(t.c.state.Value, "\n")
	for _, p := range t.c.papers() {
		t.options = append(t.options, option{code: p.ID, text: p.Title, on: slices.Contains(named, p.ID)})
	}
	for _, id := range named {
		if id != "" && !slices.ContainsFunc(t.options, func(o option) bool { return o.code == id }) {
			t.options = append(t.options, option{code: id, text: t.c.v.texts.T("formview.file.gone"), on: true})
		}
	}
}

// papers are those a field of the type file can name.
func (c *cell) papers() []Paper {
	k, ok := c.v.m.(Keeper)
	if !ok {
		return nil
	}
	return k.Papers()
}

func (t *toggle) object() fyne.CanvasObject { return t }

func (t *toggle) keys() fyne.Focusable {
	if t.c.state.ReadOnly {
		return nil
	}
	return t
}

func (t *toggle) restyle() { t.Refresh() }

func (t *toggle) mark(s control.FieldState) {
	if t.state != s {
		t.state = s
		t.Refresh()
	}
}

// set takes the canonical answer from the model, not the text.
func (t *toggle) set(string) {
	if t.c.field.Type == form.TypeFile {
		t.load()
		t.at = max(0, min(t.at, len(t.options)-1))
		t.Refresh()
	}
	codes := strings.Split(t.c.state.Value, "\n")
	changed := false
	for i, o := range t.options {
		on := slices.Contains(codes, o.code)
		changed = changed || on != o.on
		t.options[i].on = on
		if on && !t.several {
			t.at = i
		}
	}
	if changed {
		t.Refresh()
	}
}

func (t *toggle) height(width float32) float32 {
	if !t.several {
		return look.Px(look.FieldHeight)
	}
	h := float32(0)
	for _, r := range t.rows(width) {
		h += r
	}
	return h
}

// rows are the heights of the lines of checks. Where one stands on a line alone, long words are broken.
func (t *toggle) rows(width float32) []float32 {
	n := t.perRow(width)
	out := make([]float32, (len(t.options)+n-1)/n)
	for i := range t.options {
		o := &t.options[i]
		o.lines = []string{o.text}
		if n == 1 {
			o.lines = broken(o.text, width-look.Px(40))
		}
		out[i/n] = max(look.Px(look.Target), float32(len(o.lines))*lineOfCheck()+look.Px(12))
	}
	return out
}

func lineOfCheck() float32 { return look.Px(look.TextBody) * 1.35 }

// broken breaks a text into lines of at most a width.
func broken(text string, width float32) []string {
	wide := func(s string) float32 { return fyne.MeasureText(s, look.Text(look.TextBody), fyne.TextStyle{}).Width }
	if wide(text) <= width {
		return []string{text}
	}
	var out []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if next := strings.TrimSpace(line + " " + word); line == "" || wide(next) <= width {
			line = next
			continue
		}
		out = append(out, line)
		line = word
	}
	return append(out, line)
}

// perRow puts checks into as many columns as the longest fits into.
func (t *toggle) perRow(width float32) int {
	longest := float32(1)
	for _, o := range t.options {
		longest = max(longest, fyne.MeasureText(o.text, look.Px(look.TextBody), fyne.TextStyle{}).Width+look.Px(40))
	}
	return max(1, int(width/longest))
}

// choose makes an option the answer, or takes it back where it is already.
func (t *toggle) choose(i int) {
	if t.c.state.ReadOnly || i >= len(t.options) {
		return
	}
	t.at = i
	var codes []string
	for k, o := range t.options {
		if k == i && !o.on || k != i && o.on && t.several {
			codes = append(codes, o.code)
		}
	}
	t.c.v.m.Type(t.c.path, strings.Join(codes, "\n"))
	t.Refresh()
}

// Tapped chooses with the mouse.
func (t *toggle) Tapped(e *fyne.PointEvent) {
	control.Focus(t)
	for i := range t.options {
		p, s := t.box(i, t.Size())
		if e.Position.X >= p.X && e.Position.X < p.X+s.Width && e.Position.Y >= p.Y && e.Position.Y < p.Y+s.Height {
			t.choose(i)
			return
		}
	}
}

// box is where an option lies.
func (t *toggle) box(i int, s fyne.Size) (fyne.Position, fyne.Size) {
	if t.several {
		n := t.perRow(s.Width)
		w, y := s.Width/float32(n), float32(0)
		rows := t.rows(s.Width)
		for _, h := range rows[:i/n] {
			y += h
		}
		return fyne.NewPos(float32(i%n)*w, y), fyne.NewSize(w, rows[i/n])
	}
	total := float32(0)
	for _, o := range t.options {
		total += t.wish(o)
	}
	x := float32(0)
	for k, o := range t.options {
		w := t.wish(o) * min(1, s.Width/total)
		if s.Width < total*1.5 {
			w = t.wish(o) * s.Width / total
		}
		if k == i {
			return fyne.NewPos(x, 0), fyne.NewSize(w, s.Height)
		}
		x += w
	}
	return fyne.Position{}, fyne.Size{}
}

func (t *toggle) wish(o option) float32 {
	return fyne.MeasureText("✓ "+o.text, look.Px(look.TextBody), fyne.TextStyle{}).Width + look.Px(28)
}

// TypedKey moves among the options; what it does not know goes to the commands.
func (t *toggle) TypedKey(k *fyne.KeyEvent) {
	back, on := fyne.KeyLeft, fyne.KeyRight
	if t.several {
		back, on = fyne.KeyUp, fyne.KeyDown
	}
	switch {
	case k.Name == back && t.at > 0:
		t.move(-1)
	case k.Name == on && t.at < len(t.options)-1:
		t.move(1)
	case k.Name == fyne.KeySpace:
		t.choose(t.at)
	case k.Name == fyne.KeyReturn, k.Name == fyne.KeyEnter:
		t.c.v.step(t.c, 1)
	case k.Name == fyne.KeyBackspace, k.Name == fyne.KeyDelete:
		t.c.v.m.Type(t.c.path, "")
	case k.Name == fyne.KeyLeft, k.Name == fyne.KeyRight:
	case !t.c.v.key(t.c, k, false):
		command.Forward(t, command.Plain(k.Name))
	}
}

// move goes to the option beside; side by side it becomes the answer at once.
func (t *toggle) move(by int) {
	none := !slices.ContainsFunc(t.options, func(o option) bool { return o.on })
	if !t.several && none {
		by = min(by, 0) // the first arrow takes the option the ring is on
	}
	t.at = max(0, t.at+by)
	if !t.several && !t.options[t.at].on {
		t.choose(t.at)
		return
	}
	t.Refresh()
}

// TypedRune chooses by the first letter of an option.
func (t *toggle) TypedRune(r rune) {
	r = unicode.ToLower(r)
	n := len(t.options)
	for k := 1; k <= n; k++ {
		i := (t.at + k) % n
		if !t.several {
			i = (t.at + k - 1 + n) % n
		}
		if first := []rune(strings.ToLower(t.options[i].text)); len(first) > 0 && first[0] == r {
			t.at = i
			if !t.options[i].on {
				t.choose(i)
			}
			return
		}
	}
}

// TypedShortcut undoes, or goes to the commands.
func (t *toggle) TypedShortcut(s fyne.Shortcut) {
	if t.c.v.shortcut(t.c, s) {
		return
	}
	if k, ok := command.KeyOf(s); ok {
		command.Forward(t, k)
	}
}

// FocusGained shows the ring.
func (t *toggle) FocusGained() {
	t.focused = true
	t.Refresh()
	t.c.v.focusMoved(t.c, true, nil)
}

// FocusLost takes the ring away.
func (t *toggle) FocusLost() {
	t.focused = false
	t.Refresh()
	t.c.v.focusMoved(t.c, false, nil)
}

// AccessibilityLabel is the question.
func (t *toggle) AccessibilityLabel() string { return t.c.caption }

// AccessibilityRole is text.
func (t *toggle) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer belongs to Fyne.
func (t *toggle) CreateRenderer() fyne.WidgetRenderer {
	r := &toggleRenderer{t: t, frame: canvas.NewRectangle(clear), ring: canvas.NewRectangle(clear)}
	r.Refresh()
	return r
}

type toggleRenderer struct {
	t           *toggle
	frame, ring *canvas.Rectangle
	faces       []*canvas.Rectangle
	bounds      []*canvas.Rectangle // between two answers
	texts       []*canvas.Text
	more        [][]*canvas.Text // the lines after the first
	signs       []*canvas.Text
}

// grow makes what is drawn for each option; papers come and go.
func (r *toggleRenderer) grow() {
	n := len(r.t.options)
	for len(r.faces) < n {
		r.faces = append(r.faces, canvas.NewRectangle(clear))
		r.bounds = append(r.bounds, canvas.NewRectangle(clear))
		r.texts = append(r.texts, &canvas.Text{})
		r.signs = append(r.signs, &canvas.Text{})
		r.more = append(r.more, nil)
	}
	r.faces, r.bounds, r.texts, r.signs, r.more = r.faces[:n], r.bounds[:n], r.texts[:n], r.signs[:n], r.more[:n]
}

func (r *toggleRenderer) Destroy()           {}
func (r *toggleRenderer) MinSize() fyne.Size { return fyne.NewSize(look.Target, look.Target) }

func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, 3*len(r.faces)+2)
	if !r.t.several {
		out = append(out, r.frame)
	}
	for i := range r.faces {
		out = append(out, r.faces[i], r.signs[i], r.texts[i])
		for _, l := range r.more[i] {
			out = append(out, l)
		}
		if i > 0 && !r.t.several {
			out = append(out, r.bounds[i])
		}
	}
	return append(out, r.ring)
}

func (r *toggleRenderer) Layout(s fyne.Size) {
	right := float32(0)
	for i := range r.faces {
		if i >= len(r.t.options) {
			break
		}
		p, size := r.t.box(i, s)
		right = max(right, p.X+size.Width)
		if r.t.several {
			r.placeCheck(i, p, size)
		} else {
			r.placeSegment(i, p, size)
		}
	}
	r.frame.Resize(fyne.NewSize(right, s.Height))
	r.ring.Resize(fyne.NewSize(right, s.Height))
	if r.t.several && r.t.at < len(r.t.options) {
		p, size := r.t.box(r.t.at, s)
		r.ring.Move(p)
		r.ring.Resize(size)
	}
}

func (r *toggleRenderer) placeSegment(i int, p fyne.Position, s fyne.Size) {
	r.faces[i].Move(p.AddXY(2, 2))
	r.faces[i].Resize(s.SubtractWidthHeight(4, 4))
	r.bounds[i].Move(p.AddXY(0, 9))
	r.bounds[i].Resize(fyne.NewSize(1, s.Height-18))
	sign, text := r.signs[i].MinSize(), r.texts[i].MinSize()
	w := text.Width
	if r.signs[i].Visible() {
		w += sign.Width + 6
	}
	x := p.X + (s.Width-w)/2
	if r.signs[i].Visible() {
		r.signs[i].Move(fyne.NewPos(x, (s.Height-sign.Height)/2))
		r.signs[i].Resize(sign)
		x += sign.Width + 6
	}
	r.texts[i].Move(fyne.NewPos(x, (s.Height-text.Height)/2))
	r.texts[i].Resize(text)
}

func (r *toggleRenderer) placeCheck(i int, p fyne.Position, s fyne.Size) {
	side := look.Px(18)
	y := p.Y + (s.Height-side)/2
	r.faces[i].Move(fyne.NewPos(p.X+6, y))
	r.faces[i].Resize(fyne.NewSize(side, side))
	sign := r.signs[i].MinSize()
	r.signs[i].Move(fyne.NewPos(p.X+6+(side-sign.Width)/2, y+(side-sign.Height)/2))
	r.signs[i].Resize(sign)
	lines := r.t.options[i].lines
	for len(r.more[i]) < len(lines)-1 {
		r.more[i] = append(r.more[i], &canvas.Text{})
	}
	r.more[i] = r.more[i][:max(0, len(lines)-1)]
	top := p.Y + (s.Height-float32(max(1, len(lines)))*lineOfCheck())/2
	for k, t := range append([]*canvas.Text{r.texts[i]}, r.more[i]...) {
		if k < len(lines) {
			t.Text, t.TextSize, t.Color = lines[k], r.texts[i].TextSize, r.texts[i].Color
		}
		m := t.MinSize()
		t.Move(fyne.NewPos(p.X+6+side+8, top+float32(k)*lineOfCheck()+(lineOfCheck()-m.Height)/2))
		t.Resize(m)
	}
}

func (r *toggleRenderer) Refresh() {
	r.grow()
	p := look.Palette()
	frame := p.FieldLine
	width := float32(1)
	switch r.t.state {
	case control.FieldTrouble:
		frame, width = p.Trouble, 2
	case control.FieldWaiting:
		frame, width = p.Waiting, 2
	case control.FieldPlain:
	}
	r.frame.FillColor, r.frame.StrokeColor, r.frame.StrokeWidth, r.frame.CornerRadius = p.Surface, frame, width, look.RadiusField
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = clear, p.Focus, look.RingWidth, look.RadiusField
	r.ring.Hidden = !r.t.focused
	for i, o := range r.t.options {
		f, sign, text := r.faces[i], r.signs[i], r.texts[i]
		text.Text, text.TextSize, text.Color = o.text, look.Px(look.TextBody), p.Ink
		sign.Text, sign.TextSize, sign.Color = "✓", look.Px(look.TextBody), p.Accent
		sign.Hidden = !o.on
		text.TextStyle.Bold = o.on && !r.t.several
		f.FillColor, f.StrokeWidth, f.CornerRadius = clear, 0, look.RadiusField-2
		r.bounds[i].FillColor = p.FieldLine
		r.bounds[i].Refresh()
		switch {
		case r.t.several:
			f.CornerRadius = 4
			f.FillColor, f.StrokeColor, f.StrokeWidth = p.Surface, frame, 1
			if o.on {
				f.FillColor, f.StrokeColor, sign.Color = p.Accent, p.Accent, p.OnAccent
			}
		case o.on:
			f.FillColor = p.AccentSoft
			text.Color = p.Accent
			if look.Current().HighContrast() {
				f.StrokeColor, f.StrokeWidth = p.Ink, 2
			}
		}
		f.Refresh()
		sign.Refresh()
		text.Refresh()
	}
	r.frame.Refresh()
	r.ring.Refresh()
	r.Layout(r.t.Size())
}
