package forms

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/form"
	"schalter/data/form/incoming"
	"schalter/ui/command"
	"schalter/ui/control"
)

// page is what the screen shows: the list, files being taken in, a report, or a form being tried.
type page interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Shown()
}

// Screen is the administration of forms. Its methods belong to the window's goroutine.
type Screen struct {
	Needs
	root   *fyne.Container
	list   *listPage
	page   page
	taking *importPage // what was taken in last, or nil
	editor Page        // in sight, or nil
	cancel context.CancelFunc
}

// New makes the screen.
func New(n Needs) *Screen {
	s := &Screen{Needs: n, root: container.NewStack()}
	s.list = newListPage(s)
	s.page = s.list
	s.root.Objects = []fyne.CanvasObject{s.list.Object()}
	return s
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Commands are the keys of what is shown.
func (s *Screen) Commands() []command.Command { return s.page.Commands() }

// Shown gives the keys to what is shown.
func (s *Screen) Shown() {
	s.page.Shown()
	s.Changed()
}

// Changed reads the list again, because the store changed.
func (s *Screen) Changed() { s.list.read() }

// Dropped takes in files that were dropped on the window.
func (s *Screen) Dropped(_ fyne.Position, uris []fyne.URI) {
	if s.editor == nil && s.Files != nil {
		s.take(s.Files.Dropped(uris))
	}
}

// PutAway stores what is typed in the editor and ends what is being read.
func (s *Screen) PutAway(ctx context.Context, done func(error)) {
	if s.cancel != nil {
		s.cancel()
	}
	if s.editor == nil {
		done(nil)
		return
	}
	s.editor.PutAway(ctx, done)
}

// Close is PutAway for whoever can wait, as when the window is gone already.
func (s *Screen) Close(ctx context.Context) error {
	if s.cancel != nil {
		s.cancel()
	}
	if s.editor == nil {
		return nil
	}
	return s.editor.Close(ctx)
}

// Alarming reports that the editor says that something typed is not stored.
func (s *Screen) Alarming() bool { return s.editor != nil && s.editor.Alarming() }

// show puts a page into the window.
func (s *Screen) show(p page) {
	s.page = p
	s.root.Objects = []fyne.CanvasObject{p.Object()}
	s.root.Refresh()
	s.Rebind()
	p.Shown()
}

// back shows the list.
func (s *Screen) back() {
	s.editor = nil
	s.show(s.list)
	s.Changed()
}

// with reads a form and does something with it on the window's goroutine.
func (s *Screen) with(l Line, do func(file []byte, f *form.Form)) {
	s.Run(func(ctx context.Context) func() {
		file, f, err := s.open(ctx, l)
		return func() {
			if err != nil {
				s.fail(err)
				return
			}
			do(file, f)
		}
	})
}

// open reads a form; it runs off the window's goroutine.
func (s *Screen) open(ctx context.Context, l Line) ([]byte, *form.Form, error) {
	file, err := s.Office.File(ctx, l.Form)
	if err != nil {
		return nil, nil, err
	}
	f, err := form.Parse(file)
	return file, f, err
}

// try shows a form to be filled as a trial.
func (s *Screen) try(l Line) {
	from := s.page
	s.with(l, func(_ []byte, f *form.Form) { s.show(newTryPage(s, f, from)) })
}

// check shows what is to be known about a form before it is published.
func (s *Screen) check(l Line) {
	s.Run(func(ctx context.Context) func() {
		file, f, err := s.open(ctx, l)
		var verdict error
		if err == nil {
			verdict = s.Office.Check(ctx, file)
		}
		return func() {
			if err != nil {
				s.fail(err)
				return
			}
			s.show(newCheckPage(s, l, f, verdict))
		}
	})
}

// edit opens a form in the editor.
func (s *Screen) edit(l Line) {
	if s.Editor == nil {
		return
	}
	s.with(l, func(file []byte, _ *form.Form) {
		s.editor = s.Editor(EditorWork{
			File: file, Taken: l.From != Trial, Leave: s.back,
			Publish: func(ctx context.Context, b []byte) error {
				if err := s.Office.Publish(ctx, b); err != nil {
					return err
				}
				s.Do(func() { s.list.published(l.Title) })
				if l.From == Trial {
					return s.Office.Discard(ctx, l.Form)
				}
				return nil
			},
		})
		s.show(s.editor)
	})
}

// take reads files and shows what became of them. Files that are brought while the result of others is
// shown are read together with them, as a code list and the schema that needs it.
func (s *Screen) take(files []incoming.File) {
	if len(files) == 0 || s.cancel != nil {
		return
	}
	if p, ok := s.page.(*importPage); ok {
		files = p.join(files)
	}
	s.read(files, Options{Land: s.list.overview.Land})
}

func (s *Screen) read(files []incoming.File, o Options) {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	p := newImportPage(s, files, o)
	s.taking = p
	s.show(p)
	s.Run(func(life context.Context) func() {
		defer context.AfterFunc(life, cancel)()
		s.Office.Import(ctx, files, o, func(x Brought) {
			s.Do(func() { p.took(x) })
		})
		return func() {
			stopped := errors.Is(ctx.Err(), context.Canceled)
			cancel()
			s.cancel = nil
			p.done(stopped)
			s.Changed()
		}
	})
}

// fail says trouble above the list.
func (s *Screen) fail(err error) {
	if s.page != page(s.list) {
		s.back()
	}
	text, hint := s.Texts.Error(err)
	s.list.say(control.KindTrouble, text, hint)
}
