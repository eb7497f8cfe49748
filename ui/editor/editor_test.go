package editor

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/edit"
	"schalter/data/form/formtest"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// shelf keeps drafts as a store would.
type shelf struct {
	kept map[string][]byte
	fail error
}

func (s *shelf) Load(_ context.Context, id string) ([]byte, error) { return s.kept[id], nil }

func (s *shelf) Save(_ context.Context, id string, b []byte) error {
	if s.fail != nil {
		return s.fail
	}
	s.kept[id] = b
	return nil
}

// bench is an editor in a window, with timers that the test lets run out.
type bench struct {
	*Screen
	t      *testing.T
	win    fyne.Window
	shelf  *shelf
	timers []func()
	left   int
	out    []byte // published
	refuse error
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func service(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../assets/forms/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newBench(t *testing.T, file []byte, s *shelf) *bench {
	t.Helper()
	app := test.NewApp()
	t.Cleanup(app.Quit)
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, shelf: s}
	b.win = app.NewWindow("x")
	b.win.Resize(fyne.NewSize(1158, 650))
	keys := command.NewList()
	keys.Bind(b.win.Canvas())
	b.Screen = New(Deps{
		Texts: texts, Clock: func() time.Time { return noon }, Run: control.Inline, Canvas: b.win.Canvas(), Keys: keys, File: file, Taken: true, Drafts: s,
		Publish: func(_ context.Context, file []byte) error {
			if b.refuse == nil {
				b.out = file
			}
			return b.refuse
		},
		Leave: func() { b.left++ }, Rebind: func() {},
		After: func(_ time.Duration, f func()) func() {
			b.timers = append(b.timers, f)
			i := len(b.timers) - 1
			return func() { b.timers[i] = func() {} }
		},
	})
	b.win.SetContent(b.Object())
	keys.Enter("editor.parts", b.Commands())
	b.Shown()
	b.win.Resize(fyne.NewSize(1158, 650))
	return b
}

// wait lets all timers run out.
func (b *bench) wait() {
	for len(b.timers) > 0 {
		f := b.timers[0]
		b.timers = b.timers[1:]
		f()
	}
}

func (b *bench) typed(text string) {
	b.t.Helper()
	f := b.win.Canvas().Focused()
	if f == nil {
		b.t.Fatal("nothing has the keys")
	}
	for _, r := range text {
		f.TypedRune(r)
	}
}

func (b *bench) key(k fyne.KeyName, m fyne.KeyModifier) {
	b.t.Helper()
	f := b.win.Canvas().Focused()
	if m == 0 {
		f.TypedKey(&fyne.KeyEvent{Name: k})
		return
	}
	f.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: m})
}

// clear empties the entry that has the keys.
func (b *bench) clear() {
	e := b.win.Canvas().Focused().(*control.Entry)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
}

const ctrl = fyne.KeyModifierControl

func TestALabelIsChangedByKeyboardAndTakenBack(t *testing.T) {
	start := service(t, "fundsache")
	b := newBench(t, start, &shelf{kept: map[string][]byte{}})
	first := b.m.doc.Form().Fields()[0]
	b.goTo(first.Path)
	b.clear()
	b.typed("Wo gefunden")
	if got := b.m.doc.Form().Field(first.Path).Label["de"]; got != "Wo gefunden" {
		t.Fatalf("the label is %q", got)
	}
	if got := b.trial.Form().Field(first.Path).Label["de"]; got != "Wo gefunden" {
		t.Errorf("the preview says %q", got)
	}
	b.key(fyne.KeyZ, ctrl)
	if string(b.m.doc.Bytes()) != string(start) {
		t.Error("Ctrl+Z did not go back")
	}
	b.key(fyne.KeyY, ctrl)
	if b.m.doc.Form().Field(first.Path).Label["de"] != "Wo gefunden" {
		t.Error("Ctrl+Y did not do it again")
	}
}

