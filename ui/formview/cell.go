package formview

import (
	"math"
	"strconv"

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
	made   kind    // what input was made for
	row    *rowBar // of a row of a repeated field
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

// span is the field's width; a row of a repeated field stands alone.
func (c *cell) span() int {
	if c.row != nil {
		return 0
	}
	return c.field.Width
}

func (c *cell) above() float32 { return gapRow }

// setCaption makes the label and measures it once.
func (c *cell) setCaption() {
	s := c.field.Label.In(c.v.lang)
	if c.row != nil {
		s += " " + strconv.Itoa(c.row.row)
	}
	if c.state.Required && !c.state.ReadOnly {
		s += "\u00a0*" // never on a line of its own
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
	width = c.room(width)
	if c.caption == "" {
		return 0
	}
	if c.wide+c.markWidth() <= width {
		return lineHeight() + gapLabel
	}
	return paragraph(&c.name, c.caption, control.Caption, width-c.markWidth()) + gapLabel
}

// room is the width for the answer: a row of a repeated field has its buttons beside it.
func (c *cell) room(width float32) float32 {
	if c.row == nil {
		return width
	}
	return min(width-c.row.width()-gapColumn, columnWidth(fit(c.field.Width, width, look.Px(1)), width))
}

func (c *cell) place(x, y, width, top float32) {
	c.spot.place(x, y, c.room(width), top)
}

func (c *cell) body(width float32) float32 {
	width = c.room(width)
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
	switch c.kind() {
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
	kind := c.kind()
	if c.input != nil && kind == c.made {
		return c.input
	}
	c.made = kind
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
	case kindFiles:
		c.input = newChecks(c)
	case kindSignature:
		c.input = newPad(c)
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
			at := c.wide
			if c.wide > w {
				at = c.name.End()
			}
			at += 6
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
	if c.row != nil {
		out = c.row.objects(out, c.x+c.w+gapColumn, y+(look.Px(look.FieldHeight)-look.Px(34))/2)
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
	if c.row != nil {
		c.row.restyle()
	}
	if c.input != nil {
		c.input.restyle()
	}
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
