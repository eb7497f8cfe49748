package formview

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/form"
	"schalter/ui/control"
	"schalter/ui/look"
)

// heading is the label of a group.
type heading struct {
	v          *View
	path       string
	text, help string
	depth      int
	bar        *rowBar // of a row of a repeated group
	spot

	title  *control.Label
	advice *control.Label
}

func (h *heading) span() int { return 0 }

func (h *heading) above() float32 {
	if h.depth == 0 {
		return gapGroup
	}
	return gapRow + 4
}

func (h *heading) label(float32) float32 { return 0 }

func (h *heading) style() control.Style {
	if h.depth == 0 {
		return control.H2
	}
	return control.Strong
}

// titleHeight makes the title to find out how many lines it needs; official forms have long ones.
func (h *heading) titleHeight(width float32) float32 {
	y := paragraph(&h.title, h.text, h.style(), h.titleWidth(width))
	if h.bar != nil {
		return max(y, look.Px(34))
	}
	return y
}

func (h *heading) titleWidth(width float32) float32 {
	if h.bar == nil {
		return width
	}
	return width - h.bar.width() - gapColumn
}

func (h *heading) body(width float32) float32 {
	y := h.titleHeight(width)
	if h.help != "" {
		y += gapMessage + paragraph(&h.advice, h.help, control.Small, width)
	}
	return y - gapRow + gapHeading
}

func (h *heading) bottom() float32 { return h.y + h.body(h.w) }

func (h *heading) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	w, high := h.titleWidth(h.w), h.titleHeight(h.w)
	y := h.y
	if h.bar != nil {
		y += (high - h.title.MinSize().Height) / 2
	}
	put(h.title, h.x, y, w, h.title.MinSize().Height)
	out = append(out, h.title)
	if h.bar != nil {
		out = h.bar.objects(out, h.x+h.w-h.bar.width(), h.y)
	}
	if h.help != "" {
		put(h.advice, h.x, h.y+high+gapMessage, h.w, h.advice.MinSize().Height)
		out = append(out, h.advice)
	}
	return out
}

// rowBar has the buttons of one row: up, down and remove.
type rowBar struct {
	v                *View
	whole            string // path of the repeated group or field
	row, of          int
	stays            bool // no row can go: this one is only emptied
	up, down, remove *control.Button
}

func (v *View) rowBar(b *rowBar, p form.Place, of int) *rowBar {
	if b == nil {
		b = &rowBar{v: v, whole: p.Path[:strings.LastIndexByte(p.Path, '[')], row: p.Row}
	}
	b.of, b.stays = of, of <= repeatOf(p.Item).Min
	return b
}

// buttons are those that do something in this row.
func (b *rowBar) buttons() []*control.Button {
	if b.remove == nil {
		t := b.v.texts
		name := func(key string, run func()) *control.Button {
			x := control.NewButton(t.T(key), "", control.Quiet, run)
			x.OnFocus = func(on bool) { b.v.held(b, on) }
			return x
		}
		b.up = name("formview.row.up", func() { b.move(-1) })
		b.down = name("formview.row.down", func() { b.move(1) })
		b.remove = name("formview.row.empty", func() { b.v.removeRow(b.whole, b.row) })
	}
	key := "formview.row.remove"
	if b.stays {
		key = "formview.row.empty"
	}
	if s := b.v.texts.T(key); b.remove.Text() != s {
		b.remove.SetText(s)
	}
	var out []*control.Button
	if _, can := b.v.m.(Mover); can {
		if b.row > 1 {
			out = append(out, b.up)
		}
		if b.row < b.of {
			out = append(out, b.down)
		}
	}
	return append(out, b.remove)
}

func (b *rowBar) width() float32 {
	w := float32(0)
	for i, x := range b.buttons() {
		if i > 0 {
			w += gapMessage
		}
		w += x.MinSize().Width
	}
	return w
}

func (b *rowBar) objects(out []fyne.CanvasObject, x, y float32) []fyne.CanvasObject {
	for _, o := range b.buttons() {
		m := o.MinSize()
		put(o, x, y, m.Width, m.Height)
		out = append(out, o)
		x += m.Width + gapMessage
	}
	return out
}

func (b *rowBar) restyle() { b.up, b.down, b.remove = nil, nil, nil }

// move puts the row one place up or down; the keys stay with the button, which is in another row now.
func (b *rowBar) move(by int) {
	to := b.row + by
	b.v.moveRow(b.whole, b.row, to)
	other := b.v.bar(b.whole + "[" + strconv.Itoa(to) + "]")
	if other == nil {
		return
	}
	other.buttons()
	next := other.up
	if by > 0 {
		next = other.down
	}
	if to == 1 {
		next = other.down
	}
	if to == other.of {
		next = other.up
	}
	b.v.reveal(other)
	control.Focus(next)
}

// bar is the row bar at an instance path.
func (v *View) bar(path string) *rowBar {
	if h := v.heads[path]; h != nil {
		return h.bar
	}
	if c := v.cells[path]; c != nil {
		return c.row
	}
	return nil
}

