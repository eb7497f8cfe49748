package desk

import (
	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/conflict"
	"schalter/ui/outbox"
	"schalter/ui/queue"
)

// goTo shows a place of the rail.
func (d *Desk) goTo(place string) {
	if d.svc == nil {
		return
	}
	s, ok := d.screens[place]
	if !ok {
		s = d.make(place)
		d.screens[place] = s
	}
	d.place = place
	d.show(s)
}

func (d *Desk) make(place string) Screen {
	t := d.texts
	switch place {
	case placeDrafts:
		return newDrafts(d, false, nil)
	case placeConflicts:
		return conflict.New(conflict.Needs{Texts: t, Clock: d.Clock, Run: d.Run, Forms: d.svc.Forms, User: d.svc.User, Open: d.openCase}, d.svc.Store)
	case placeOutbox:
		n := outbox.Needs{Texts: t, Clock: d.Clock, Run: d.Run, Open: d.openCase}
		if d.svc.Line != nil {
			n.Link, n.Wake = d.svc.Line.Link, d.svc.Line.Wake
		}
		return outbox.New(n, d.svc.Store)
	case placeTray:
		return d.makeTray()
	case placeChecks:
		return d.makeChecks()
	case placeForms:
		d.admin = d.svc.Admin(d.host())
		return d.admin
	case placeScanners:
		return d.svc.Scanners(d.host())
	}
	views := map[string]record.View{placeToday: record.ViewToday, placeMine: record.ViewMine, placeOffice: record.ViewOffice}
	n := queue.Needs{Texts: t, Clock: d.Clock, Run: d.Run, Open: d.openCase}
	if d.svc.Printer != nil {
		n.Print = func(id record.ID) { d.letters().Print(id, t.Lang()) }
	}
	return queue.New(n, d.svc.Store, views[place], d.svc.User, t.T("place."+place))
}

// show puts a screen into the content area and gives it the keys.
func (d *Desk) show(s Screen) {
	if old, ok := d.screen.(interface{ Closed() }); ok && d.screen != s {
		old.Closed()
	}
	d.screen = s
	d.shell.notice.Clear()
	d.shell.content.Objects = []fyne.CanvasObject{s.Object()}
	d.shell.content.Refresh()
	d.shell.object.Refresh()
	d.rebind()
	d.showFacts()
	d.hush()
	s.Shown()
}

// rebind makes keys and menu anew for the screen in sight.
func (d *Desk) rebind() {
	if d.svc == nil {
		return // the keys are the lock's
	}
	var own []command.Command
	if d.screen != nil {
		own = d.screen.Commands()
	}
	d.keys.Enter("help.here", own)
	d.win.SetMainMenu(d.keys.MainMenu(d.texts))
}

func (d *Desk) openCase(id record.ID) { d.openAt(id, "", 0) }

// openAt shows a case, and a document of it at a page where doc is set.
func (d *Desk) openAt(id, doc record.ID, page int) {
	d.openFor(id, doc, page, func() { d.goTo(d.place) })
}

// lookAt shows a case to somebody who is capturing another one and goes back to that.
func (d *Desk) lookAt(id record.ID) { d.openFor(id, "", 0, d.toCapture) }

func (d *Desk) openFor(id, doc record.ID, page int, back func()) {
	svc := d.svc
	if svc == nil {
		return
	}
	n := casefile.Needs{
		Texts: d.texts, Clock: d.Clock, Run: d.Run, Forms: svc.Forms, User: svc.User,
		Back: back, Rebind: d.rebind,
		// From a case of the same interview one comes back to this one.
		Open: func(other record.ID) { d.openFor(other, "", 0, func() { d.openFor(id, "", 0, back) }) },
	}
	if svc.Printer != nil {
		n.Letters = d.letters()
	}
	if svc.Renditions != nil {
		n.Renditions = renditions{d, svc}
	}
	if svc.Add != nil {
		n.Add = d.add(svc)
	}
	if svc.Pages != nil {
		svc.Pages(d.host(), &n)
	}
	if svc.Paper != nil {
		host := d.host()
		n.Paper = func(doc record.Document, page int) casefile.Paper {
			return d.marked(doc.ID, svc.Paper(host, doc, page))
		}
	}
	if d.place == "" {
		d.place = placeToday
	}
	d.show(casefile.New(n, svc.Store, id, doc, page))
}

// begin starts a draft of a service.
func (d *Desk) begin(service string) {
	if d.capture == nil {
		return
	}
	d.toCapture()
	d.capture.Start(service)
}

// resume goes on with a draft.
func (d *Desk) resume(id record.ID) {
	if d.capture == nil {
		return
	}
	d.toCapture()
	d.capture.Open(id)
}

func (d *Desk) toCapture() {
	d.place = placeDrafts
	d.show(d.capture)
}

// dropped gives files that were dropped on the window to the capture screen; elsewhere it says where they
// can go.
func (d *Desk) dropped(pos fyne.Position, uris []fyne.URI) {
	switch {
	case d.svc == nil:
	case d.capture != nil && d.screen == Screen(d.capture):
		d.capture.Dropped(pos, uris)
	case d.admin != nil && d.screen == Screen(d.admin):
		d.admin.Dropped(pos, uris)
	default:
		d.sayDrop()
	}
}
