package lock

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Needs is what the screen is given. The functions run off the UI goroutine.
type Needs struct {
	Texts    *i18n.Texts
	Clock    record.Clock
	Run      control.Runner
	Users    []string
	Fresh    bool
	Trouble  error // why nobody can open the door, said at once; nil
	Create   func(ctx context.Context, user, passphrase string) error
	Unlock   func(ctx context.Context, user, passphrase string) error
	Enrol    func(ctx context.Context, code string) error
	Enrolled func(ctx context.Context) bool // the desk is known at a centre, or there is nothing to enrol
	// Opened is called once the desk may be shown.
	Opened  func()
	Waiting Waiting
	Icon    fyne.Resource
}

// Screen is the locked door.
type Screen struct {
	Needs
	step Step
	busy bool

	object             fyne.CanvasObject
	user, pass, again  *control.Entry
	code               *control.Entry
	message, hint      *control.Label
	title, lead        *control.Label
	try                *control.Button
	later              *control.Button
	userRow, passRow   fyne.CanvasObject
	againRow, enrolRow fyne.CanvasObject
	card               *control.Card
}

// New makes the screen.
func New(n Needs) *Screen {
	s := &Screen{Needs: n, step: First(n.Fresh)}
	s.build()
	s.show()
	if n.Trouble != nil {
		s.say(n.Texts.Error(n.Trouble))
	}
	return s
}

// Step is what the door asks for now.
func (s *Screen) Step() Step { return s.step }

// Message is what is said beside the fields, or "".
func (s *Screen) Message() string { return s.message.Text() }

func (s *Screen) build() {
	t := s.Texts
	s.title = control.NewLabel("", control.H1)
	s.lead = control.NewParagraph("", control.Muted)
	s.message = control.NewParagraph("", control.Trouble)
	s.hint = control.NewParagraph("", control.Small)
	s.user, s.pass, s.again, s.code = control.NewEntry(), control.NewPassword(), control.NewPassword(), control.NewArea(3)
	s.user.Label, s.pass.Label, s.again.Label, s.code.Label = t.T("lock.user"), t.T("lock.passphrase"), t.T("lock.again"), t.T("lock.code")
	if len(s.Users) > 0 {
		s.user.SetText(s.Users[0])
	}
	s.user.OnKey = s.onUserKey
	s.pass.OnSubmitted = func(string) {
		if s.step == StepCreate {
			control.Focus(s.again)
			return
		}
		s.Go()
	}
	s.again.OnSubmitted = func(string) { s.Go() }
	for _, e := range []*control.Entry{s.user, s.pass, s.again, s.code} {
		e.OnChanged = func(string) { s.say("", "") }
	}
	s.userRow = field(t.T("lock.user"), s.user)
	s.passRow = field(t.T("lock.passphrase"), s.pass)
	s.againRow = field(t.T("lock.again"), s.again)
	s.enrolRow = field(t.T("lock.code"), s.code)
	s.try = control.NewButton("", "", control.Primary, s.Go)
	s.later = control.NewButton(t.T("lock.later"), t.T("key.Escape"), control.Plain, s.skip)
	body := control.Column(14,
		control.Column(6, s.title, s.lead), s.userRow, s.passRow, s.againRow, s.enrolRow,
		control.Column(2, s.message, s.hint), control.Row(control.GapButtons, control.Spacer(), s.later, s.try))
	s.card = control.NewCard(28, body)
	column := control.Column(18, control.Middle(control.Row(10, control.NewPicture(s.Icon, 32), control.NewLabel("Schalter", control.H1))), control.Width(440, s.card))
	if w := s.waiting(); w != "" {
		foot := control.NewParagraph(w, control.Small)
		foot.Align = fyne.TextAlignCenter
		column.Add(foot)
	}
	s.object = control.Middle(column)
}

func field(name string, e fyne.CanvasObject) fyne.CanvasObject {
	return control.Column(4, control.NewLabel(name, control.Caption), e)
}

