package capture

import (
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// The keys of the register and of the warning.
var (
	registerKey = command.Plain(fyne.KeyF3)
	alikeKey    = command.Plain(fyne.KeyF8)
)

// people is the register of persons at the screen: taking somebody from it, and saying what was perhaps
// captured already.
type people struct {
	s       *Screen
	lookout *lookout
	strip   *alikeStrip
}

func newPeople(s *Screen) *people {
	p := &people{s: s}
	p.strip = newAlikeStrip(p)
	p.lookout = newLookout(s.m, s.d.Parties, func(t *Tab) {
		if t == s.m.Active() {
			p.strip.update(t)
		}
	})
	return p
}

// changed follows the tab in front.
func (p *people) changed(t *Tab, parts Part) {
	if parts&(PartFields|PartTabs|PartPhase) == 0 {
		return
	}
	p.lookout.forget()
	p.lookout.Look(t)
	p.strip.update(t)
}

func (p *people) commands() []command.Command {
	return []command.Command{
		{ID: "capture.register", Keys: []command.Key{registerKey}, Enabled: p.offered, Run: p.s.with(p.open)},
		{ID: "capture.alike", Keys: []command.Key{alikeKey}, Enabled: func() bool { return len(p.found()) > 0 && p.s.d.Keys != nil }, Run: p.s.with(p.look)},
	}
}

// offered tells whether somebody can be taken from the register now.
func (p *people) offered() bool {
	t := p.s.tab()
	return t != nil && t.HasParty() && p.s.d.Parties != nil && p.s.d.Keys != nil
}

// found are the cases like the draft in front.
func (p *people) found() []record.Likeness {
	if t := p.s.m.Active(); t != nil {
		return p.lookout.Found(t)
	}
	return nil
}

func (p *people) canvas() fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(p.s.root)
}

// open shows the register over the window.
func (p *people) open(t *Tab) {
	if c := p.canvas(); c != nil {
		showRegister(c, p.s, t)
	}
}

// look shows the cases like the draft over the window.
func (p *people) look(t *Tab) {
	if c := p.canvas(); c != nil {
		showAlike(c, p, t)
	}
}

// born is when a party was born, or where it lives where that is not known.
func born(t *i18n.Texts, p record.Party) string {
	if p.Birth != "" {
		return t.T("party.born", "date", t.DateText(p.Birth))
	}
	return p.Address()
}

// caseWords names a case in one line: "MS-1-26-00417-K, Hund anmelden: Balu, Yıldız, Emre, geboren 02.05.1988".
func caseWords(t *i18n.Texts, l record.Likeness) string {
	return join(", ", caseNumber(t, l.Case.Number), standing.Title(t, l.Case.Title, l.Case.Service, l.Case.Subject), l.Party.Name(), born(t, l.Party))
}

func caseNumber(t *i18n.Texts, number string) string {
	if number == "" {
		return t.T("find.no_number")
	}
	return number
}

// reasons says what two cases have in common; what the form asks for as the thing's identity has its own name.
func reasons(t *i18n.Texts, tab *Tab, l record.Likeness) string {
	words := make([]string, 0, len(l.Reasons))
	for i, r := range l.Reasons {
		w := t.T("alike.reason." + string(r))
		if r == record.ReasonAddress && i > 0 {
			w = t.T("alike.reason.address.too")
		}
		if f := tab.form.Field(tab.form.Roles[record.RoleIdentity]); r == record.ReasonIdentity && f != nil {
			w = f.Label.In(t.Lang())
		}
		words = append(words, w)
	}
	return t.T("alike.same", "what", strings.Join(words, ", "))
}

// join joins what is not empty.
func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// alikeStrip is the quiet line that says what was perhaps captured already. It takes no keys.
type alikeStrip struct {
	p    *people
	pill *control.Pill
	text *control.Label
	why  *control.Label
	box  *fyne.Container
	show *control.Button
}

func newAlikeStrip(p *people) *alikeStrip {
	texts := p.s.texts
	a := &alikeStrip{
		p: p, pill: control.NewPill(control.SignWarn, texts.T("alike.title"), control.KindWaiting), text: control.NewShort("", control.Body),
		why: control.NewShort("", control.Small),
	}
	a.show = control.NewButton(texts.T("alike.look"), alikeKey.Label(texts), control.Plain, p.s.with(p.look))
	a.box = control.Row(10, a.pill, control.Grow(control.Upright(control.Column(0, a.text, a.why))), a.show)
	a.box.Hide()
	return a
}

func (a *alikeStrip) update(t *Tab) {
	found := a.p.found()
	was := a.box.Visible()
	a.box.Hidden = len(found) == 0
	if len(found) > 0 {
		texts := a.p.s.texts
		a.text.SetText(caseWords(texts, found[0]))
		more := ""
		if len(found) > 1 {
			more = texts.N("alike.more", len(found)-1)
		}
		a.why.SetText(join(" · ", reasons(texts, t, found[0]), more))
	}
	if was != a.box.Visible() {
		a.p.s.root.Refresh()
	} else if was {
		a.box.Refresh()
	}
}
