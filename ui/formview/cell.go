package formview

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/data/form"
	"schalter/ui/control"
	"schalter/ui/look"
)

// cell is one field on the page. Its widgets are made when it first comes into sight.
type cell struct {
	v     *View
	path  string
	field *form.Field
	state Field
	help  bool // its help is shown

	caption string // label with the mark of what must be filled
	wide    float32
	spot
	high float32 // of the input
	cut  bool    // only a part of the input is in sight

	input  input
	name   *control.Label
	mark   *control.Label // says that there is help
	wrong  *control.Label
	advice *control.Label
	still  *still
}

// input is what one types into or chooses with.
type input interface {
	object() fyne.CanvasObject
	// keys is what gets the keys; nil where nothing can be typed.
	keys() fyne.Focusable
	height(width float32) float32
	// set shows a text that did not come from the keys.
	set(text string)
	mark(s control.FieldState)
	// restyle follows a change of look or text size.
	restyle()
}

func (c *cell) span() int      { return c.field.Width }
func (c *cell) above() float32 { return gapRow }

// setCaption makes the label and measures it once.
func (c *cell) setCaption() {
	s := c.field.Label.In(c.v.lang)
	if c.state.Required && !c.state.ReadOnly {
		s += " *"
	}
	if c.caption == s && c.wide > 0 {
		return
	}
	c.caption = s
	c.wide = fyne.MeasureText(s, look.Px(look.TextSmall), fyne.TextStyle{}).Width
	if c.name != nil {
		c.name.SetText(s)
	}
}

func lineHeight() float32 {
	return float32(math.Ceil(float64(look.Px(look.TextSmall)) * 1.35))
}

// room for the sign that there is help.
func (c *cell) markWidth() float32 {
	if c.hasHelp() {
		return look.Px(16)
	}
	return 0
}

func (c *cell) hasHelp() bool { return c.field.Help.In(c.v.lang) != "" || len(c.field.Legal) > 0 }

func (c *cell) label(width float32) float32 {
	if c.caption == "" {
		return 0
	}
	if c.wide+c.markWidth() <= width {
		return lineHeight() + gapLabel
	}
	return paragraph(&c.name, c.caption, control.Caption, width-c.markWidth()) + gapLabel
}

func (c *cell) body(width float32) float32 {
	c.high = c.inputHeight(width)
	h := c.high
	if c.state.Error != "" {
		h += gapMessage + paragraph(&c.wrong, c.state.Error, control.Trouble, width)
	}
	if c.help {
		h += gapMessage + paragraph(&c.advice, c.adviceText(), control.Small, width)
	}
	return h
}

func (c *cell) adviceText() string {
	s := c.field.Help.In(c.v.lang)
	if len(c.field.Legal) > 0 {
		if s != "" {
			s += "\n"
		}
		s += c.v.texts.T("formview.legal", "legal", c.field.Legal.String())
	}
	return s
}

// inputHeight is known for most types without making the widgets.
func (c *cell) inputHeight(width float32) float32 {
	switch kindOf(c.v.lang, c.field, c.state) {
	case kindLine, kindList, kindFixed:
		return look.Px(look.FieldHeight)
	}
	return c.make().height(width)
}

// paragraph sets the text of a label that wraps, making it if it is needed, and returns its height.
func paragraph(l **control.Label, text string, style control.Style, width float32) float32 {
	if *l == nil {
		*l = control.NewParagraph(text, style)
	}
	(*l).SetText(text)
	if (*l).Size().Width != width {
		(*l).Resize(fyne.NewSize(width, (*l).MinSize().Height))
	}
	return (*l).MinSize().Height
}

func (c *cell) bottom() float32 {
	h := c.y + c.top + c.high
	if c.state.Error != "" {
		h += gapMessage + c.wrong.MinSize().Height
	}
	if c.help {
		h += gapMessage + c.advice.MinSize().Height
	}
	return h
}

// make makes the input of the field.
func (c *cell) make() input {
	kind := kindOf(c.v.lang, c.field, c.state)
	if c.input != nil && (kind == kindFixed) == isFixed(c.input) {
		return c.input
	}
	switch kind {
	case kindFixed:
		c.input = newFixed(c)
	case kindArea:
		c.input = newArea(c)
	case kindList:
		c.input = newList(c)
	case kindSegments:
		c.input = newSegments(c)
	case kindChecks:
		c.input = newChecks(c)
	case kindWords:
		c.input = newWords(c)
	default:
		c.input = newLine(c)
	}
	c.input.set(c.state.Text)
	return c.input
}

