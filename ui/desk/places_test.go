package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/find"
	"schalter/ui/look"
	"schalter/ui/sample"
)

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
