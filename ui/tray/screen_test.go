package tray_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
	town "schalter/ui/sample"
	"schalter/ui/stack"
	"schalter/ui/tray"
	"schalter/ui/tray/sample"
)

// window is the screen with the made-up tray in a window of its own.
type window struct {
	t    *testing.T
	o    *sample.Office
	s    *tray.Screen
	win  fyne.Window
	keys *command.List
}

func open(t *testing.T, lang string, empty bool) *window {
	t.Helper()
	test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	lib, err := town.Forms()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load(assets.Files, lang)
	if err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, o: sample.New(town.New(lib, 0), empty), win: test.NewWindow(nil), keys: command.NewList()}
	t.Cleanup(w.win.Close)
	at := func(f func()) { f() }
	w.s = tray.New(tray.Needs{
		Texts: texts, Clock: town.Clock, Run: control.Inline, Do: at, Canvas: w.win.Canvas(), Keys: w.keys, User: town.User,
		Store: w.o, Pictures: w.o, Room: stack.New(stack.Needs{
			Clock: town.Clock, Run: control.Inline, Do: at, User: town.User, Store: w.o, Forms: lib, Blobs: w.o, Scanner: w.o, Reader: w.o, Binder: w.o,
		}),
		Paper: pageview.New(texts, at, at), Open: w.o.Open,
	})
	w.keys.Bind(w.win.Canvas())
	w.win.SetContent(w.s.Object())
	w.win.Resize(fyne.NewSize(1160, 680))
	w.keys.Enter("tray.title", w.s.Commands())
	w.s.Shown()
	return w
}

