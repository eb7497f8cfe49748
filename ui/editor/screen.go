package editor

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/formview"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/tryout"
)

// Deps is what the screen is given.
type Deps struct {
	Texts  *i18n.Texts
	Clock  record.Clock
	Run    control.Runner
	Canvas fyne.Canvas   // for questions
	Keys   *command.List // those of the window
	File   []byte        // the form to begin with, in the native format
	Taken  bool          // its version is published already, so that publishing takes the next one
	Drafts Drafts        // nil: nothing is kept
	// Publish is what becomes of the finished form; nil: this desk may not. It is called off the window's
	// goroutine.
	Publish func(ctx context.Context, file []byte) error
	Leave   func()
	Rebind  func() // the commands changed
	// After calls f on the window's goroutine once d has passed; nil: the machine's timers.
	After func(d time.Duration, f func()) (stop func())
}

// Screen is the editor of one form.
type Screen struct {
	Deps
	m       *Model
	failed  error // the form could not be opened
	saver   *saver
	lines   []Line
	found   int // which finding was gone to last
	object  fyne.CanvasObject
	list    *control.List
	panel   *panel
	trial   *tryout.Model
	view    *formview.View
	right   *fyne.Container
	title   *control.Label
	state   *control.Label
	banner  *control.Banner
	pills   *fyne.Container
	quiet   bool // the selection follows what was done
	resumed bool
	asked   asking
	paused  func() // ends the wait for a pause in typing
}

// New makes the editor of a form, going on with its draft if there is one.
func New(d Deps) *Screen {
	if d.After == nil {
		d.After = func(wait time.Duration, f func()) func() {
			t := time.AfterFunc(wait, func() { fyne.Do(f) })
			return func() { t.Stop() }
		}
	}
	s := &Screen{Deps: d}
	s.m, s.failed = NewModel(d.File, d.Texts.Lang())
	if s.failed != nil {
		s.m = nil
	}
	s.saver = &saver{run: d.Run, after: d.After, told: s.sayState, write: s.snapshot}
	s.build()
	return s
}