// adder offers a further row of a repeated group or field.
type adder struct {
	v    *View
	path string
	rows int
	what string
	bare bool // no label stands above: a field without rows
	spot
	button  *control.Button
	caption *control.Label
}

func (a *adder) span() int             { return 0 }
func (a *adder) above() float32        { return gapRow }
func (a *adder) label(float32) float32 { return 0 }

// text is what the button says at a width: what is added, or where that is too long only that it is.
func (a *adder) text(width float32) (text string, whole bool) {
	key := "formview.row.add"
	if a.rows == 0 {
		key = "formview.row.first"
	}
	text = a.v.texts.T(key, "what", a.what)
	if fyne.MeasureText(text, look.Text(look.TextBody), fyne.TextStyle{Bold: true}).Width+28 <= width {
		return text, true
	}
	return a.v.texts.T(key + ".short"), false
}

// captionHeight is the room for the name of the field where the button has none for it.
func (a *adder) captionHeight(width float32) float32 {
	if _, whole := a.text(width); whole || !a.bare || a.rows > 0 {
		return 0
	}
	return paragraph(&a.caption, a.what, control.Caption, width) + gapLabel
}

func (a *adder) body(width float32) float32 { return a.captionHeight(width) + look.Px(34) }

func (a *adder) bottom() float32 { return a.y + a.body(a.w) }

func (a *adder) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	text, _ := a.text(a.w)
	if a.button == nil {
		path := a.path
		a.button = control.NewButton(text, "", control.Plain, func() { a.v.addRow(path) })
		a.button.OnFocus = func(on bool) { a.v.held(a, on) }
	}
	if a.button.Text() != text {
		a.button.SetText(text)
	}
	y := a.y
	if h := a.captionHeight(a.w); h > 0 {
		put(a.caption, a.x, y, a.w, h-gapLabel)
		out = append(out, a.caption)
		y += h
	}
	m := a.button.MinSize()
	put(a.button, a.x, y, m.Width, m.Height)
	return append(out, a.button)
}

// rowsOf counts the rows that a repeated group or field has now.
func (v *View) rowsOf(path string) int {
	n := 0
	for _, p := range v.m.Places() {
		if p.Row > 0 && p.Path == path+"["+strconv.Itoa(p.Row)+"]" {
			n = max(n, p.Row)
		}
	}
	return n
}

// addRow asks for a further row and puts the cursor into it.
func (v *View) addRow(path string) {
	n := v.rowsOf(path)
	v.m.AddRow(path)
	if v.rowsOf(path) > n {
		v.focusIn(path + "[" + strconv.Itoa(n+1) + "]")
	}
}

// removeRow takes a row out; the cursor goes to the row that is in its place, or to the button that adds one.
func (v *View) removeRow(path string, row int) {
	v.m.RemoveRow(path, row)
	if n := v.rowsOf(path); n > 0 {
		v.focusIn(path + "[" + strconv.Itoa(min(row, n)) + "]")
		return
	}
	if a := v.adders[path]; a != nil {
		v.reveal(a)
		if a.button != nil {
			control.Focus(a.button)
		}
	}
}

func (v *View) moveRow(path string, from, to int) {
	if m, ok := v.m.(Mover); ok && to >= 1 && to <= v.rowsOf(path) {
		m.MoveRow(path, from, to)
	}
}

// focusIn puts the cursor into the first field of a row.
func (v *View) focusIn(row string) {
	for _, p := range v.m.Places() {
		if p.Item.Field != nil && (p.Path == row || strings.HasPrefix(p.Path, row+"/")) && v.Focus(p.Path) {
			return
		}
	}
}

// rowAround takes the path of a field apart at the innermost row it lies in; ok is false outside of rows.
func rowAround(path string) (whole string, row int, rest string, ok bool) {
	i := strings.LastIndexByte(path, '[')
	if i < 0 {
		return "", 0, "", false
	}
	number, rest, _ := strings.Cut(path[i+1:], "]")
	row, err := strconv.Atoi(number)
	return path[:i], row, rest, err == nil
}

// rowKey uses the keys that act on the row the cursor is in: Alt with up, down, Ins and Del.
func (v *View) rowKey(c *cell, s fyne.Shortcut) bool {
	k, ok := s.(*desktop.CustomShortcut)
	if !ok || k.Modifier != fyne.KeyModifierAlt {
		return false
	}
	whole, row, rest, in := rowAround(c.path)
	if !in {
		return false
	}
	switch k.KeyName {
	case fyne.KeyUp, fyne.KeyDown:
		to := row + 1
		if k.KeyName == fyne.KeyUp {
			to = row - 1
		}
		if to < 1 || to > v.rowsOf(whole) {
			return true
		}
		v.moveRow(whole, row, to)
		v.Focus(whole + "[" + strconv.Itoa(to) + "]" + rest)
	case fyne.KeyInsert:
		v.addRow(whole)
	case fyne.KeyDelete:
		v.removeRow(whole, row)
	default:
		return false
	}
	return true
}
