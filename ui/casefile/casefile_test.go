package casefile

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

type sheetOfPaper struct {
	doc    record.ID
	page   int
	closed *int
}

func (p sheetOfPaper) Object() fyne.CanvasObject {
	return control.NewLabel(string(p.doc), control.Body)
}
func (p sheetOfPaper) Commands() []command.Command { return nil }
func (p sheetOfPaper) Close()                      { *p.closed++ }

type fixture struct {
	*Screen
	store  *sample.Store
	papers []sheetOfPaper
	closed int
	backs  int
	prints []string
	opened []record.ID
	keys   *command.List
	win    fyne.Window
}

// Print, Save and Missing note what was asked for.
func (f *fixture) Print(id record.ID, lang string) {
	f.prints = append(f.prints, "print "+lang+" "+string(id))
}

func (f *fixture) Save(id record.ID, lang string) {
	f.prints = append(f.prints, "save "+lang+" "+string(id))
}

func (f *fixture) Missing(id record.ID, langs []string) {
	f.prints = append(f.prints, "missing "+strings.Join(langs, ",")+" "+string(id))
}

func (f *fixture) CanSave() bool       { return true }
func (f *fixture) Languages() []string { return []string{"de", "en"} }

func show(t *testing.T, number int, doc int, page int) *fixture {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{store: sample.New(lib, 0), keys: command.NewList()}
	rows, _, _ := f.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 20)
	var docID record.ID
	if doc > 0 {
		c, _ := f.store.Case(context.Background(), rows[number].ID)
		docID = c.Documents[doc-1].ID
	}
	f.Screen = New(Needs{
		Texts: x, Clock: sample.Clock, Run: control.Inline, Forms: lib, User: sample.User,
		Paper: func(d record.Document, page int) Paper {
			p := sheetOfPaper{d.ID, page, &f.closed}
			f.papers = append(f.papers, p)
			return p
		},
		Letters: f, Open: func(id record.ID) { f.opened = append(f.opened, id) }, Back: func() { f.backs++ },
	}, f.store, rows[number].ID, docID, page)
	f.win = test.NewWindow(f.Object())
	f.win.Resize(fyne.NewSize(1150, 690))
	f.keys.Bind(f.win.Canvas())
	f.keys.Enter("x", f.Commands())
	t.Cleanup(func() { f.keys.Release(); f.win.Close() })
	f.Shown()
	return f
}

func (f *fixture) key(k fyne.KeyName) {
	f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
}

func (f *fixture) ctrl(k fyne.KeyName) {
	f.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierControl})
}

func TestCaseIsShownWithItsPaper(t *testing.T) {
	f := show(t, 0, 0, 0)
	if f.number.Text() != f.file.Row.Number || f.pill.Text() != "Wartet" || !strings.Contains(f.title.Text(), "Yıldız, Emre") {
		t.Errorf("%q %q %q", f.number.Text(), f.pill.Text(), f.title.Text())
	}
	if len(f.papers) != 1 || f.papers[0].doc != f.file.Case.Documents[0].ID {
		t.Fatalf("papers %v", f.papers)
	}
	f.ctrl(fyne.KeyPageDown)
	if len(f.papers) != 2 || f.papers[1].doc != f.file.Case.Documents[1].ID || f.closed != 1 {
		t.Errorf("papers %v, closed %d", f.papers, f.closed)
	}
	f.Changed()
	if len(f.papers) != 2 {
		t.Error("a change of the store opened the paper anew")
	}
	f.ctrl(fyne.KeyP)
	if len(f.prints) != 1 || f.prints[0] != "print de "+string(f.ID()) {
		t.Errorf("prints %v", f.prints)
	}
	f.Closed()
	if f.closed != 2 {
		t.Error("the paper was not let go")
	}
}

// press taps the button with these words.
func (f *fixture) press(words string) bool {
	for _, o := range test.LaidOutObjects(f.Object()) {
		if b, ok := o.(*control.Button); ok && b.Visible() && b.Text() == words {
			test.Tap(b)
			f.Shown()
			return true
		}
	}
	return false
}

func (f *fixture) typed(k fyne.KeyName, mod fyne.KeyModifier) {
	f.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
}

func TestPapersInTwoLanguages(t *testing.T) {
	f := show(t, 0, 0, 0)
	id := string(f.ID())
	f.typed(fyne.KeyL, fyne.KeyModifierAlt)
	f.ctrl(fyne.KeyP)
	f.ctrl(fyne.KeyS)
	if want := []string{"print de+en " + id, "save de+en " + id}; !slices.Equal(f.prints, want) {
		t.Errorf("%v, want %v", f.prints, want)
	}
	f.Changed()
	if !f.press("Drucken (auch auf Englisch)") {
		t.Error("the choice is gone after a change of the store")
	}
	f.typed(fyne.KeyL, fyne.KeyModifierAlt)
	f.ctrl(fyne.KeyP)
	if last := f.prints[len(f.prints)-1]; last != "print de "+id {
		t.Errorf("%q", last)
	}
}