func (w *window) key(names ...fyne.KeyName) {
	for _, n := range names {
		w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func (w *window) typed(text string) {
	for _, r := range text {
		w.win.Canvas().Focused().TypedRune(r)
	}
}

// given counts the pages about which was decided, by case.
func (w *window) given() map[string]int {
	out := map[string]int{}
	stacks, _ := w.o.Tray(context.Background())
	for _, st := range stacks {
		for _, p := range st.Pages {
			if p.Given != nil {
				out[p.Given.Number+"/"+p.Given.Proof]++
			}
			if p.Filed != "" {
				out["filed"]++
			}
		}
	}
	return out
}

// With the keys alone: pages to a case that is typed for, with the proof that is typed for.
func TestAssignByTyping(t *testing.T) {
	w := open(t, "de", false)
	w.keys.Do("tray.assign")
	if !w.keys.Layered() {
		t.Fatal("nothing is asked")
	}
	w.typed("yıld")
	w.key(fyne.KeyReturn)
	if !w.keys.Layered() {
		t.Fatal("the proof is not asked for")
	}
	w.typed("haft")
	w.key(fyne.KeyReturn)
	rows, err := w.o.Find(context.Background(), "yıld", 9)
	if err != nil || len(rows) == 0 {
		t.Fatal(rows, err)
	}
	got := w.given()
	if w.keys.Layered() || len(got) != 1 {
		t.Fatalf("%v, %v", w.keys.Layered(), got)
	}
	for where, n := range got {
		if !strings.HasPrefix(where, rows[0].Case.Number+"/haft") || n != 2 {
			t.Errorf("%d pages to %s", n, where)
		}
	}
	w.keys.Do("tray.undo")
	if got := w.given(); len(got) != 0 {
		t.Errorf("not taken back: %v", got)
	}
}

// What no case is found for is said, and Enter does nothing then.
func TestAssignToNothing(t *testing.T) {
	w := open(t, "en", false)
	w.key(fyne.KeyReturn) // Enter on a group without a case asks for one
	if !w.keys.Layered() {
		t.Fatal("nothing is asked")
	}
	w.typed("qqqq")
	w.key(fyne.KeyReturn)
	if !w.keys.Layered() || len(w.given()) != 0 {
		t.Error("something was done")
	}
}

func TestMarkAndRotateSinglePages(t *testing.T) {
	w := open(t, "de", false)
	w.key(fyne.KeyRight, fyne.KeyDown, fyne.KeySpace)
	w.keys.Do("tray.rotate")
	turned := 0
	stacks, _ := w.o.Tray(context.Background())
	for _, st := range stacks {
		for _, p := range st.Pages {
			turned += p.Turns
		}
	}
	if turned != 1 || stacks[0].Pages[1].Turns != 1 {
		t.Errorf("%d turns", turned)
	}
}

func TestFileSure(t *testing.T) {
	w := open(t, "de", false)
	w.keys.Do("tray.file.all")
	n := w.given()["filed"]
	if n == 0 {
		t.Fatal("nothing was filed")
	}
	w.keys.Do("tray.file.all") // nothing is sure any more
	if m := w.given()["filed"]; m != n {
		t.Errorf("%d pages, then %d", n, m)
	}
	w.keys.Do("tray.undo")
	if m := w.given()["filed"]; m != 0 {
		t.Errorf("%d pages are still filed", m)
	}
}

func TestDropIsAskedAbout(t *testing.T) {
	w := open(t, "de", false)
	w.keys.Do("tray.drop")
	if !w.keys.Layered() || w.given()["filed"] != 0 {
		t.Fatal("not asked")
	}
	w.key(fyne.KeyReturn) // on "Behalten"
	if w.keys.Layered() || w.given()["filed"] != 0 {
		t.Error("thrown away")
	}
	w.keys.Do("tray.drop")
	w.keys.Do("tray.drop.do")
	if w.given()["filed"] != 1 {
		t.Error("not thrown away")
	}
}

func TestEmptyAndTrouble(t *testing.T) {
	w := open(t, "de", true)
	for _, c := range w.s.Commands() {
		if strings.HasPrefix(c.ID, "tray.") && c.ID != "tray.scan" && c.ID != "tray.profile" && c.ID != "tray.dropped" && c.Enabled != nil && c.Enabled() {
			t.Errorf("%s is offered for nothing", c.ID)
		}
	}
	w.keys.Do("tray.scan") // there is no paper
	w.o.Fail = record.E(record.CodeDiskError, nil)
	w.s.Changed()
	w.o.Fail = nil
	w.s.Changed()
	done := false
	w.s.PutAway(t.Context(), func(err error) { done = err == nil })
	if !done || w.s.Close(t.Context()) != nil {
		t.Error("it cannot be put away")
	}
}

func TestTextsAreInBothLanguages(t *testing.T) {
	w := open(t, "de", false)
	var keys []string
	for _, c := range w.s.Commands() {
		keys = append(keys, "command."+c.ID)
	}
	for _, r := range []sorting.Reason{
		sorting.ReasonUnread, sorting.ReasonNoCover, sorting.ReasonForm, sorting.ReasonDamaged, sorting.ReasonOther, sorting.ReasonTwo, sorting.ReasonUnknown,
		sorting.ReasonClosed, sorting.ReasonDeleted, sorting.ReasonMoved, sorting.ReasonGone, sorting.ReasonEmpty, sorting.ReasonAside,
	} {
		keys = append(keys, "tray.reason."+string(r), "tray.reason."+string(r)+".long")
	}
	for _, d := range []sorting.Doubt{sorting.DoubtBack, sorting.DoubtNumber, sorting.DoubtProof, sorting.DoubtClosed, sorting.DoubtUnread, sorting.DoubtSheet, sorting.DoubtCut, sorting.DoubtAway} {
		keys = append(keys, "tray.doubt."+string(d))
	}
	for _, r := range []sorting.Role{sorting.RoleCover, sorting.RoleSeparator, sorting.RoleBack, sorting.RoleOut} {
		keys = append(keys, "tray.role."+string(r))
	}
	for _, c := range []record.Code{record.CodeTrayGone, record.CodeTrayChanged, record.CodeTrayDeleted, record.CodeTrayFiles} {
		keys = append(keys, "error."+string(c), "error."+string(c)+".hint")
	}
	for _, way := range []record.Way{record.WayPrinted, record.WayShown} {
		keys = append(keys, "tray.sheets."+string(way), "capture.cover."+string(way), "desk.cover."+string(way))
	}
	for _, lang := range []string{"de", "en"} {
		x, err := i18n.Load(assets.Files, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if !x.Has(k) {
				t.Errorf("%s: %s", lang, k)
			}
		}
	}
}

// A button of the scanner scans a stack with its own profile.
func TestAButtonScansAStack(t *testing.T) {
	w := open(t, "de", false)
	var words strings.Builder
	began := w.s.ScanWith("duplex")
	for _, o := range test.LaidOutObjects(w.s.Object()) {
		if x, ok := o.(interface{ Text() string }); ok && o.Visible() {
			words.WriteString(x.Text() + "\n")
		}
	}
	if !began || !strings.Contains(words.String(), "Papier") {
		t.Errorf("not seen: %s", &words)
	}
	if w.s.ScanWith("gone") {
		t.Error("a profile that is gone scans")
	}
}
