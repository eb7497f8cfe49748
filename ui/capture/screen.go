package capture

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/formview"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// Screen draws a [Model]. Its methods belong to the window's goroutine.
type Screen struct {
	d     Deps
	texts *i18n.Texts
	m     *Model

	tabs     *tabStrip
	header   *header
	form     *fyne.Container // the form view of the active tab
	forms    map[*Tab]*formview.View
	visit    *visitStrip
	version  *versionStrip
	papers   *papers
	arrange  *arranging
	findings *findings
	bar      *bar
	notice   *notice
	people   *people
	calendar *calendars
	alarm    *control.Banner // saving or submitting fails
	alarmBox *fyne.Container
	work     *fyne.Container // form and paper
	done     *confirmation
	blank    *fyne.Container
	root     *fyne.Container
	shown    bool
	failing  bool   // something typed cannot be stored now
	stored   func() // told when that ends; nil: nobody asked
}

// New makes the screen without any tab.
func New(d Deps) *Screen {
	s := &Screen{d: d, texts: d.Texts, forms: map[*Tab]*formview.View{}}
	office := d.Office
	if office == nil {
		office = func() string { return "" }
	}
	s.m = NewModel(Work{
		Store: d.Store, Forms: d.Forms, Blobs: d.Blobs, Scanner: d.Scanner, Binder: d.Binder, Importer: d.Importer, Pictures: d.Pictures, Places: d.Places, Apart: d.Apart,
		Run: d.Run, Lang: d.Texts.Lang, User: d.User, Office: office, Submitted: d.Submitted,
		Reason: func(warning, reason string) string {
			return d.Texts.T("capture.override.note", "warning", warning, "reason", reason)
		},
		Bookings: d.Bookings, Clash: func(thing string, b record.Booking) string { return clashWords(d.Texts, thing, b) },
		Changed: s.changed, Say: s.say,
	})
	s.build()
	return s
}

func (s *Screen) build() {
	s.tabs = newTabStrip(s)
	s.header = newHeader(s)
	s.visit = newVisitStrip(s)
	s.version = newVersionStrip(s)
	s.form = container.NewStack()
	s.papers = newPapers(s)
	s.arrange = newArranging(s)
	s.findings = newFindings(s)
	s.notice = newNotice(s)
	s.bar = newBar(s)
	s.people = newPeople(s)
	s.calendar = newCalendars(s)
	s.alarm = control.NewBanner()
	s.alarmBox = control.Pad(0, 0, 8, 0, s.alarm)
	s.alarmBox.Hide()
	s.done = newConfirmation(s)

	formCard := control.NewCard(0, container.NewBorder(control.Column(0, s.header.box, s.version.box, s.visit.box), nil, nil, nil, control.Pad(0, 8, 1, 16, s.form)))
	formCard.SetJoined(true)
	paperCard := control.NewCard(0, control.Pad(1, 1, 1, 1, s.papers.box))
	s.work = container.New(&splitLayout{}, formCard, paperCard)
	s.blank = container.NewCenter(control.NewLabel(s.texts.T("capture.empty"), control.Muted))
	middle := container.NewStack(s.work, s.done.box, s.blank)
	foot := control.Column(10, s.findings.box, s.calendar.strip.box, s.people.strip.box, s.notice.box, s.bar.box)
	body := control.Column(0, s.alarmBox, s.tabs, control.Grow(middle), control.Pad(10, 0, 0, 0, foot))
	s.root = container.NewStack(
		control.NewGround(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.Background }),
		control.Pad(8, 14, 10, 14, body),
	)
	s.changed(nil, PartTabs|PartFields|PartSave|PartPapers|PartChecks|PartPhase, nil)
}

// Object is what stands on the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Model is the work behind the screen.
func (s *Screen) Model() *Model { return s.m }

// Changed looks for what others have booked meanwhile. The desk calls it when something new is in the store.
func (s *Screen) Changed() { s.m.StoreChanged() }

// Start begins a draft of a service, with the cursor in its first field.
func (s *Screen) Start(service string) {
	s.notice.pass()
	s.visit.close()
	if _, err := s.m.Start(service); err != nil {
		s.say(Message{Err: err})
		return
	}
	s.Shown()
}

// Open goes on with a stored draft, in the version of the form it was begun with and with the cursor where
// it was.
func (s *Screen) Open(id record.ID) { s.m.Open(id) }

// PutAway stores everything typed and closes all tabs without blocking; done is called on the window's
// goroutine, with nil once all of it is durable.
func (s *Screen) PutAway(ctx context.Context, done func(error)) {
	s.m.PutAway(ctx, func(err error) {
		if err == nil {
			s.arrange.close()
			s.papers.view.Close()
		}
		done(err)
	})
}

// Close is PutAway for whoever can wait, as when the window is gone already.
func (s *Screen) Close(ctx context.Context) error {
	err := s.m.Close(ctx)
	if err == nil {
		s.arrange.view.Close()
		s.papers.view.Close()
	}
	return err
}

// Shown gives the cursor back to the field it was in.
func (s *Screen) Shown() {
	s.shown = true
	t := s.m.Active()
	if t == nil {
		return
	}
	if t.Phase() == Done {
		s.done.focus()
		return
	}
	v := s.forms[t]
	if v == nil || s.visit.focus(t) {
		return
	}
	if f := t.Focus(); f != "" && v.Resume(f) {
		return
	}
	if f := t.FirstEmpty(); f != "" {
		v.Focus(f)
	}
}