// waiting says how old the outbox is, because whoever has lost the passphrase must know what would be lost
// with it.
func (s *Screen) waiting() string {
	c := s.Waiting.Counts
	if !s.Waiting.Known {
		return ""
	}
	if c.Outbox+c.Files == 0 {
		return s.Texts.T("lock.outbox.empty")
	}
	return s.Texts.T("lock.outbox", "count", c.Outbox+c.Files, "age", s.Texts.Age(s.Clock().Sub(c.Oldest)))
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the screen.
func (s *Screen) Commands() []command.Command {
	return []command.Command{{ID: "lock.later", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Enabled: func() bool { return s.step == StepEnrol && !s.busy }, Run: s.skip}}
}

// Shown gives the keys to the first empty field.
func (s *Screen) Shown() {
	switch {
	case s.step == StepEnrol:
		control.Focus(s.code)
	case s.user.Text == "":
		control.Focus(s.user)
	default:
		control.Focus(s.pass)
	}
}

func (s *Screen) show() {
	t := s.Texts
	name := map[Step]string{StepUnlock: "unlock", StepCreate: "create", StepEnrol: "enrol"}[s.step]
	s.title.SetText(t.T("lock." + name + ".title"))
	s.lead.SetText(t.T("lock." + name + ".lead"))
	s.try.SetText(t.T("lock." + name + ".go"))
	show := func(o fyne.CanvasObject, on bool) {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	show(s.userRow, s.step != StepEnrol)
	show(s.passRow, s.step != StepEnrol)
	show(s.againRow, s.step == StepCreate)
	show(s.enrolRow, s.step == StepEnrol)
	show(s.later, s.step == StepEnrol)
	s.say("", "")
	s.card.Refresh()
	s.object.Refresh()
}

// Say shows trouble that came from elsewhere.
func (s *Screen) Say(message, hint string) { s.say(message, hint) }

func (s *Screen) say(message, hint string) {
	if s.message.Text() == message && s.hint.Text() == hint && s.message.Hidden == (message == "") {
		return
	}
	s.message.SetText(message)
	s.hint.SetText(hint)
	s.message.Hidden, s.hint.Hidden = message == "", hint == ""
	state := control.FieldPlain
	if message != "" {
		state = control.FieldTrouble
	}
	s.pass.SetState(state)
	s.code.SetState(state)
	s.card.Refresh()
	s.object.Refresh()
}

func (s *Screen) onUserKey(k *fyne.KeyEvent) bool {
	d := map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1}[k.Name]
	if d == 0 {
		return false
	}
	s.user.SetText(Next(s.Users, s.user.Text, d))
	return true
}

// Go tries the door.
func (s *Screen) Go() {
	if s.busy {
		return
	}
	user, pass := s.user.Text, s.pass.Text
	if key := Problem(s.step, user, pass, s.again.Text); key != "" {
		s.say(s.Texts.T(key), "")
		return
	}
	step, code := s.step, s.code.Text
	s.work(true)
	s.Run(func(ctx context.Context) func() {
		var err error
		ask := false
		switch step {
		case StepCreate:
			err = s.Create(ctx, user, pass)
			ask = err == nil && !s.Enrolled(ctx)
		case StepUnlock:
			err = s.Unlock(ctx, user, pass)
		case StepEnrol:
			err = s.Enrol(ctx, code)
		}
		return func() { s.tried(ask, err) }
	})
}

func (s *Screen) work(on bool) {
	s.busy = on
	if on {
		s.try.SetText(s.Texts.T("lock.working"))
		s.try.Disable()
	} else {
		s.try.Enable()
	}
	s.card.Refresh()
}

func (s *Screen) tried(ask bool, err error) {
	s.work(false)
	if err != nil {
		s.pass.SetText("")
		s.again.SetText("")
		s.show()
		s.say(s.Texts.Error(err))
		s.Shown()
		return
	}
	if ask {
		s.step = StepEnrol
		s.show()
		s.Shown()
		return
	}
	s.skip()
}

// skip opens the desk without enrolling it.
func (s *Screen) skip() {
	s.pass.SetText("")
	s.again.SetText("")
	s.Opened()
}
