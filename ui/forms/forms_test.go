package forms_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/forms"
	office "schalter/ui/forms/sample"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

// page stands in for the editor.
type page struct {
	entry *control.Entry
	work  forms.EditorWork
	err   error
}

func (p *page) Object() fyne.CanvasObject                   { return p.entry }
func (p *page) Commands() []command.Command                 { return nil }
func (p *page) Shown()                                      { control.Focus(p.entry) }
func (p *page) PutAway(_ context.Context, done func(error)) { done(p.err) }
func (p *page) Close(context.Context) error                 { return p.err }
func (p *page) Alarming() bool                              { return p.err != nil }

type fixture struct {
	t      *testing.T
	office *office.Office
	files  *office.Files
	screen *forms.Screen
	keys   *command.List
	win    fyne.Window
	editor *page
}

func open(t *testing.T, lang string) *fixture {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, lang)
	if err != nil {
		t.Fatal(err)
	}
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, office: office.New(lib), files: &office.Files{}, keys: command.NewList(), win: test.NewWindow(nil)}
	f.win.Resize(fyne.NewSize(1200, 700))
	f.keys.Bind(f.win.Canvas())
	f.screen = forms.New(forms.Needs{
		Texts: texts, Clock: sample.Clock, Run: control.Inline, Do: func(f func()) { f() }, Canvas: f.win.Canvas(), Keys: f.keys,
		Office: f.office, Files: f.files, Rebind: func() { f.keys.Enter("forms.title", f.screen.Commands()) },
		Editor: func(w forms.EditorWork) forms.Page {
			f.editor = &page{entry: control.NewEntry(), work: w}
			return f.editor
		},
	})
	f.win.SetContent(f.screen.Object())
	f.keys.Enter("forms.title", f.screen.Commands())
	f.screen.Shown()
	t.Cleanup(func() { f.keys.Release(); f.win.Close() })
	return f
}

func (f *fixture) key(k fyne.KeyName, mod fyne.KeyModifier) {
	f.t.Helper()
	x := f.win.Canvas().Focused()
	switch {
	case x == nil:
		f.t.Fatal("nothing has the keys")
	case mod == 0:
		x.TypedKey(&fyne.KeyEvent{Name: k})
	default:
		x.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
	}
}

const ctrl, shift = fyne.KeyModifierControl, fyne.KeyModifierShift

func (f *fixture) typed(s string) { test.Type(f.win.Canvas().Focused(), s) }

func (f *fixture) words() string {
	var b strings.Builder
	for _, root := range append([]fyne.CanvasObject{f.win.Content()}, f.win.Canvas().Overlays().List()...) {
		for _, w := range test.LaidOutObjects(root) {
			if x, ok := w.(interface{ Text() string }); ok && w.Visible() {
				b.WriteString(x.Text() + "\n")
			}
		}
	}
	return b.String()
}

func (f *fixture) sees(texts ...string) {
	f.t.Helper()
	all := f.words()
	for _, x := range texts {
		if !strings.Contains(all, x) {
			f.t.Errorf("%q is not shown:\n%s", x, all)
		}
	}
}

func (f *fixture) misses(text string) {
	f.t.Helper()
	if strings.Contains(f.words(), text) {
		f.t.Errorf("%q is shown", text)
	}
}

func TestListSaysWhereEachFormStands(t *testing.T) {
	f := open(t, "de")
	f.sees("Anzeige einer Heimarbeit", "2 ungeklärt", "Zum Ausprobieren", "Mitgeliefert", "Importiert von M. Weber", "1 Regel übersetzt · 2 ungeklärt")
	for typed, want := range map[string]string{
		"sperrmüll": "Veröffentlicht · In der Zentrale", "wasserz": "Entwurf im Editor", "ferien": "Zurückgezogen",
		"wochenmarkt": "Dieser Platz darf keine Formulare veröffentlichen.", "1.1 wasser": "Veröffentlicht · Wartet",
	} {
		f.typed(typed)
		f.sees(want)
		f.misses("Anzeige einer Heimarbeit")
		f.key(fyne.KeyEscape, 0)
	}
	f.typed("gibt es nicht")
	f.sees("Kein Formular heißt so.")
	f.key(fyne.KeyReturn, 0) // and nothing to be tried
	f.key(fyne.KeyEscape, 0)
	f.sees("Anzeige einer Heimarbeit")
}

func TestEverythingIsSaidInEnglish(t *testing.T) {
	f := open(t, "en")
	f.sees("For trial", "2 open", "Built in")
	f.key(fyne.KeyReturn, ctrl)
	f.sees("cannot be published yet")
}

