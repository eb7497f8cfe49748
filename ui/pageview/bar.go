package pageview

import (
	"strings"

	"fyne.io/fyne/v2"

	"schalter/ui/control"
)

// bar stands above the paper and asks what to find, or for a page.
type bar struct {
	v       *View
	entry   *control.Entry
	said    *control.Label
	steps   []fyne.CanvasObject
	buttons *fyne.Container
	row     *fyne.Container
	box     *fyne.Container
	mode    barMode
	quiet   bool
	wrong   bool // there is no such page
	from    int  // the page one was at when the search was opened
}

type barMode int

const (
	barClosed barMode = iota
	barFind
	barPage
)

func newBar(v *View) *bar {
	b := &bar{v: v}
	b.entry = control.NewEntry()
	b.entry.OnChanged = func(string) { b.typed() }
	b.entry.OnKey = b.key
	b.said = control.NewLabel("", control.Small)
	t := v.texts
	b.steps = []fyne.CanvasObject{
		control.NewButton("↑", "", control.Quiet, func() { b.step(true) }),
		control.NewButton("↓", "", control.Quiet, func() { b.step(false) }),
	}
	b.buttons = control.Row(2, append(b.steps, control.NewButton("×", t.T("key.Escape"), control.Quiet, b.close))...)
	b.row = control.Row(8, control.Grow(b.entry), b.said, b.buttons)
	b.box = control.Column(0, control.Pad(6, 6, 6, 12, b.row), control.NewDivider())
	return b
}

func (b *bar) open() bool    { return b.mode != barClosed }
func (b *bar) finding() bool { return b.mode == barFind && len(b.v.m.find.hits) > 0 }

// find asks what to find; selected words are a proposal.
func (b *bar) find() {
	if b.v.m.doc == nil {
		return
	}
	_, _, text := b.v.Selected()
	if strings.ContainsAny(text, "\n") || len(text) > 100 {
		text = ""
	}
	if text == "" {
		text = b.v.m.find.typed
	}
	b.show(barFind, "pageview.find", text)
}

// ask asks for a page.
func (b *bar) ask() {
	if b.v.m.doc != nil {
		b.v.m.find.end()
		b.show(barPage, "pageview.goto", "")
	}
}

func (b *bar) show(mode barMode, label, text string) {
	was := b.mode
	b.mode, b.wrong = mode, false
	if was != barFind {
		b.from = b.v.m.page
	}
	b.entry.Label = b.v.texts.T(label)
	b.entry.SetPlaceHolder(b.entry.Label)
	b.entry.SetState(control.FieldPlain)
	for _, s := range b.steps {
		if mode == barFind {
			s.Show()
		} else {
			s.Hide()
		}
	}
	if was == barClosed {
		b.v.top.Show()
		b.v.root.Refresh()
	}
	if b.quiet = true; b.entry.Text != text {
		b.entry.SetText(text)
	}
	b.quiet = false
	control.Focus(b.entry)
	if text != "" {
		b.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	b.typed()
}

// close takes the bar and what it found away and gives the keys back to the paper.
func (b *bar) close() {
	if !b.open() {
		return
	}
	b.mode = barClosed
	b.v.m.find.end()
	b.v.top.Hide()
	b.v.root.Refresh()
	if b.entry.Focused() {
		b.v.Focus()
	}
	b.v.changed()
}

// typed looks for what stands in the field.
func (b *bar) typed() {
	if b.quiet {
		return
	}
	m := b.v.m
	switch b.mode {
	case barFind:
		m.aim = false
		m.find.start(b.entry.Text, m.lib, m.pages, min(b.from, m.pages-1))
		m.read()
	case barPage:
		b.entry.SetState(control.FieldPlain)
		b.wrong = false
	case barClosed:
	}
	b.update()
}

// key is what the field does not do itself.
func (b *bar) key(e *fyne.KeyEvent) bool {
	shift := b.v.area.held()&fyne.KeyModifierShift != 0
	switch e.Name {
	case fyne.KeyEscape:
		b.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		if b.mode == barPage {
			b.turn()
		} else {
			b.step(shift)
		}
	case fyne.KeyF3, fyne.KeyDown, fyne.KeyUp:
		if b.mode != barFind {
			return false
		}
		b.step(shift || e.Name == fyne.KeyUp)
	default:
		return false
	}
	return true
}

func (b *bar) step(back bool) {
	if back {
		b.v.m.find.step(-1)
	} else {
		b.v.m.find.step(1)
	}
}

// turn goes to the page that was typed.
func (b *bar) turn() {
	n, ok := b.v.m.called(b.entry.Text)
	if !ok {
		b.entry.SetState(control.FieldTrouble)
		b.wrong = true
		b.update()
		return
	}
	b.close()
	b.v.m.leap(n, 0)
}

// update says what was found.
func (b *bar) update() {
	if !b.open() {
		return
	}
	text := b.words()
	if text == b.said.Text() {
		return
	}
	b.said.SetStyle(control.Small)
	if b.mode == barPage && b.wrong {
		b.said.SetStyle(control.Trouble)
	}
	b.said.SetText(text)
	b.row.Refresh()
}

func (b *bar) words() string {
	t, f := b.v.texts, &b.v.m.find
	switch n := len(f.hits); {
	case b.mode == barPage && b.wrong:
		return t.T("pageview.goto.range", "of", b.v.m.pages)
	case b.mode == barPage:
		return t.T("pageview.goto.of", "of", b.v.m.pages)
	case len(f.words) == 0:
		return ""
	case n > 0 && f.full:
		return t.T("pageview.find.more", "n", f.current+1, "of", maxHits)
	case n > 0 && f.busy():
		return t.T("pageview.find.at_least", "n", f.current+1, "of", n)
	case n > 0:
		return t.T("pageview.find.of", "n", f.current+1, "of", n)
	case f.busy():
		return t.T("pageview.find.busy", "page", f.done, "of", f.of)
	case f.read == 0:
		return t.T("pageview.find.no_text")
	}
	return t.T("pageview.find.none")
}