func (s *Screen) build() {
	t := s.Texts
	s.title = control.NewShort("", control.H1)
	s.state = control.NewLabel("", control.Small)
	s.banner = control.NewBanner()
	s.pills = control.Row(8)
	s.list = control.NewList(func() fyne.CanvasObject { return newRow() }, func(i int, o fyne.CanvasObject) {
		if i < len(s.lines) {
			o.(*row).show(t, s.lines[i])
		}
	})
	s.list.RowHeight = look.RowDense
	s.list.Name = t.T("editor.parts")
	s.list.OnSelect = s.selected
	s.list.OnOpen = func(int) { s.panel.focus() }
	s.panel = newPanel(s)
	s.right = control.Column(0)
	head := control.Row(10, control.Grow(s.title), s.pills, s.state,
		control.NewButton(t.T("command.editor.check"), command.Plain(fyne.KeyF9).Label(t), control.Plain, s.check),
		control.NewButton(t.T("command.editor.publish"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, s.publish))
	left := control.NewCard(0, control.Column(0, control.Pad(10, 14, 6, 14, control.NewLabel(t.T("editor.parts"), control.H2)), control.NewDivider(),
		control.Grow(control.Pad(4, 1, 6, 1, s.list)), control.NewDivider(), control.Pad(8, 10, 8, 10, s.tools())))
	s.object = control.PadAll(look.Gap, control.Column(look.Gap, head, s.banner,
		control.Grow(newThirds(left, control.NewCard(0, s.panel.object), control.NewCard(0, control.Column(0,
			control.Pad(10, 16, 8, 16, control.Row(8, control.NewLabel(t.T("editor.preview"), control.H2), control.Grow(control.NewShort(t.T("editor.preview.hint"), control.Small)))),
			control.NewDivider(), control.Grow(control.Pad(10, 6, 1, 12, s.right))))))))
	if s.failed != nil {
		s.trouble(s.failed)
		return
	}
	s.refresh(true)
}

// tools are what can be added.
func (s *Screen) tools() fyne.CanvasObject {
	t := s.Texts
	b := func(id string, k fyne.KeyName, f func()) *control.Button {
		return control.NewButton(t.T("editor.add."+id), command.Plain(k).Label(t), control.Plain, f)
	}
	return newFlow(b("field", fyne.KeyF2, s.addField), b("group", fyne.KeyF3, s.addGroup), b("proof", fyne.KeyF4, s.addProof), b("rule", fyne.KeyF7, s.addRule))
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the screen.
func (s *Screen) Commands() []command.Command {
	ok := func() bool { return s.m != nil }
	chosen := func() bool { return ok() && s.m.at != "" && !strings.HasPrefix(s.m.at, heading) }
	c := func(id string, enabled func() bool, run func(), keys ...command.Key) command.Command {
		return command.Command{ID: "editor." + id, Keys: keys, Enabled: enabled, Run: run}
	}
	return []command.Command{
		c("undo", ok, s.undo, command.Ctrl(fyne.KeyZ)),
		c("redo", ok, s.redo, command.Ctrl(fyne.KeyY), command.CtrlShift(fyne.KeyZ)),
		c("field", ok, s.addField, command.Plain(fyne.KeyF2)),
		c("group", ok, s.addGroup, command.Plain(fyne.KeyF3)),
		c("proof", ok, s.addProof, command.Plain(fyne.KeyF4)),
		c("rule", ok, s.addRule, command.Plain(fyne.KeyF7)),
		c("up", chosen, func() { s.move(false) }, command.Alt(fyne.KeyUp)),
		c("down", chosen, func() { s.move(true) }, command.Alt(fyne.KeyDown)),
		c("remove", chosen, s.remove, command.CtrlShift(fyne.KeyDelete)),
		c("next", ok, s.nextPart, command.Plain(fyne.KeyF8)),
		c("check", ok, s.check, command.Plain(fyne.KeyF9)),
		c("publish", ok, s.publish, command.Ctrl(fyne.KeyReturn)),
		c("discard", func() bool { return ok() && s.m.Changed() }, s.discard),
		c("leave", nil, s.leave, command.Plain(fyne.KeyEscape)),
	}
}

// Shown gives the keys to the list, and takes up the draft the first time.
func (s *Screen) Shown() {
	if s.m != nil {
		s.follow()
	}
	control.Focus(s.list)
	if s.resumed || s.Drafts == nil || s.m == nil {
		return
	}
	s.resumed = true
	id := s.m.base.ID
	s.Run(func(ctx context.Context) func() {
		kept, err := s.Drafts.Load(ctx, id)
		return func() { s.takeUp(kept, err) }
	})
}

func (s *Screen) takeUp(kept []byte, err error) {
	if len(kept) == 0 && err == nil || s.m.Changed() {
		return
	}
	t := s.Texts
	var when time.Time
	other := false
	if err == nil {
		when, other, err = s.m.TakeUp(kept)
	}
	if err != nil {
		s.trouble(err)
		return
	}
	hint := t.T("editor.resumed.hint")
	kind := control.KindInfo
	if other {
		hint, kind = t.T("editor.resumed.other"), control.KindWaiting
	}
	s.banner.Say(kind, t.T("editor.resumed", "when", t.WhenLong(when, s.Clock())), hint,
		control.NewButton(t.T("editor.discard"), "", control.Plain, s.discard), s.closeBanner())
	s.refresh(true)
}

func (s *Screen) closeBanner() fyne.CanvasObject {
	return control.NewButton(s.Texts.T("button.close"), "", control.Quiet, func() {
		s.banner.Clear()
		s.object.Refresh()
		control.Focus(s.list)
	})
}

// changed is called after every change of the form or of what was typed. deep: other things stand in the
// middle now.
func (s *Screen) changed(deep bool) {
	s.saver.touch()
	s.refresh(deep)
}

// refresh shows the form as it is.
func (s *Screen) refresh(deep bool) {
	t := s.Texts
	f := s.m.doc.Form()
	s.lines = s.m.Lines()
	s.list.SetLength(len(s.lines))
	s.follow()
	version := f.Version
	if s.Taken && s.m.Changed() && record.CompareVersions(version, s.m.base.Version) <= 0 {
		version = t.T("editor.version.next", "version", version, "next", edit.NextVersion(version))
	}
	s.title.SetText(t.T("editor.title.form", "title", f.Title.In(t.Lang()), "version", version))
	s.pills.Objects = nil
	if n := len(f.Unresolved()); n > 0 {
		s.pills.Add(control.NewPill(control.SignWarn, t.N("editor.open", n), control.KindWaiting))
	}
	if n := s.m.ToConfirm(); n > 0 {
		s.pills.Add(control.NewPill(control.SignOpen, t.N("editor.confirm", n), control.KindNone))
	}
	if deep {
		s.panel.show()
	}
	s.preview(f)
	s.sayState()
	s.object.Refresh()
}

// follow lets the list show what is chosen.
func (s *Screen) follow() {
	if s.list.Size().Height == 0 {
		return // nothing can be brought into sight yet
	}
	for i, l := range s.lines {
		if l.Place == s.m.at {
			if s.list.Selected() != i {
				s.quiet = true
				s.list.Select(i)
				s.quiet = false
			}
			return
		}
	}
}

func (s *Screen) selected(i int) {
	if s.quiet || s.m == nil || i < 0 || i >= len(s.lines) || s.lines[i].Place == s.m.at {
		return
	}
	s.m.Select(s.lines[i].Place)
	s.panel.show()
	s.reveal()
	s.object.Refresh()
}

// preview shows the form with what was typed into it for a trial, as far as it still fits.
func (s *Screen) preview(f *form.Form) {
	if s.trial != nil && s.trial.Form() == f {
		return
	}
	trial := tryout.New(f, s.Texts.Lang(), s.Clock())
	if s.trial != nil {
		carry(s.trial, trial)
	}
	s.trial = trial
	s.view = formview.New(s.Texts, trial)
	view := s.view
	trial.Changed = func(paths []string) { view.Update(paths) }
	s.right.Objects = []fyne.CanvasObject{control.Grow(s.view.Object())}
	s.right.Refresh()
	s.reveal()
}

// carry types what was tried into the new form.
func carry(from, to *tryout.Model) {
	for _, p := range from.Places() {
		if p.Item.Field == nil {
			continue
		}
		old := from.Field(p.Path)
		if f := to.Form().Field(p.Path); f == nil || old.Text == "" || old.ReadOnly {
			continue
		}
		to.Type(p.Path, old.Text)
	}
}

// reveal brings what is chosen into sight of the preview.
func (s *Screen) reveal() {
	if s.view != nil && s.m.at != "" {
		s.view.Reveal(s.m.at)
	}
}

func (s *Screen) trouble(err error) {
	text, hint := s.Texts.Error(err)
	s.banner.Say(control.KindTrouble, text, hint, s.closeBanner())
	s.object.Refresh()
}

func (s *Screen) undo() { s.goBack(s.m.Undo()) }
func (s *Screen) redo() { s.goBack(s.m.Redo()) }

func (s *Screen) goBack(_ string, ok bool) {
	if ok {
		s.changed(true)
	}
}

func (s *Screen) move(down bool) {
	if err := s.m.doc.Move(s.m.at, down); err != nil {
		s.trouble(err)
		return
	}
	s.changed(false)
}

// nextPart goes from the list to what can be changed, to the preview and back.
func (s *Screen) nextPart() {
	switch {
	case s.list == s.Canvas.Focused():
		s.panel.focus()
	case s.view != nil && s.view.Focused() == "" && s.trial.FirstEmpty() != "":
		s.view.Focus(s.trial.FirstEmpty())
	default:
		control.Focus(s.list)
	}
}

// sayState says whether everything is kept.
func (s *Screen) sayState() {
	t := s.Texts
	switch {
	case s.saver.err != nil:
		text, _ := t.Error(s.saver.err)
		s.state.SetText(text)
	case s.saver.dirty || s.saver.running:
		s.state.SetText(t.T("editor.saving"))
	case s.saver.saved:
		s.state.SetText(t.T("editor.saved"))
	default:
		s.state.SetText("")
	}
	s.object.Refresh()
}

// Alarming reports that something typed could not be kept.
func (s *Screen) Alarming() bool { return s.saver.err != nil }

func (s *Screen) snapshot() (func(context.Context) error, error) {
	if s.Drafts == nil {
		return func(context.Context) error { return nil }, nil
	}
	b, err := s.m.Keep(s.Clock())
	if err != nil {
		return nil, err
	}
	id := s.m.base.ID
	return func(ctx context.Context) error { return s.Drafts.Save(ctx, id, b) }, nil
}

// PutAway keeps everything typed; it does not block, and done is called on the window's goroutine.
func (s *Screen) PutAway(_ context.Context, done func(error)) { s.saver.flush(done) }

// Close does the same and waits for it, once the window is gone.
func (s *Screen) Close(ctx context.Context) error {
	if s.m == nil || !s.saver.dirty && !s.saver.running {
		return nil
	}
	work, err := s.snapshot()
	if err == nil {
		err = work(ctx)
	}
	if err == nil {
		s.saver.drop()
	}
	return err
}

// leave goes back; what was typed is kept.
func (s *Screen) leave() {
	s.saver.flush(func(err error) {
		if err != nil {
			s.trouble(err)
			return
		}
		s.Leave()
	})
}