func TestWhatIsNotInOrderStaysInItsFieldAndIsKept(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}}
	b := newBench(t, service(t, "fundsache"), s)
	id, first := b.m.base.ID, b.m.doc.Form().Fields()[0].Path
	b.goTo(first)
	b.clear()
	in := input{Place: first, What: "label", Lang: "de"}
	if b.m.Fault(in) == nil || b.m.Value(in) != "" || b.panel.faults[in].Hidden {
		t.Fatal("an empty label was not said to be wrong")
	}
	if b.check(); b.m.at != first || !strings.Contains(b.banner.Text(), "Bezeichnung") && !strings.Contains(b.banner.Text(), "fehlt") {
		t.Errorf("check went to %q and says %q", b.m.at, b.banner.Text())
	}
	b.wait()
	if len(s.kept[id]) == 0 {
		t.Fatal("nothing was kept")
	}
	again := newBench(t, service(t, "fundsache"), s)
	if again.m.Fault(in) == nil || again.m.at != first || !strings.Contains(again.banner.Text(), "Entwurf") {
		t.Errorf("the draft was not taken up: %q at %q", again.banner.Text(), again.m.at)
	}
	if err := func() error { _, err := again.m.Release(true); return err }(); err == nil {
		t.Error("it could be published")
	}
	again.undo()
	if again.m.Changed() {
		t.Error("what was typed was not taken back")
	}
}

func TestTroubleWithKeepingIsSaidAndTriedAgain(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}, fail: record.E(record.CodeDiskFull, nil)}
	b := newBench(t, service(t, "fundsache"), s)
	b.goTo(b.m.doc.Form().Fields()[0].Path)
	b.typed("x")
	f := b.timers[0]
	b.timers = b.timers[1:]
	f()
	if !b.Alarming() {
		t.Fatal("nobody is told")
	}
	var got error
	b.PutAway(t.Context(), func(err error) { got = err })
	if got == nil {
		t.Error("it was put away")
	}
	if b.leave(); b.left != 0 {
		t.Error("it was left")
	}
	s.fail = nil
	b.wait()
	if b.Alarming() || len(s.kept) != 1 {
		t.Error("it was not tried again")
	}
	if b.leave(); b.left != 1 {
		t.Error("it was not left")
	}
}

func TestPublishingRaisesTheVersionAndDropsTheDraft(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}}
	b := newBench(t, service(t, "fundsache"), s)
	was := b.m.base.Version
	b.goTo(b.m.doc.Form().Fields()[0].Path)
	b.typed("x")
	b.wait()
	b.refuse = errors.New("no line")
	b.publish()
	b.key(fyne.KeyReturn, ctrl)
	if b.out != nil || b.left != 0 || b.banner.Text() == "" {
		t.Error("a refusal was not said")
	}
	b.refuse = nil
	b.publish()
	b.key(fyne.KeyReturn, ctrl)
	f, err := form.Parse(b.out)
	if err != nil || f.Version != edit.NextVersion(was) || b.left != 1 || len(s.kept[f.ID]) != 0 {
		t.Errorf("published %v, left %d, kept %d: %v", f, b.left, len(s.kept), err)
	}
}

func TestARuleIsMadeWithTheKeyboard(t *testing.T) {
	b := newBench(t, service(t, "fundsache"), &shelf{kept: map[string][]byte{}})
	fields := b.m.doc.Form().Fields()
	last := fields[len(fields)-1].Path
	b.goTo(last)
	b.addRule()
	b.key(fyne.KeyReturn, 0) // the first question of the list
	if !strings.HasPrefix(b.m.at, edit.RulePlace) {
		t.Fatalf("no rule: %q", b.banner.Text())
	}
	s, ok := b.m.doc.Simple(strings.TrimPrefix(b.m.at, edit.RulePlace))
	if !ok || s.On[0] != last || len(s.Tests) != 1 {
		t.Errorf("%+v", s)
	}
	if b.undo(); b.m.Changed() {
		t.Error("it was not taken back")
	}
}

