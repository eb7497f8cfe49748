package scanners

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
)

// page is what the screen shows: the lists, or a profile being changed.
type page interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Shown()
}

// Screen is the administration of scanners. Its methods belong to the window's goroutine.
type Screen struct {
	Needs
	root *fyne.Container
	home *homePage
	page page
	pin  string             // that opened the lock, until the screen is left
	stop context.CancelFunc // ends what a device is doing for the screen; nil: nothing
}

// New makes the screen.
func New(n Needs) *Screen {
	s := &Screen{Needs: n, root: container.NewStack()}
	s.home = newHomePage(s)
	s.page = s.home
	s.root.Objects = []fyne.CanvasObject{s.home.Object()}
	return s
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Commands are the keys of what is shown.
func (s *Screen) Commands() []command.Command { return s.page.Commands() }

// Shown gives the keys to what is shown and looks for devices the first time.
func (s *Screen) Shown() {
	s.page.Shown()
	s.home.read()
	if !s.home.asked {
		s.home.look()
	}
}

// Closed ends what a device is doing for the screen, and forgets the PIN.
func (s *Screen) Closed() {
	s.pin = ""
	if s.stop != nil {
		s.stop()
	}
}

// show puts a page into the window.
func (s *Screen) show(p page) {
	s.page = p
	s.root.Objects = []fyne.CanvasObject{p.Object()}
	s.root.Refresh()
	s.Rebind()
	p.Shown()
}

// back shows the lists.
func (s *Screen) back() {
	s.show(s.home)
	s.home.read()
}

// device runs something that a device takes time for. It is ended by Esc and by leaving the screen.
func (s *Screen) device(saying string, work func(ctx context.Context) func()) {
	if s.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.home.say(control.KindNone, saying, "")
	s.Rebind()
	s.Run(func(life context.Context) func() {
		defer context.AfterFunc(life, cancel)()
		show := work(ctx)
		return func() {
			cancel()
			s.stop = nil
			s.home.hush()
			s.Rebind()
			show()
		}
	})
}

// change changes the book, after the PIN where it is locked, and reads it again.
func (s *Screen) change(change func(b *profile.Book) error, then func()) {
	pin := s.pin
	s.Run(func(ctx context.Context) func() {
		err := s.Office.Change(ctx, pin, change)
		return func() {
			switch code := record.CodeOf(err); {
			case code == record.CodeProfileLocked:
				s.askPIN(func() { s.change(change, then) })
			case err != nil:
				s.fail(err)
			default:
				s.home.read()
				then()
			}
		}
	})
}

// fail says trouble above the lists.
func (s *Screen) fail(err error) {
	if record.CodeOf(err) == record.CodeScanCancelled {
		return
	}
	text, hint := s.Texts.Error(err)
	s.home.say(control.KindTrouble, text, hint)
}

// trust asks to compare a certificate if that is what an error is about, and goes on once it was confirmed.
func (s *Screen) trust(err error, then func()) (asked bool) {
	c, ok := s.Office.Certificate(err)
	if ok {
		s.askCertificate(c, then)
	}
	return ok
}