// A form is published only after its question was answered, and the list says so.
func TestPublishing(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyReturn, ctrl)
	f.sees("kann noch nicht veröffentlicht werden", "ungeklärte Regeln: 2")
	f.key(fyne.KeyEscape, 0)
	f.typed("bücherei")
	f.key(fyne.KeyReturn, ctrl)
	f.sees("„Ausweis für die Bücherei 1.0“ veröffentlichen?", "Alle Plätze von Musterstadt", "Angenommene Vorgänge behalten ihre Fassung.")
	f.key(fyne.KeyEscape, 0)
	f.sees("Zum Ausprobieren")

	f.office.Fail = record.E(record.CodeDiskFull, nil)
	f.key(fyne.KeyReturn, ctrl)
	f.key(fyne.KeyReturn, ctrl)
	f.sees("veröffentlichen?", "Festplatte")
	f.office.Fail = nil
	f.key(fyne.KeyReturn, ctrl)
	f.sees("ist veröffentlicht.", "Veröffentlicht · Wartet")
	f.misses("Zum Ausprobieren")
}

// What was brought is reported file by file, and goes on from there.
func TestImport(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyO, ctrl)
	f.sees("Datei oder Ordner")
	f.key(fyne.KeyReturn, 0)
	f.sees("kann nicht gelesen werden") // an empty path
	f.typed("/media/stick")
	f.key(fyne.KeyReturn, 0)
	f.sees("2 Formulare übernommen", "1 Datei wurde nicht übernommen.", "Ungeklärte Regeln (2)", "Angaben zum Betrieb › Beginn der Tätigkeit", "Hinweise (1)", "Codeliste")
	f.key(fyne.KeyEnd, 0)
	f.sees("weder ein Schema der XDatenfelder", "ob Sie die richtige Datei gewählt haben")
	f.key(fyne.KeyReturn, 0) // nothing to be tried
	f.key(fyne.KeyHome, 0)
	f.key(fyne.KeyReturn, 0)
	f.sees("Probe – wird nicht angenommen")
	f.key(fyne.KeyF9, 0)
	f.sees("3 Angaben fehlen oder stimmen nicht.")
	f.key(fyne.KeyEscape, 0)
	f.sees("2 Formulare übernommen")
	f.key(fyne.KeyF9, 0)
	f.sees("Prüfung", "Vertretungsberechtigte Person")
	f.key(fyne.KeyEscape, 0)
	f.sees("Formulare importieren …")
	f.screen.Dropped(fyne.Position{}, nil)
	f.sees("2 Formulare übernommen")
}

func TestDiscardWithdrawSaveAndPrint(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyDelete, ctrl|shift)
	f.sees("„Anzeige einer Heimarbeit“ verwerfen?")
	if b, ok := f.win.Canvas().Focused().(*control.Button); !ok || b.Text() != "Abbrechen" {
		t.Error("the safe answer does not have the keys")
	}
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn, 0)
	f.sees("ist verworfen.")
	f.typed("sperr")
	f.key(fyne.KeyDelete, ctrl|shift)
	f.sees("„Sperrmüll anmelden“ zurückziehen?")
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn, 0)
	f.sees("ist zurückgezogen.", "Zurückgezogen", "Veröffentlichen …")
	f.key(fyne.KeyP, ctrl)
	f.sees("an den Drucker gegeben")
	f.key(fyne.KeyS, ctrl)
	f.key(fyne.Key3, 0)
	if s := f.files.Written["sperrmuell-2.0.schema.json"]; s == nil || !strings.Contains(string(s.Bytes), "https://json-schema.org/draft/2020-12/schema") {
		t.Errorf("%v", f.files.Written)
	}
	f.sees("sperrmuell-2.0.schema.json ist geschrieben.")
}

// The editor is put away with the desk, and what it publishes is no longer tried.
func TestEditor(t *testing.T) {
	f := open(t, "de")
	f.typed("bücherei")
	f.key(fyne.KeyE, ctrl)
	if f.editor == nil || f.editor.work.Taken || len(f.editor.work.File) == 0 {
		t.Fatalf("%+v", f.editor)
	}
	f.editor.err = errors.New("the disk is gone")
	var said error
	f.screen.PutAway(context.Background(), func(err error) { said = err })
	if said == nil || !f.screen.Alarming() || f.screen.Close(context.Background()) == nil {
		t.Error("the desk would end while something is not stored")
	}
	f.editor.err = nil
	if err := f.editor.work.Publish(context.Background(), f.editor.work.File); err != nil {
		t.Fatal(err)
	}
	f.editor.work.Leave()
	f.sees("ist veröffentlicht.", "Veröffentlicht · Wartet")
	f.misses("Zum Ausprobieren")
	f.screen.PutAway(context.Background(), func(err error) { said = err })
	if said != nil {
		t.Error(said)
	}
}