func TestMissingProofsAreAskedForFromTheCase(t *testing.T) {
	both := fyne.KeyModifierControl | fyne.KeyModifierShift
	f := show(t, 0, 0, 0)
	if f.letters.lacking.Visible() || f.press(f.Texts.T("casefile.missing")) {
		t.Error("a case that has everything asks for proofs")
	}
	f.typed(fyne.KeyP, both)
	if len(f.prints) != 0 {
		t.Errorf("%v", f.prints)
	}
	f.file.Case.Documents = f.file.Case.Documents[1:] // without the contract
	f.file.Case.Groups["hund"].Values["hund/herkunft"] = "tierheim"
	f.letters.update()
	if !f.letters.lacking.Visible() || !strings.Contains(f.letters.lacking.Text(), "Schutzvertrag") {
		t.Errorf("%q", f.letters.lacking.Text())
	}
	f.typed(fyne.KeyP, both)
	f.typed(fyne.KeyL, fyne.KeyModifierAlt)
	f.press(f.Texts.T("casefile.missing"))
	id := string(f.ID())
	if want := []string{"missing de " + id, "missing de,en " + id}; !slices.Equal(f.prints, want) {
		t.Errorf("%v, want %v", f.prints, want)
	}
	f.file.Case.State = record.StateDone
	if f.letters.update(); f.letters.lacking.Visible() {
		t.Error("a case that is done asks for proofs")
	}
}

func TestCasesOfOneInterviewLeadToEachOther(t *testing.T) {
	f := show(t, 0, 0, 0)
	if f.linked.box.Visible() {
		t.Error("a case of its own belongs to others")
	}
	rows, _, _ := f.store.Cases(context.Background(), record.ViewToday, sample.User, 0, 20)
	f.store.Link(rows[0].ID, rows[1].ID, rows[2].ID)
	f.Changed()
	f.keys.Enter("x", f.Commands())
	others := f.file.Linked
	if !f.linked.box.Visible() || len(others) != 2 {
		t.Fatalf("%+v", others)
	}
	f.typed(fyne.Key2, fyne.KeyModifierAlt)
	f.typed(fyne.Key3, fyne.KeyModifierAlt)
	f.press(others[0].Number + " " + f.Texts.Name(others[0].Title))
	if want := []record.ID{others[1].ID, others[0].ID}; !slices.Equal(f.opened, want) {
		t.Errorf("opened %v, want %v", f.opened, want)
	}
}

func TestFoundPageIsOpened(t *testing.T) {
	f := show(t, 0, 2, 3)
	if len(f.papers) != 1 || f.papers[0].page != 3 || f.papers[0].doc != f.file.Case.Documents[1].ID {
		t.Errorf("papers %+v", f.papers)
	}
}

func TestNoteByKeyboard(t *testing.T) {
	f := show(t, 0, 0, 0)
	f.ctrl(fyne.KeyM)
	if f.win.Canvas().Focused() != f.note {
		t.Fatal("Ctrl M did not lead to the note")
	}
	test.Type(f.note, "Marke liegt bereit")
	f.key(fyne.KeyEscape)
	if f.backs != 0 || f.note.Text != "Marke liegt bereit" {
		t.Errorf("Esc in the note went back (%d) or threw away: %q", f.backs, f.note.Text)
	}
	f.ctrl(fyne.KeyM)
	f.ctrl(fyne.KeyReturn)
	c, _ := f.store.Case(context.Background(), f.ID())
	if len(c.Notes) != 1 || c.Notes[0].Text != "Marke liegt bereit" || c.Notes[0].User != sample.User {
		t.Fatalf("notes %+v", c.Notes)
	}
	if f.note.Text != "" || len(f.file.Notes()) != 1 || f.noteBar.Visible() {
		t.Error("the screen does not show the note, or the field kept it")
	}
	f.key(fyne.KeyEscape)
	if f.backs != 1 {
		t.Error("Esc did not go back")
	}
}

func TestEmptyNoteIsNotRecorded(t *testing.T) {
	f := show(t, 0, 0, 0)
	before := len(f.file.Journal)
	f.ctrl(fyne.KeyM)
	test.Type(f.note, "   ")
	f.ctrl(fyne.KeyReturn)
	if j, _ := f.store.Journal(context.Background(), f.ID()); len(j) != before {
		t.Error("an empty note was recorded")
	}
}

func TestFailingNoteStaysInTheField(t *testing.T) {
	f := show(t, 0, 0, 0)
	f.ctrl(fyne.KeyM)
	test.Type(f.note, "wichtig")
	f.store.Fail = record.E(record.CodeDiskFull, errors.New("x"))
	f.ctrl(fyne.KeyReturn)
	if f.note.Text != "wichtig" || f.banner.Text() == "" || f.win.Canvas().Overlays().Top() != nil {
		t.Errorf("field %q, banner %q", f.note.Text, f.banner.Text())
	}
}

func TestCaseWithoutPaperOrForm(t *testing.T) {
	f := show(t, 1, 0, 0)
	if f.right.Visible() || len(f.papers) != 0 {
		t.Error("a case without documents shows a place for them")
	}
	lines := f.file.Lines(f.Texts, sample.Now)
	if len(lines) == 0 || strings.Contains(lines[0], "noch nicht in der Zentrale") {
		t.Errorf("journal %v", lines)
	}
}

// A file that opens with its password only has no pages before: the paper itself asks for it.
func TestALockedPaperIsOpenedToAsk(t *testing.T) {
	f := show(t, 0, 0, 0)
	before := len(f.papers)
	f.openPaper(record.Document{ID: "locked", Title: "Vertrag", Shown: record.BlobRef{Hash: "h", Size: 1}}, 0)
	if len(f.papers) != before+1 || f.papers[before].doc != "locked" {
		t.Errorf("opened %+v", f.papers)
	}
	f.openPaper(record.Document{ID: "nothing", Title: "Leer"}, 0)
	if len(f.papers) != before+1 {
		t.Error("a document without any bytes was opened")
	}
}