// changed draws what the model says has changed.
func (s *Screen) changed(t *Tab, parts Part, paths []string) {
	if parts&PartTabs != 0 {
		s.forget()
	}
	if parts&(PartTabs|PartSave|PartPhase|PartPapers) != 0 {
		s.tabs.update()
	}
	if parts&(PartSave|PartTabs) != 0 {
		s.follow()
	}
	s.notice.outdated()
	if t != s.m.Active() {
		return
	}
	if parts&(PartTabs|PartPhase) != 0 {
		s.phase(t)
	}
	s.people.changed(t, parts)
	if t != nil && parts&PartFields != 0 && s.version.open() {
		s.version.follow(t)
	}
	if t != nil {
		s.draw(t, parts, paths)
	}
}

// draw draws what has changed in the tab in front.
func (s *Screen) draw(t *Tab, parts Part, paths []string) {
	if v := s.forms[t]; v != nil && parts&(PartFields|PartPhase) != 0 {
		v.Update(paths)
	}
	s.calendar.changed(t, parts)
	if parts&PartSave != 0 {
		s.saved(t)
	}
	if parts&PartVisit != 0 {
		s.visit.changed(t, paths)
		s.header.update(t)
	}
	if parts&PartPapers != 0 {
		s.papers.update(t)
		s.arrange.update(t)
		s.named(t)
	}
	if parts&(PartChecks|PartPapers|PartPhase) != 0 {
		s.bar.update(t)
		s.findings.update(t)
	}
}

// named shows the papers in the fields of the form that can name them.
func (s *Screen) named(t *Tab) {
	if v := s.forms[t]; v != nil && t.namesPapers() {
		v.Update(nil)
	}
}

// follow tells whoever asked when the last draft that could not be stored is stored after all.
func (s *Screen) follow() {
	before := s.failing
	s.failing = s.m.Failing()
	if before && !s.failing && s.stored != nil {
		s.stored()
	}
}

// OnStored has f called whenever everything typed is stored again after trouble.
func (s *Screen) OnStored(f func()) { s.stored = f }

// Alarming reports that the screen says that something typed is not stored.
func (s *Screen) Alarming() bool { return s.alarmBox.Visible() }

// forget drops the form views of tabs that are closed.
func (s *Screen) forget() {
	for t := range s.forms {
		if t.closed {
			delete(s.forms, t)
		}
	}
}

// phase shows the form, the confirmation or nothing at all.
func (s *Screen) phase(t *Tab) {
	s.work.Hidden = t == nil || t.Phase() == Done
	s.done.box.Hidden = t == nil || t.Phase() != Done
	s.blank.Hidden = t != nil
	s.bar.box.Hidden = t == nil || t.Phase() == Done
	s.alarmBox.Hide()
	if t == nil {
		s.findings.close()
		s.papers.update(nil)
		s.root.Refresh()
		return
	}
	if t.Phase() == Done {
		s.findings.close()
		s.done.update(t)
	} else {
		s.header.update(t)
		s.visit.update(t)
		s.version.follow(t)
		v := s.forms[t]
		if v == nil {
			v = formview.New(s.texts, onPage{fields{t}, s})
			s.forms[t] = v
		}
		if len(s.form.Objects) != 1 || s.form.Objects[0] != v.Object() {
			s.form.Objects = []fyne.CanvasObject{v.Object()}
			s.form.Refresh()
		}
	}
	s.saved(t)
	s.root.Refresh()
	if s.shown {
		s.Shown()
	}
}

// saved says how saving stands: quietly while it works, loudly while it does not.
func (s *Screen) saved(t *Tab) {
	st := t.Saved()
	s.header.saved(t, st)
	switch {
	case t.Trouble() != nil:
		sentence, hint := s.texts.Error(t.Trouble())
		s.raise(s.texts.T("capture.submit.failed", "why", sentence), hint)
	case st.Err != nil:
		sentence, _ := s.texts.Error(st.Err)
		hint := "capture.save.again"
		if record.CodeOf(st.Err) == record.CodeDiskFull {
			hint = "capture.save.room"
		}
		s.raise(s.texts.T("capture.save.failed", "time", clock(st.Since), "why", sentence), s.texts.T(hint))
	case s.alarmBox.Visible():
		s.alarmBox.Hide()
		s.root.Refresh()
	}
}

// raise says above the tabs what keeps the draft from being safe, until it is.
func (s *Screen) raise(text, hint string) {
	if s.alarmBox.Visible() && s.alarm.Text() == text {
		return
	}
	s.alarm.Say(control.KindTrouble, text, hint)
	s.alarmBox.Show()
	s.root.Refresh()
}

// tab is the tab that can be filled now, nil otherwise.
func (s *Screen) tab() *Tab {
	if t := s.m.Active(); t != nil && t.Phase() == Filling {
		return t
	}
	return nil
}

// with runs f for the tab that can be filled now.
func (s *Screen) with(f func(t *Tab)) func() {
	return func() {
		if t := s.tab(); t != nil {
			f(t)
		}
	}
}

func (s *Screen) filling() bool { return s.tab() != nil }

// say tells the clerk something once, without taking the keys.
func (s *Screen) say(m Message) { s.notice.say(m) }

func (s *Screen) scan(t *Tab, more bool) {
	s.notice.again()
	t.Scan("", more)
}

// splitLayout gives the form a little more than half.
type splitLayout struct{}

func (l *splitLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+look.Gap, max(a.Height, b.Height))
}

func (l *splitLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := float32(int((s.Width - look.Gap) * 0.58))
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w+look.Gap, 0))
	o[1].Resize(fyne.NewSize(s.Width-w-look.Gap, s.Height))
}
