package desk

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
	"schalter/ui/queue"
	"schalter/ui/sample"
)

// capturing stands in for the capture screen and notes what it was told.
type capturing struct {
	entry   *control.Entry
	said    []string
	closing error
	slow    bool
	answer  func(error)
	alarm   bool
	stored  func()
}

func (c *capturing) Alarming() bool    { return c.alarm }
func (c *capturing) OnStored(f func()) { c.stored = f }

func (c *capturing) Object() fyne.CanvasObject { return c.entry }
func (c *capturing) Start(service string)      { c.said = append(c.said, "start "+service) }
func (c *capturing) Open(id record.ID)         { c.said = append(c.said, "open "+string(id)) }
func (c *capturing) Dropped(fyne.Position, []fyne.URI) {
	c.said = append(c.said, "dropped")
}
func (c *capturing) Commands() []command.Command { return nil }
func (c *capturing) Shown()                      { control.Focus(c.entry) }
func (c *capturing) Close(context.Context) error {
	c.said = append(c.said, "close")
	return c.closing
}

// PutAway answers at once, or later where the test wants to be the disk.
func (c *capturing) PutAway(_ context.Context, done func(error)) {
	c.said = append(c.said, "put away")
	if c.slow {
		c.answer = done
		return
	}
	done(c.closing)
}

type townDoor struct {
	fresh  bool
	broken error
	svc    *Services
	locked int
}

func (d *townDoor) Fresh() bool { return d.fresh }
func (d *townDoor) Users() ([]string, error) {
	if d.broken != nil {
		return nil, d.broken
	}
	return []string{sample.User}, nil
}

func (d *townDoor) Create(context.Context, string, string) (*Services, error) {
	return d.svc, nil
}

func (d *townDoor) Unlock(_ context.Context, _, pass string) (*Services, error) {
	if pass != "schalter" {
		return nil, record.E(record.CodeWrongPassphrase, nil)
	}
	return d.svc, nil
}
func (d *townDoor) Lock(context.Context) error { d.locked++; return nil }

type printing struct {
	fail  error
	way   record.Way
	pages int
}

func (p *printing) PrintConfirmation(context.Context, []record.Case, string) (record.Way, error) {
	if p.fail == nil {
		p.pages++
	}
	return p.way, p.fail
}

func (p *printing) WriteConfirmation(_ context.Context, w io.Writer, c []record.Case, lang string) error {
	if p.fail == nil {
		_, _ = io.WriteString(w, c[0].Number+" "+lang)
	}
	return p.fail
}

func (p *printing) PrintMissing(context.Context, []record.Case, []string) (record.Way, error) {
	return p.way, p.fail
}

func (p *printing) Languages() []string { return []string{"de", "en"} }

type fixture struct {
	*Desk
	t       *testing.T
	store   *sample.Store
	line    *sample.Line
	door    *townDoor
	capt    *capturing
	printer *printing
	lib     *form.Library
}

func town(t *testing.T, prepare ...func(*fixture)) *fixture {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, store: sample.New(lib, 0), line: sample.Offline(), lib: lib, printer: &printing{}}
	for _, p := range prepare {
		p(f)
	}
	f.door = &townDoor{svc: &Services{
		User: sample.User, Store: f.store, Forms: lib, Line: f.line, Printer: f.printer,
		Capture: func(Host) Capture { f.capt = &capturing{entry: control.NewEntry()}; return f.capt },
		Enrol:   func(context.Context, string) error { return nil },
	}}
	f.Desk, err = New(app, Options{Files: assets.Files, Clock: sample.Clock, Door: f.door, Run: control.Inline, Still: true})
	if err != nil {
		t.Fatal(err)
	}
	f.win.Resize(fyne.NewSize(1366, 768))
	f.Start(context.Background())
	t.Cleanup(func() { f.win.Close() })
	return f
}

func (f *fixture) unlock() *fixture {
	f.t.Helper()
	test.Type(f.win.Canvas().Focused(), "schalter")
	f.key(fyne.KeyReturn)
	if f.svc == nil {
		f.t.Fatal("the desk did not open")
	}
	return f
}

// key types a key as the driver does.
func (f *fixture) key(k fyne.KeyName) {
	if o := f.win.Canvas().Focused(); o != nil {
		o.TypedKey(&fyne.KeyEvent{Name: k})
		return
	}
	f.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: k})
}

func (f *fixture) combo(k fyne.KeyName, mod fyne.KeyModifier) {
	f.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
}

func (f *fixture) ctrl(k fyne.KeyName) {
	f.t.Helper()
	o, ok := f.win.Canvas().Focused().(fyne.Shortcutable)
	if !ok {
		f.t.Fatalf("%T cannot take a combination", f.win.Canvas().Focused())
	}
	o.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl})
}

func (f *fixture) overlay() bool { return f.win.Canvas().Overlays().Top() != nil }