// objects lays the cell's widgets where arrange put them and returns them in the order of Tab.
func (c *cell) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	in := c.make()
	in.set(c.state.Text)
	c.paint()
	if c.caption != "" {
		w := c.w - c.markWidth()
		h := lineHeight()
		if c.wide > w {
			h = paragraph(&c.name, c.caption, control.Caption, w)
		} else if c.name == nil {
			c.name = control.NewParagraph(c.caption, control.Caption)
		}
		put(c.name, c.x, c.y+c.top-gapLabel-h, w, h)
		out = append(out, c.name)
		if c.hasHelp() {
			if c.mark == nil {
				c.mark = control.NewLabel("?", control.Link)
			}
			at := min(c.wide, w) + 6
			put(c.mark, c.x+at, c.y+c.top-gapLabel-lineHeight(), look.Px(12), lineHeight())
			out = append(out, c.mark)
		}
	}
	y := c.y + c.top
	if c.cut {
		out = append(out, c.stands(y, c.w, c.high))
	} else {
		if h, ok := in.(interface{ hint(width float32) }); ok {
			h.hint(c.w)
		}
		put(in.object(), c.x, y, c.w, c.high)
		out = append(out, in.object())
	}
	y += c.high + gapMessage
	if c.state.Error != "" {
		h := c.wrong.MinSize().Height
		put(c.wrong, c.x, y, c.w, h)
		out = append(out, c.wrong)
		y += h + gapMessage
	}
	if c.help {
		put(c.advice, c.x, y, c.w, c.advice.MinSize().Height)
		out = append(out, c.advice)
	}
	return out
}

// paint shows by colour what the words beneath the field say.
func (c *cell) paint() {
	s := control.FieldPlain
	if c.state.Error != "" {
		s = control.FieldTrouble
	}
	for _, w := range c.state.Warnings {
		if s == control.FieldPlain && w.Reason == "" {
			s = control.FieldWaiting
		}
	}
	c.input.mark(s)
}

// put moves and resizes an object only where that changes anything.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	if p := fyne.NewPos(x, y); o.Position() != p {
		o.Move(p)
	}
	if s := fyne.NewSize(w, h); o.Size() != s {
		o.Resize(s)
	}
}

func (c *cell) restyle() {
	c.wide = 0
	c.name, c.mark, c.wrong, c.advice, c.still = nil, nil, nil, nil, nil
	c.setCaption()
	if c.input != nil {
		c.input.restyle()
	}
}

// heading is the label of a group.
type heading struct {
	v          *View
	path       string
	text, help string
	depth      int
	whole      string // path of the repeated group the row belongs to
	row        int    // from 1; 0: not a row
	spot

	title  *control.Label
	advice *control.Label
	remove *control.Button
}

func (h *heading) span() int { return 0 }

func (h *heading) above() float32 {
	if h.depth == 0 {
		return gapGroup
	}
	return gapRow + 4
}

func (h *heading) label(float32) float32 { return 0 }

func (h *heading) titleHeight() float32 {
	if h.depth == 0 {
		return look.Px(20)
	}
	return look.Px(18)
}

func (h *heading) body(width float32) float32 {
	y := h.titleHeight()
	if h.row > 0 {
		y = max(y, look.Px(look.Target))
	}
	if h.help != "" {
		y += gapMessage + paragraph(&h.advice, h.help, control.Small, width)
	}
	return y - gapRow + gapHeading
}

func (h *heading) bottom() float32 { return h.y + h.body(h.w) }

func (h *heading) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	if h.title == nil {
		style := control.H2
		if h.depth > 0 {
			style = control.Strong
		}
		h.title = control.NewShort(h.text, style)
	}
	w, high := h.w, h.titleHeight()
	if h.row > 0 {
		if h.remove == nil {
			whole, row := h.whole, h.row
			h.remove = control.NewButton(h.v.texts.T("formview.row.remove"), "", control.Quiet, func() { h.v.m.RemoveRow(whole, row) })
		}
		m := h.remove.MinSize()
		high = max(high, m.Height)
		put(h.remove, h.x+h.w-m.Width, h.y, m.Width, m.Height)
		w -= m.Width + gapColumn
	}
	h.title.SetText(h.text)
	put(h.title, h.x, h.y, w, high)
	out = append(out, h.title)
	if h.row > 0 {
		out = append(out, h.remove)
	}
	if h.help != "" {
		put(h.advice, h.x, h.y+high+gapMessage, h.w, h.advice.MinSize().Height)
		out = append(out, h.advice)
	}
	return out
}

// adder offers a further row of a repeated group or field.
type adder struct {
	v    *View
	path string
	text string
	spot
	button *control.Button
}

func (a *adder) span() int             { return 0 }
func (a *adder) above() float32        { return gapRow }
func (a *adder) label(float32) float32 { return 0 }
func (a *adder) body(float32) float32  { return look.Px(34) }

func (a *adder) bottom() float32 { return a.y + look.Px(34) }

func (a *adder) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	if a.button == nil {
		path := a.path
		a.button = control.NewButton(a.text, "", control.Plain, func() { a.v.m.AddRow(path) })
	}
	m := a.button.MinSize()
	put(a.button, a.x, a.y, m.Width, m.Height)
	return append(out, a.button)
}

// ground is a soft surface behind words.
func ground(paint func(r *canvas.Rectangle, p *look.Colors)) *control.Ground {
	return control.NewGround(func(r *canvas.Rectangle, p *look.Colors) {
		r.CornerRadius = look.RadiusField
		paint(r, p)
		if look.Current().HighContrast() {
			r.StrokeColor, r.StrokeWidth = p.Line, 1
		} else {
			r.StrokeWidth = 0
		}
	})
}
