package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/find"
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

func TestCutOffDraftsAreOfferedAndNeverDroppedSilently(t *testing.T) {
	f := town(t, func(f *fixture) { f.store.SetLive(true) }).unlock()
	s, ok := f.screen.(*drafts)
	if !ok || !s.rescue || len(s.all) != 3 || s.banner.Text() == "" {
		t.Fatalf("shown is %T", f.screen)
	}
	f.key(fyne.KeyDelete)
	if !f.overlay() || len(s.all) != 3 {
		t.Fatal("discarding did not ask")
	}
	f.key(fyne.KeyReturn) // the safe answer has the keys
	if d, _ := f.store.Drafts(context.Background()); len(d) != 3 || f.overlay() {
		t.Fatalf("%d drafts after Behalten", len(d))
	}
	f.key(fyne.KeyDelete)
	f.key(fyne.KeyEscape)
	if d, _ := f.store.Drafts(context.Background()); len(d) != 3 || f.overlay() {
		t.Fatalf("%d drafts after Esc", len(d))
	}
	f.key(fyne.KeyDelete)
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn)
	if d, _ := f.store.Drafts(context.Background()); len(d) != 2 {
		t.Fatalf("%d drafts after discarding one", len(d))
	}
	f.ctrl(fyne.Key1)
	if d, _ := f.store.Drafts(context.Background()); len(d) != 2 {
		t.Error("going elsewhere dropped a draft")
	}
	f.ctrl(fyne.Key2)
	f.key(fyne.KeyReturn)
	if len(f.capt.said) != 1 || f.capt.said[0][:5] != "open " {
		t.Errorf("capture was told %v", f.capt.said)
	}
}

func TestDraftsOfOthersAreNotShown(t *testing.T) {
	all := []record.Draft{{ID: "1", User: "a", Live: true}, {ID: "2", User: "b", Live: true}, {ID: "3", User: "a", Updated: time.Unix(9, 0)}}
	if got := cutOff(all, "a"); len(got) != 1 || got[0].ID != "1" {
		t.Errorf("cut off %v", got)
	}
	if got := own(all, "a"); len(got) != 2 || got[0].ID != "3" {
		t.Errorf("own %v", got)
	}
}

func TestNothingIsLockedBeforeItIsStored(t *testing.T) {
	f := town(t).unlock()
	f.capt.closing = record.E(record.CodeDiskFull, errors.New("x"))
	f.ctrl(fyne.KeyL)
	if f.svc == nil || f.door.locked != 0 || f.shell.notice.Text() == "" {
		t.Fatal("the desk was locked though the draft could not be stored, or does not say why")
	}
	f.Quit()
	if f.finished {
		t.Fatal("the program would have ended")
	}
	f.capt.closing = nil
	f.ctrl(fyne.KeyK)
	f.ctrl(fyne.KeyL)
	if f.svc != nil || f.door.locked != 1 || f.overlay() || f.locked == nil {
		t.Fatalf("locked %d, overlay %v", f.door.locked, f.overlay())
	}
	if f.win.Canvas().Focused() == nil {
		t.Error("the lock screen has no focus")
	}
	f.unlock()
	if f.place != placeToday {
		t.Error("the desk does not open again")
	}
	f.ctrl(fyne.Key6)
	f.ctrl(fyne.KeyL)
	f.unlock()
	if f.place != placeOutbox {
		t.Errorf("after unlocking the clerk is at %q", f.place)
	}
}

func TestTroubleOfTheLineTakesNoFocusAndAsksNothing(t *testing.T) {
	f := town(t).unlock()
	f.ctrl(fyne.KeyN)
	test.Type(f.win.Canvas().Focused(), "hund")
	f.key(fyne.KeyReturn)
	before := f.win.Canvas().Focused()
	for _, c := range []record.Code{record.CodeOffline, record.CodeCaptivePortal, record.CodeCentreUntrusted, record.CodeDeskRevoked, record.CodeClockWrong, record.CodeRejected} {
		f.line.State.Trouble = record.E(c, nil)
		f.Refresh()
		if f.overlay() || f.win.Canvas().Focused() != before || f.shell.notice.Visible() {
			t.Fatalf("%s opened something or took the focus", c)
		}
	}
	f.line.State.Trouble = record.E(record.CodeCaptivePortal, nil)
	f.Refresh()
	if want, _ := f.texts.Error(f.line.State.Trouble); f.shell.status.left[0].it.Text != want {
		t.Errorf("the status line says %q", f.shell.status.left[0].it.Text)
	}
}

