package formview

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// part is an item that can be drawn.
type part interface {
	item
	upper() float32
	bottom() float32
	objects(out []fyne.CanvasObject) []fyne.CanvasObject
}

// tiny is the size of what must exist and is not seen; painters refuse less.
const tiny = 12

// gutter is kept free at the right for the scroll bar.
const gutter = 12

// View is one form being filled.
type View struct {
	m     Model
	texts *i18n.Texts
	lang  string

	root     *fyne.Container
	scroll   *container.Scroll
	page     *page
	parts    []part
	cells    map[string]*cell
	heads    map[string]*heading
	adders   map[string]*adder
	warnings map[string]*warning
	width    float32
	total    float32
	theme    *look.Theme
	focus    string // the field that has the keys, "" if none
	left     string // the field that had them before
	button   part   // the part whose button has the keys instead
	popup    *suggestions
	quiet    bool // nothing is laid out while more is about to change
	back     bool // the cursor comes back to a field
}

// New makes the view of a model.
func New(texts *i18n.Texts, m Model) *View {
	v := &View{
		m: m, texts: texts, lang: texts.Lang(), cells: map[string]*cell{}, heads: map[string]*heading{},
		adders: map[string]*adder{}, warnings: map[string]*warning{}, theme: look.Current(),
	}
	v.page = &page{v: v}
	v.page.ExtendBaseWidget(v.page)
	v.popup = newSuggestions(v)
	v.scroll = container.NewVScroll(v.page)
	v.scroll.OnScrolled = func(fyne.Position) { v.fill() }
	v.root = container.New(&rootLayout{v: v}, v.scroll)
	return v
}

// Object is what stands on the screen.
func (v *View) Object() fyne.CanvasObject { return v.root }

// rootLayout keeps the field with the cursor in sight when the room for the form changes.
type rootLayout struct {
	v    *View
	high float32
}