func TestUnlockLeadsToTheWorkListAndEnterOpensACase(t *testing.T) {
	f := town(t)
	test.Type(f.win.Canvas().Focused(), "falsch")
	f.key(fyne.KeyReturn)
	if f.svc != nil || f.locked.Message() == "" {
		t.Fatal("a wrong passphrase opened the desk or was not said")
	}
	f.unlock()
	if _, ok := f.screen.(*queue.Screen); !ok || f.place != placeToday {
		t.Fatalf("shown is %T at %q", f.screen, f.place)
	}
	f.key(fyne.KeyDown)
	f.key(fyne.KeyReturn)
	if _, ok := f.screen.(*casefile.Screen); !ok {
		t.Fatalf("Enter shows %T", f.screen)
	}
	f.key(fyne.KeyEscape)
	if _, ok := f.screen.(*queue.Screen); !ok || f.win.Canvas().Focused() == nil {
		t.Fatalf("Esc shows %T, focus %v", f.screen, f.win.Canvas().Focused())
	}
}

func TestKeysReachEveryPlace(t *testing.T) {
	f := town(t).unlock()
	for i, p := range []string{placeToday, placeDrafts, placeMine, placeOffice, placeConflicts, placeOutbox} {
		f.ctrl(fyne.KeyName(fmt.Sprint(i + 1)))
		if f.place != p {
			t.Errorf("Ctrl+%d shows %q, want %q", i+1, f.place, p)
		}
		if f.win.Canvas().Focused() == nil {
			t.Errorf("%s has no focus", p)
		}
	}
	f.key(fyne.KeyF6)
	if f.win.Canvas().Focused() != f.shell.rail {
		t.Fatal("F6 does not lead to the rail")
	}
	f.key(fyne.KeyUp)
	f.key(fyne.KeyReturn)
	if f.place != placeConflicts {
		t.Errorf("the rail shows %q", f.place)
	}
}

func TestFindByKeyboardOpensTheCase(t *testing.T) {
	f := town(t).unlock()
	f.ctrl(fyne.KeyK)
	if !f.overlay() {
		t.Fatal("Ctrl+K shows nothing")
	}
	test.Type(f.win.Canvas().Focused(), "Schäfer")
	f.key(fyne.KeyReturn)
	s, ok := f.screen.(*casefile.Screen)
	if !ok || f.overlay() {
		t.Fatalf("shown is %T, overlay %v", f.screen, f.overlay())
	}
	if r, _ := f.store.Row(context.Background(), s.ID()); r.Party != "Schäfer, Petra" {
		t.Errorf("opened %q", r.Party)
	}
}

func TestWhatIsTypedIntoTheSearchFieldIsAllThere(t *testing.T) {
	f := town(t).unlock()
	b := newFindBox(f.Desk)
	b.TypedRune('2')
	test.Type(f.win.Canvas().Focused(), ".5.88")
	if e := f.win.Canvas().Focused().(*control.Entry); e.Text != "2.5.88" {
		t.Errorf("the search holds %q", e.Text)
	}
}

func TestStrayKeysFindTheirWay(t *testing.T) {
	f := town(t).unlock()
	f.win.Canvas().Unfocus()
	f.key(fyne.KeyDown)
	if f.win.Canvas().Focused() == nil {
		t.Error("a key typed beside everything is lost")
	}
	f.ctrl(fyne.KeyK)
	f.win.Canvas().Unfocus()
	f.win.Canvas().OnTypedRune()('y')
	if e, ok := f.win.Canvas().Focused().(*control.Entry); !ok || e.Text != "y" {
		t.Error("a letter typed beside the search is lost")
	}
}

func TestServiceIsPickedByTyping(t *testing.T) {
	f := town(t).unlock()
	f.ctrl(fyne.KeyN)
	test.Type(f.win.Canvas().Focused(), "plak")
	f.key(fyne.KeyReturn)
	if fmt.Sprint(f.capt.said) != "[start plakatierung]" || f.overlay() || f.screen != Screen(f.capt) {
		t.Errorf("capture was told %v, overlay %v", f.capt.said, f.overlay())
	}
	if f.win.Canvas().Focused() != f.capt.entry {
		t.Error("the keys are not with the new draft")
	}
	all := f.lib.All()
	for q, want := range map[string]string{"": "fundsache", "HUND": "hundesteuer-anmelden", "anmelden hund": "hundesteuer-anmelden", "gibt es nicht": ""} {
		got := services(all, "de", q)
		if slices.ContainsFunc(got, func(f *form.Form) bool { return f.ID == want }) != (want != "") {
			t.Errorf("%q does not find %q among %d services", q, want, len(got))
		}
		if some := q != "" && len(got) == len(all); some || q == "" && len(got) != len(all) {
			t.Errorf("%q finds %d of %d services", q, len(got), len(all))
		}
	}
}
