package pageview

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"

	"schalter/ui/control"
)

// white is the colour of paper in every look.
var white = color.White

// widest a text in the middle of the desk gets.
const wordsWidth = 340

// say puts words where the paper would lie.
func (a *area) say() {
	t, m := a.v.texts, a.v.m
	a.words.Objects = nil
	switch m.status {
	case Loading:
		if len(m.pics.large) == 0 {
			a.words.Objects = middle(centred(t.T("pageview.loading"), control.Muted))
		}
	case Empty:
		a.words.Objects = middle(centred(t.T("pageview.empty"), control.Strong), centred(t.T("pageview.empty.hint"), control.Muted))
	case Trouble:
		if m.doc == nil { // else the page itself says it
			a.words.Objects = a.trouble(m.err)
		}
	case Locked:
		a.ask()
	case Showing:
	}
	a.words.Refresh()
}

// trouble says why something cannot be shown; nothing where nothing is wrong.
func (a *area) trouble(err error) []fyne.CanvasObject {
	if err == nil {
		return nil
	}
	t := a.v.texts
	sentence, hint := t.Error(err)
	return middle(centred(t.T("pageview.cannot_show"), control.Strong), centred(sentence, control.Body),
		centred(hint, control.Muted), centred(t.T("pageview.kept"), control.Muted))
}

// ask puts the question for the password in place of the paper.
func (a *area) ask() {
	t, m := a.v.texts, a.v.m
	if a.password == nil {
		a.password = control.NewPassword()
		a.password.Label = t.T("pageview.password")
		a.password.OnSubmitted = func(string) { a.unlock() }
	}
	a.password.SetText("")
	text, style := t.T("pageview.locked"), control.Body
	if m.wrong {
		text, style = t.T("pageview.password.wrong"), control.Trouble
	}
	a.words.Objects = middle(
		centred(t.T("pageview.locked.title"), control.Strong), centred(text, style),
		control.Row(8, control.NewKeyCap(passwordKey.Label(t)), control.Grow(a.password),
			control.NewButton(t.T("pageview.password.open"), t.T("key.Return"), control.Plain, a.unlock)),
		centred(t.T("pageview.kept"), control.Muted))
}

func (a *area) unlock() {
	word := a.password.Text
	a.password.SetText("")
	a.v.m.unlock(word)
}

// answered keeps the keys where they are of use after a password was tried: in the field while it was
// wrong, at the paper once it is open.
func (a *area) answered() {
	switch a.v.m.status {
	case Locked:
		control.Focus(a.password)
	case Showing:
		control.Focus(a)
	case Empty, Loading, Trouble:
	}
}

func centred(text string, style control.Style) fyne.CanvasObject {
	if text == "" {
		return nil
	}
	l := control.NewParagraph(text, style)
	l.Align = fyne.TextAlignCenter
	return l
}

func middle(objects ...fyne.CanvasObject) []fyne.CanvasObject {
	objects = slices.DeleteFunc(objects, func(o fyne.CanvasObject) bool { return o == nil })
	return []fyne.CanvasObject{control.Middle(control.Width(wordsWidth, control.Column(10, objects...)))}
}