func (l *rootLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (l *rootLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	if s.Height == l.high {
		return
	}
	l.high = s.Height
	if c := l.v.cells[l.v.focus]; c != nil {
		l.v.show(c)
	}
	l.v.fill()
}

// Focused is the field that has the keys, "" if none has.
func (v *View) Focused() string { return v.focus }

// Update shows what has become of some fields; nil means everything.
func (v *View) Update(paths []string) {
	if paths == nil {
		v.popup.close()
		for _, c := range v.cells {
			c.take(v.m.Field(c.path))
		}
		v.layout()
		return
	}
	reshape := false
	for _, p := range paths {
		c := v.cells[p]
		if c == nil {
			reshape = true // a group, or a field that was never in sight
			continue
		}
		if c.take(v.m.Field(p)) {
			reshape = true
		}
	}
	if reshape {
		v.layout()
	}
}

// take keeps a field's new state, shows it where there is a widget, and reports whether it needs other room.
func (c *cell) take(f Field) bool {
	same := c.state.sameShape(f)
	c.state = f
	c.setCaption()
	if c.input != nil {
		c.input.set(f.Text)
		c.paint()
	}
	return !same
}

// Focus puts the cursor into a field and brings it into sight; false where it cannot be typed into.
func (v *View) Focus(path string) bool {
	if v.page.Size().Width > 0 && v.parts == nil {
		v.layout()
	}
	c := v.cells[path]
	if c == nil || !c.state.Visible {
		return false
	}
	f := c.make().keys()
	if f == nil {
		return false
	}
	v.focus = path
	v.fill()
	v.show(c)
	control.Focus(f)
	return v.focus == path
}

// Resume is Focus for a field that one comes back to: the cursor stands behind what is in it, so that the
// first key does not replace it.
func (v *View) Resume(path string) bool {
	v.back = true
	defer func() { v.back = false }()
	return v.Focus(path)
}

// show scrolls so that a field with its label and what is said about it is in sight.
func (v *View) show(c *cell) {
	top, bottom := v.rowOf(c)
	if l := v.cells[v.left]; l != nil && l.state.Visible && l.state.Error != "" {
		// what is wrong with the field just left must be read as well, if both fit
		t, b := v.rowOf(l)
		if max(bottom, b)-min(top, t) <= v.scroll.Size().Height {
			top, bottom = min(top, t), max(bottom, b)
		}
	}
	if v.popup.of(c) {
		bottom = max(bottom, v.popup.Position().Y+v.popup.Size().Height+gapRow)
	}
	off, high := v.scroll.Offset.Y, v.scroll.Size().Height
	switch {
	case high <= 0:
		return
	case bottom > off+high:
		off = bottom - high
	case bottom <= high && off < high/3:
		off = 0 // near the beginning: with the heading
	}
	off = max(0, min(off, top))
	if off != v.scroll.Offset.Y {
		v.scroll.ScrollToOffset(fyne.NewPos(0, off))
		v.fill()
	}
}

// rowOf is where the row of a field begins and ends, with all that is said beneath its fields.
func (v *View) rowOf(c *cell) (top, bottom float32) {
	bottom = c.bottom()
	within := false
	for _, p := range v.parts {
		switch o := p.(type) {
		case *cell:
			within = o.y == c.y
		case *heading, *adder:
			within = false
		}
		if within {
			bottom = max(bottom, p.bottom())
		}
	}
	return c.y - gapGroup, bottom + gapRow
}

// layout finds out what stands on the page, and where.
func (v *View) layout() {
	if v.width <= 0 || v.quiet {
		return
	}
	v.collect()
	items := make([]item, len(v.parts))
	for i, p := range v.parts {
		items[i] = p
	}
	before := v.total
	v.total = arrange(items, v.width, look.Px(1)) + gapGroup
	v.popup.follow()
	if v.total != before {
		v.page.Resize(fyne.NewSize(v.width+gutter+inset, v.total))
		v.scroll.Refresh()
	}
	v.keepFocus()
	v.fill()
	if c := v.cells[v.focus]; c != nil && c.state.Visible {
		v.show(c) // with what is said beneath it now
	}
}

// keepFocus moves the cursor on where its field has disappeared.
func (v *View) keepFocus() {
	c := v.cells[v.focus]
	if c == nil || c.state.Visible {
		return
	}
	after := false
	for _, p := range v.m.Places() {
		if p.Path == v.focus {
			after = true
			continue
		}
		if n := v.cells[p.Path]; after && n != nil && n.state.Visible && v.Focus(p.Path) {
			return
		}
	}
	v.focus = ""
}

// fill makes the widgets of what is in sight, of the field with the cursor and its neighbours, and of the
// first and last field, so that Tab finds its way in and round. What must exist out of sight is kept there
// in a tiny size.
func (v *View) fill() {
	if len(v.parts) == 0 {
		v.page.show(nil)
		return
	}
	from, to := v.scroll.Offset.Y, v.scroll.Offset.Y+v.scroll.Size().Height
	wanted := v.neighbours()
	out := make([]fyne.CanvasObject, 0, 128)
	for i, p := range v.parts {
		switch {
		case p.bottom() >= from && p.upper() <= to:
			if c, ok := p.(*cell); ok {
				c.cut = (c.y+c.top < from || c.y+c.top+c.high > to) && c.path != v.focus && c.entered()
			}
			out = p.objects(out)
		case slices.Contains(wanted, i):
			if c, ok := p.(*cell); ok {
				out = append(out, c.away())
			} else {
				out = p.objects(out)
			}
		}
	}
	if v.popup.open() {
		out = append(out, v.popup)
	}
	v.page.show(out)
}

// away is what stands for a field out of sight: the field itself as long as it has the keys.
func (c *cell) away() fyne.CanvasObject {
	if c.entered() && c.path != c.v.focus {
		return c.stands(c.y+c.top, tiny, tiny)
	}
	o := c.make().object()
	put(o, c.x, c.y+c.top, c.w, c.high)
	return o
}

// neighbours are the parts that must exist wherever one has scrolled to: the first and last field, and what
// Tab comes to from where the keys are.
func (v *View) neighbours() []int {
	first, last, before, at, after, stop := -1, -1, -1, -1, -1, -1
	for i, p := range v.parts {
		c, field := p.(*cell)
		if field && isStill(c) || !field && !hasButton(p) {
			continue
		}
		if at >= 0 && after < 0 {
			after = i
		}
		if field && c.path == v.focus || v.focus == "" && v.button != nil && p == v.button {
			at, before = i, stop
		}
		stop = i
		if !field {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	return []int{first, before, at, after, last}
}

// hasButton reports whether Tab stops at a part that is no field.
func hasButton(p part) bool {
	if _, guest := p.(*guest); guest {
		return false
	}
	h, is := p.(*heading)
	return !is || h.bar != nil
}

// held is told when a button of a part gets or loses the keys.
func (v *View) held(of any, on bool) {
	v.button = nil
	if on {
		v.reveal(of)
	}
}

// reveal brings the part with a button into sight.
func (v *View) reveal(of any) {
	for _, p := range v.parts {
		if !carries(p, of) {
			continue
		}
		v.button = p
		off, high := v.scroll.Offset.Y, v.scroll.Size().Height
		off = max(off, p.bottom()+gapRow-high)
		off = max(0, min(off, p.upper()-gapRow))
		if off != v.scroll.Offset.Y {
			v.scroll.ScrollToOffset(fyne.NewPos(0, off))
		}
		v.fill()
		return
	}
}

// carries reports whether a part is, or has the buttons of, something.
func carries(p part, of any) bool {
	switch p := p.(type) {
	case *adder:
		return of == any(p)
	case *heading:
		return of == any(p.bar)
	case *cell:
		return of == any(p.row)
	}
	return false
}

func isStill(c *cell) bool {
	k := c.kind()
	return k == kindFixed || k == kindWords
}

// focusMoved is told by a field that it got or lost the keys.
func (v *View) focusMoved(c *cell, on bool, e *control.Entry) {
	if on {
		v.focus = c.path
		v.m.Enter(c.path)
		switch {
		case e == nil || e.Text == "":
		case v.back:
			toEnd(e)
		case !e.MultiLine:
			e.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
		v.fill()
		v.show(c)
		return
	}
	if v.focus == c.path {
		v.focus = ""
	}
	v.left = c.path
	if c.help {
		c.help = false
		v.layout()
	}
	v.m.Leave(c.path)
}

// toEnd puts the cursor behind all that is in an entry.
func toEnd(e *control.Entry) {
	if e.MultiLine {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
}

// key sees the keys of a field first; true means it was used here.
func (v *View) key(c *cell, k *fyne.KeyEvent, lines bool) bool {
	switch k.Name {
	case fyne.KeyF1:
		if c.hasHelp() && !c.help {
			c.help = true
			v.layout()
			v.show(c)
			return true
		}
	case fyne.KeyUp, fyne.KeyDown:
		if lines {
			return false
		}
		if k.Name == fyne.KeyUp {
			v.step(c, -1)
		} else {
			v.step(c, 1)
		}
		return true
	}
	return false
}

// step moves the cursor to the field before or after, past buttons between them; behind the last field it
// leaves the form. Tab stops at everything.
func (v *View) step(c *cell, by int) {
	i := slices.IndexFunc(v.parts, func(p part) bool { return p == part(c) })
	for i += by; i >= 0 && i < len(v.parts); i += by {
		if n, ok := v.parts[i].(*cell); ok && !isStill(n) && v.Focus(n.path) {
			return
		}
	}
	cv := fyne.CurrentApp().Driver().CanvasForObject(v.page)
	switch {
	case cv == nil:
	case by < 0:
		cv.FocusPrevious()
	default:
		cv.FocusNext()
	}
}

// shortcut sees the combinations of a field first: undo and redo are the model's.
func (v *View) shortcut(c *cell, s fyne.Shortcut) bool {
	if v.rowKey(c, s) {
		return true
	}
	switch s.(type) {
	case *fyne.ShortcutUndo:
		v.m.Undo(c.path)
	case *fyne.ShortcutRedo:
		v.m.Redo(c.path)
	default:
		return false
	}
	return true
}

func (v *View) restyle() {
	v.heads, v.adders = map[string]*heading{}, map[string]*adder{}
	for _, w := range v.warnings {
		w.restyle()
	}
	for _, c := range v.cells {
		c.restyle()
	}
	v.popup.Refresh()
	v.layout()
}

// Reveal brings a group or field into sight without giving it the cursor.
func (v *View) Reveal(path string) {
	if v.page.Size().Width > 0 && v.parts == nil {
		v.layout()
	}
	for _, p := range v.parts {
		c, field := p.(*cell)
		h, head := p.(*heading)
		if field && c.path == path || head && h.path == path {
			v.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(p.upper()-gapGroup, v.total-v.scroll.Size().Height))))
			v.fill()
			return
		}
	}
}
