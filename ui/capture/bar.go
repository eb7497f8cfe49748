package capture

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// bar is the command bar at the foot of the screen.
type bar struct {
	s       *Screen
	answers *control.Pill
	proofs  *control.Pill
	hint    *control.Label
	submit  *control.Button
	box     *fyne.Container
}

func newBar(s *Screen) *bar {
	t := s.texts
	b := &bar{s: s, answers: control.NewPill("", "", control.KindTrouble), proofs: control.NewPill("", "", control.KindWaiting)}
	b.hint = control.NewShort(t.T("capture.keys"), control.Muted)
	b.submit = control.NewButton(t.T("capture.submit"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, s.submit)
	b.box = control.Row(10, b.answers, b.proofs, control.Grow(b.hint),
		control.NewButton(t.T("capture.park"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, s.escape),
		control.NewButton(t.T("capture.check"), command.Plain(fyne.KeyF9).Label(t), control.Plain, s.with(s.check)),
		b.submit)
	return b
}

func (b *bar) update(t *Tab) {
	answers, proofs := t.Counts()
	texts := b.s.texts
	b.answers.Set(control.SignNone, "", control.KindTrouble)
	b.proofs.Set(control.SignNone, "", control.KindWaiting)
	switch {
	case answers > 0:
		b.answers.Set(control.SignNone, texts.N("capture.answers", answers), control.KindTrouble)
	case t.Checked() && proofs == 0 && len(t.open()) == 0:
		b.answers.Set(control.SignDone, texts.T("capture.complete"), control.KindGood)
	}
	if proofs > 0 {
		b.proofs.Set(control.SignNone, texts.N("capture.proofs", proofs), control.KindWaiting)
	}
	b.answers.Hidden = b.answers.Text() == ""
	b.proofs.Hidden = b.proofs.Text() == ""
	if t.Phase() == Submitting {
		b.submit.Disable()
	} else {
		b.submit.Enable()
	}
	b.box.Refresh()
}

// ready puts the keys onto the button that is due now.
func (b *bar) ready() { control.Focus(b.submit) }

// noticeStays is how long a notice that needs no answer stands.
const noticeStays = 8 * time.Second

// notice says something once, above the command bar, and offers to take it back.
type notice struct {
	s      *Screen
	banner *control.Banner
	box    *fyne.Container
	back   func()
	while  func() bool
	stop   func()
	count  int

	passing  bool // it goes away by itself
	troubles []trouble
}

// trouble is one that is still being said.
type trouble struct {
	code       record.Code
	text, hint string
}

// atOnce is how many troubles are said together; of more, as of a whole stick, the last ones.
const atOnce = 3

func newNotice(s *Screen) *notice {
	n := &notice{s: s, banner: control.NewBanner()}
	n.box = container.NewStack(n.banner)
	n.box.Hide()
	return n
}

func (n *notice) say(m Message) {
	texts := n.s.texts
	kind := control.KindInfo
	var text, hint string
	if m.Err != nil {
		kind = control.KindTrouble
		text, hint = n.add(m.Err)
	} else {
		text = texts.T(m.Key, m.Args...)
		n.troubles = nil
	}
	var buttons []fyne.CanvasObject
	n.back, n.while = m.Undo, m.While
	if m.Undo != nil {
		buttons = append(buttons, control.NewButton(texts.T("capture.undo"), command.Alt(fyne.KeyZ).Label(texts), control.Plain, func() { n.undo() }))
	}
	buttons = append(buttons, control.NewButton(texts.T("capture.close"), "", control.Plain, n.hide))
	n.banner.Say(kind, text, hint, buttons...)
	n.s.arrange.say(text)
	n.box.Show()
	n.s.root.Refresh()
	n.count++
	n.passing = m.Err == nil
	if n.stop != nil {
		n.stop()
		n.stop = nil
	}
	if m.Err != nil {
		return // trouble stays until it was read
	}
	at := n.count
	n.stop = n.s.d.Run.After(noticeStays, func() {
		n.s.d.Run.Do(func() {
			if n.count == at {
				n.hide()
			}
		})
	})
}

// add puts trouble to what is said already and was not closed: of several files that cannot be taken, each
// is named.
func (n *notice) add(err error) (text, hint string) {
	t := trouble{code: record.CodeOf(err)}
	t.text, t.hint = n.s.texts.Error(err)
	if !n.box.Visible() {
		n.troubles = nil
	}
	if !slices.Contains(n.troubles, t) {
		n.troubles = append(n.troubles, t)
	}
	n.troubles = n.troubles[max(0, len(n.troubles)-atOnce):]
	texts, hints := []string{}, []string{}
	for _, t := range n.troubles {
		texts = append(texts, t.text)
		if !slices.Contains(hints, t.hint) {
			hints = append(hints, t.hint)
		}
	}
	return strings.Join(texts, " "), strings.Join(hints, " ")
}

// again takes back what was said about the scanner or the disk, because the clerk tries once more. Files
// that were refused stay named.
func (n *notice) again() {
	refused := func(t trouble) bool { return strings.HasPrefix(string(t.code), "import.") }
	if n.box.Visible() && !n.passing && !slices.ContainsFunc(n.troubles, refused) {
		n.hide()
	}
}

// pass hides what needs no answer, as when the next visitor sits down.
func (n *notice) pass() {
	if n.box.Visible() && n.passing {
		n.hide()
	}
}

// outdated hides what can be taken back no longer.
func (n *notice) outdated() {
	if n.back != nil && n.while != nil && !n.while() {
		n.hide()
	}
}

func (n *notice) undo() bool {
	n.outdated()
	if n.back == nil || !n.box.Visible() {
		return false
	}
	back := n.back
	n.hide()
	back()
	return true
}

func (n *notice) hide() {
	n.back = nil
	n.box.Hide()
	n.s.root.Refresh()
}