func TestSomethingIsAdded(t *testing.T) {
	b := newBench(t, service(t, "fundsache"), &shelf{kept: map[string][]byte{}})
	n := len(b.m.doc.Form().Fields())
	b.goTo(b.m.doc.Form().Fields()[0].Path)
	b.key(fyne.KeyF2, 0)
	b.typed("iban")
	b.key(fyne.KeyReturn, 0)
	b.typed("Konto")
	b.key(fyne.KeyReturn, ctrl) // English is missing: asked again, with what was typed
	if b.asked.fault.Hidden || b.asked.entries["de"].Text != "Konto" {
		t.Fatal("a missing language was not said")
	}
	b.asked.entries["en"].SetText("Account")
	b.key(fyne.KeyReturn, ctrl)
	f := b.m.doc.Form().Field(b.m.at)
	if len(b.m.doc.Form().Fields()) != n+1 || f == nil || f.Type != form.TypeIBAN || f.Label["en"] != "Account" {
		t.Fatalf("added %+v at %q", f, b.m.at)
	}
	place := b.m.at
	b.key(fyne.KeyDown, fyne.KeyModifierAlt)
	b.remove()
	if b.m.doc.Has(place) {
		t.Error("it was not removed")
	}
}

func TestRemovingWhatIsUsedAsksFirst(t *testing.T) {
	b := newBench(t, service(t, "hundesteuer-anmelden"), &shelf{kept: map[string][]byte{}})
	b.goTo("gefahr/gefaehrlich")
	b.remove()
	if !b.m.doc.Has("gefahr/gefaehrlich") || !b.Keys.Layered() {
		t.Fatal("it was removed unasked")
	}
	b.key(fyne.KeyEscape, 0)
	if !b.m.doc.Has("gefahr/gefaehrlich") || b.Keys.Layered() {
		t.Error("Esc removed it")
	}
}

func TestDeciding(t *testing.T) {
	file := strings.Replace(string(service(t, "fundsache")), `"rules": [`, `"rules": [{"rule": "offen", "do": "unresolved", "on": ["`+firstField(t)+`"], "text": {"de": "Nur mit Zeugen.", "en": "With a witness only."}},`, 1)
	b := newBench(t, []byte(file), &shelf{kept: map[string][]byte{}})
	b.publish()
	if b.m.at != "rule:offen" || b.out != nil {
		t.Fatalf("publishing went to %q", b.m.at)
	}
	reason := input{Place: "rule:offen", What: whatReason}
	b.m.Type(reason, "steht in keiner Satzung")
	if len(b.m.Check()) != 1 || b.m.Fault(reason) != nil {
		t.Error("a reason being typed is no fault")
	}
	if err := b.m.doc.Decide("offen", "", b.m.Value(reason)); err != nil {
		t.Fatal(err)
	}
	if len(b.m.Check()) != 0 {
		t.Error("still open")
	}
}

func firstField(t *testing.T) string {
	f, err := form.Parse(service(t, "fundsache"))
	if err != nil {
		t.Fatal(err)
	}
	return f.Fields()[0].Path
}

// Every line of every service that ships can be chosen, and shows something.
func TestEveryLineCanBeShown(t *testing.T) {
	for _, name := range []string{"fundsache", "hundesteuer-anmelden", "saal-buchen"} {
		b := newBench(t, service(t, name), &shelf{kept: map[string][]byte{}})
		for i, l := range b.m.Lines() {
			b.list.Select(i)
			if b.m.at != l.Place || len(b.panel.column.Objects) == 0 {
				t.Errorf("%s: line %d (%s) shows nothing", name, i, l.Place)
			}
		}
	}
}

// In a large form what is typed goes into the form after a pause, and is neither lost nor forgotten before.
func TestALargeFormWaitsForAPause(t *testing.T) {
	s := &shelf{kept: map[string][]byte{}}
	b := newBench(t, formtest.JSON(150), s)
	b.goTo("g2/f16")
	b.clear()
	b.typed("Anders")
	if got := b.m.doc.Form().Field("g2/f16").Label["de"]; got != "Feld 16" {
		t.Fatalf("it was put there with a key stroke: %q", got)
	}
	kept, err := b.m.Keep(noon)
	if err != nil || !strings.Contains(string(kept), "Anders") {
		t.Error("what is typed is not kept:", err)
	}
	b.wait()
	if got := b.m.doc.Form().Field("g2/f16").Label["de"]; got != "Anders" {
		t.Errorf("after the pause it is %q", got)
	}
	b.typed("!")
	b.list.Select(0)
	if got := b.m.doc.Form().Field("g2/f16").Label["de"]; got != "Anders!" {
		t.Errorf("going elsewhere left %q", got)
	}
}