func TestLanguageAndLookChangeAtOnceAndStay(t *testing.T) {
	f := town(t).unlock()
	if !f.Do("look.dark") || !f.Do("size.130") || look.Current().Kind() != look.Dark || look.Current().TextSize() != 130 {
		t.Fatalf("%v %v", look.Current().Kind(), look.Current().TextSize())
	}
	f.Do("language.en")
	if it, _ := f.shell.rail.Item(placeToday); it.Text != "Today" || f.win.MainMenu().Items[0].Label != "File" {
		t.Errorf("rail %q, menu %q", it.Text, f.win.MainMenu().Items[0].Label)
	}
	ctx := context.Background()
	for key, want := range map[string]string{settingLook: "dark", settingSize: "130", settingLang: "en"} {
		if got, _ := f.store.Setting(ctx, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	look.Apply(f.app, look.Light, 100)
	f.ctrl(fyne.KeyL)
	f.unlock()
	if look.Current().Kind() != look.Dark || f.texts.Lang() != "en" {
		t.Error("the settings were forgotten")
	}
}

func TestHelpListsEveryKeyOnce(t *testing.T) {
	f := town(t).unlock()
	seen := map[string]string{}
	for _, s := range f.keys.Help(f.texts) {
		for _, l := range s.Lines {
			if l.Text == "" || l.Text[:min(8, len(l.Text))] == "command." {
				t.Errorf("%v has no name", l)
			}
			if other, twice := seen[l.Caps[0]]; twice {
				t.Errorf("%s is %q and %q", l.Caps[0], l.Text, other)
			}
			seen[l.Caps[0]] = l.Text
		}
	}
	f.key(fyne.KeyF1)
	if !f.overlay() {
		t.Fatal("F1 shows nothing")
	}
	f.key(fyne.KeyF1)
	if f.overlay() {
		t.Error("F1 does not close the help")
	}
}

func TestPrintIsHandedOnAndTroubleIsSaid(t *testing.T) {
	f := town(t).unlock()
	rows, _, _ := f.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 1)
	events := func() int {
		n := 0
		j, _ := f.store.Journal(context.Background(), rows[0].ID)
		for _, e := range j {
			if e.Kind == record.KindEvent && e.Text == "printed" {
				n++
			}
		}
		return n
	}
	f.printer.fail = record.E(record.CodePrintNone, nil)
	f.ctrl(fyne.KeyP)
	if f.shell.notice.Text() == "" || f.overlay() {
		t.Errorf("a failed print is said: %q", f.shell.notice.Text())
	}
	f.printer.fail = nil
	for i, way := range []record.Way{record.WayPrinted, record.WayShown} {
		f.printer.way = way
		f.ctrl(fyne.KeyP)
		if f.printer.pages != i+1 {
			t.Errorf("printed %d", f.printer.pages)
		}
		if want := f.texts.T("desk."+string(way), "number", rows[0].Number); f.shell.notice.Text() != want {
			t.Errorf("%s: the desk says %q", way, f.shell.notice.Text())
		}
	}
	if events() != 0 {
		t.Error("the desk records what the printer records already")
	}
}

// saved is a file that is saved to.
type saved struct {
	strings.Builder
	closed bool
}

func (s *saved) Close() error { s.closed = true; return nil }

func TestAConfirmationIsSavedFromTheCase(t *testing.T) {
	f := town(t).unlock()
	var names []string
	var to *saved
	f.svc.Save = func(_ Host, name string, chosen func(io.WriteCloser, error)) {
		names = append(names, name)
		if to == nil {
			chosen(nil, nil)
			return
		}
		chosen(to, nil)
	}
	rows, _, _ := f.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 1)
	f.openCase(rows[0].ID)
	f.ctrl(fyne.KeyS) // the clerk thinks better of it
	if f.shell.notice.Text() != "" || len(names) != 1 || names[0] != rows[0].Number+".pdf" {
		t.Errorf("asked for %v, the desk says %q", names, f.shell.notice.Text())
	}
	to = &saved{}
	f.ctrl(fyne.KeyS)
	if to.String() != rows[0].Number+" de" || !to.closed || f.shell.notice.Text() != f.texts.T("desk.saved", "number", rows[0].Number) {
		t.Errorf("written %q, closed %v, said %q", to.String(), to.closed, f.shell.notice.Text())
	}
	to, f.printer.fail = &saved{}, record.E(record.CodeDiskFull, nil)
	f.ctrl(fyne.KeyS)
	if sentence, _ := f.texts.Error(f.printer.fail); !to.closed || f.shell.notice.Text() == "" || !strings.HasPrefix(f.shell.notice.Text(), sentence[:10]) {
		t.Errorf("closed %v, said %q", to.closed, f.shell.notice.Text())
	}
}

func TestCasesOfAnInterviewLeadThereAndBack(t *testing.T) {
	f := town(t).unlock()
	rows, _, _ := f.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 2)
	f.store.Link(rows[0].ID, rows[1].ID)
	at := func() record.ID { return f.screen.(*casefile.Screen).ID() }
	f.openCase(rows[0].ID)
	f.rebind()
	f.combo(fyne.Key1, fyne.KeyModifierAlt)
	if at() != rows[1].ID {
		t.Fatalf("at %s", at())
	}
	f.key(fyne.KeyEscape)
	if at() != rows[0].ID {
		t.Fatalf("back at %s", at())
	}
	f.key(fyne.KeyEscape)
	if _, still := f.screen.(*casefile.Screen); still {
		t.Error("Esc does not lead back to the list")
	}
}

func TestDroppedFilesGoToTheDraftOrAreExplained(t *testing.T) {
	f := town(t).unlock()
	f.dropped(fyne.Position{}, nil)
	if f.shell.notice.Text() != f.texts.T("desk.drop") {
		t.Errorf("notice %q", f.shell.notice.Text())
	}
	f.begin("fundsache")
	f.dropped(fyne.Position{}, nil)
	if fmt.Sprint(f.capt.said) != "[start fundsache dropped]" {
		t.Errorf("capture was told %v", f.capt.said)
	}
}

func TestLayersDoNotPileUp(t *testing.T) {
	f := town(t).unlock()
	f.ctrl(fyne.KeyK)
	f.ctrl(fyne.KeyN)
	f.ctrl(fyne.KeyK)
	if n := len(f.win.Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d layers", n)
	}
	f.key(fyne.KeyEscape)
	if f.overlay() {
		t.Error("Esc left a layer")
	}
}

var _ find.Store = (*sample.Store)(nil)
