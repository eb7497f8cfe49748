package scanners_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
	"schalter/ui/scanners"
	office "schalter/ui/scanners/sample"
)

type fixture struct {
	t      *testing.T
	office *office.Office
	screen *scanners.Screen
	keys   *command.List
	win    fyne.Window
	chosen string // by the dialog
}

func open(t *testing.T, lang string) *fixture {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, lang)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, office: office.New(), keys: command.NewList(), win: test.NewWindow(nil)}
	f.win.Resize(fyne.NewSize(1200, 700))
	f.keys.Bind(f.win.Canvas())
	f.screen = scanners.New(scanners.Needs{
		Texts: texts, Clock: sample.Clock, Run: control.Inline, Do: func(f func()) { f() }, Canvas: f.win.Canvas(), Keys: f.keys, Office: f.office,
		Choose: func(chosen func(string, error)) { chosen(f.chosen, nil) },
		Rebind: func() { f.keys.Enter("scanners.title", f.screen.Commands()) },
	})
	f.win.SetContent(f.screen.Object())
	f.keys.Enter("scanners.title", f.screen.Commands())
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

const ctrl, shift, alt = fyne.KeyModifierControl, fyne.KeyModifierShift, fyne.KeyModifierAlt

func (f *fixture) typed(s string) { test.Type(f.win.Canvas().Focused(), s) }

// profiles goes to the list of profiles with Tab.
func (f *fixture) profiles() {
	for range 3 {
		f.win.Canvas().FocusNext()
	}
}

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

func (f *fixture) book() profile.Book {
	f.t.Helper()
	b, err := f.office.Book(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

func TestDevicesAreListedWithTheirWayAndAddress(t *testing.T) {
	f := open(t, "de")
	f.sees("FUJITSU fi-7160", "Über das System (SANE)", "fujitsu:fi-7160:1234", "Zuletzt benutzt", "Kyocera ECOSYS M3655idn", "192.168.1.40:443", "Antwortet nicht", "4 Geräte")
	f.sees("Einzug, beidseitig („ADF Duplex“)", "ADF Back", "50 bis 600 dpi") // the device's own words, and what nobody understood
	f = open(t, "en")
	f.sees("By the system (SANE)", "Used last", "Feeder, both sides (“ADF Duplex”)", "4 devices")
}

func TestNothingFoundSaysWhy(t *testing.T) {
	f := open(t, "de")
	f.office.Nothing()
	f.key(fyne.KeyF5, 0)
	f.screen.Shown()
	f.sees("Über das System (SANE): Auf diesem Rechner fehlt das Programm", "Kein Gerät hat geantwortet.")
	f.keys.Do("scanners.edit") // what is shown beside can be changed at once
	f.sees("Name und Gerät")
}

func TestATryShowsThePage(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyF2, 0)
	f.sees("620 × 877 Punkte", "75 dpi", "wird nicht aufgehoben")
	f.key(fyne.KeyEscape, 0)
	f.misses("620 × 877 Punkte")
	f.office.Fail = record.E(record.CodeScanJam, nil)
	f.key(fyne.KeyF2, 0)
	f.sees("Papierstau")
}

// Nothing is sent to a device of the network before somebody compared its certificate; then it goes on by itself.
func TestACertificateIsComparedFirst(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyDown, 0)
	f.key(fyne.KeyDown, 0)
	f.sees("Brother MFC-L8690CDW")
	f.key(fyne.KeyF2, 0)
	f.sees("Ist das der Scanner drucker-og1.local?", office.Fingerprint[:20])
	f.key(fyne.KeyReturn, 0) // the safe answer has the keys
	if len(f.office.Tried) != 0 || len(f.book().Certificates) != 0 {
		t.Fatalf("tried %v, %v", f.office.Tried, f.book().Certificates)
	}
	f.key(fyne.KeyF2, 0)
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn, 0)
	if f.book().Certificates["brother"] != office.Fingerprint || !slices.Equal(f.office.Tried, []string{"escl:brother"}) {
		t.Fatalf("tried %v, %v", f.office.Tried, f.book().Certificates)
	}
	f.sees("620 × 877 Punkte")
}

func TestAnAddressIsAddedOnceItAnswers(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyD, ctrl)
	f.typed("192.168.1.4")
	f.key(fyne.KeyReturn, 0)
	f.sees("Der Scanner antwortet nicht.", "Scanner im Netz hinzufügen")
	f.typed("0")
	f.key(fyne.KeyReturn, 0)
	f.misses("Scanner im Netz hinzufügen")
	f.sees("Kyocera ECOSYS M3655idn\nVerbindung") // it is the one shown beside
	if got := f.book().Addresses; !slices.Equal(got, []string{"192.168.1.77", "192.168.1.40"}) {
		t.Errorf("%v", got)
	}
}

func TestFoldersAreWatchedAndLetGo(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyO, ctrl)
	f.typed("/srv/weg")
	f.key(fyne.KeyReturn, 0)
	f.sees("nicht erreichbar")
	f.key(fyne.KeyEscape, 0)
	f.key(fyne.KeyO, ctrl)
	f.typed("/srv/neu")
	f.key(fyne.KeyReturn, 0)
	if got := f.book().Folders; !slices.Contains(got, "/srv/neu") || slices.Contains(got, "/srv/weg") {
		t.Fatalf("%v", got)
	}
	all := f.book().Profiles
	if p := all[len(all)-1]; p.Device != "folder:/srv/neu" || p.Name != "Ordner „neu“" {
		t.Errorf("the folder has no profile: %+v", p)
	}
	f.key(fyne.KeyEnd, 0)
	f.sees("/mnt/rathaus/scan", "Nicht erreichbar")
	f.key(fyne.KeyDelete, ctrl)
	f.sees("„scan“ entfernen?")
	f.key(fyne.KeyReturn, 0) // the safe answer
	if !slices.Contains(f.book().Folders, "/mnt/rathaus/scan") {
		t.Fatal("it is gone without a yes")
	}
	f.key(fyne.KeyDelete, ctrl)
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn, 0)
	if slices.Contains(f.book().Folders, "/mnt/rathaus/scan") {
		t.Error("it is still watched")
	}
}

func TestAProfileIsChangedLikeAForm(t *testing.T) {
	f := open(t, "de")
	f.profiles()
	f.sees("Glas · Grau · 300 dpi · A4", "Einzug, beidseitig in zwei Durchgängen")
	f.key(fyne.KeyDown, 0)
	f.sees("Alt Umschalt 2")
	f.key(fyne.KeyReturn, 0)
	f.sees("Name und Gerät", "Papiergröße")
	f.typed("Ausweise")
	f.key(fyne.KeyReturn, ctrl)
	got := f.book().Profiles[1]
	if !strings.Contains(got.Name, "Ausweise") || got.ID != "feeder" || got.Settings != (scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300, Paper: scan.A4}) || got.NoBlank || got.TwoPass || got.Wait {
		t.Fatalf("%+v", got)
	}
	f.sees("Ausweise")
}

// What is not touched stays as it was, in every profile; those that came with the program still speak every
// language.
func TestSavingUnchangedChangesNothing(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		f := open(t, lang)
		before := f.book().Profiles
		for i := range before {
			if before[i].Settings.Paper == "" {
				before[i].Settings.Paper = scan.A4 // it says what it meant
			}
		}
		f.profiles()
		for range before {
			f.key(fyne.KeyReturn, 0)
			f.key(fyne.KeyReturn, ctrl)
			f.key(fyne.KeyDown, 0)
		}
		after, _ := json.Marshal(f.book().Profiles)
		if want, _ := json.Marshal(before); string(after) != string(want) {
			t.Errorf("%s:\n%s\n%s", lang, want, after)
		}
	}
}

func TestFingerprintsAreWrittenToBeCompared(t *testing.T) {
	const want = "8F 3A 91 0C 55 7E 21 B6\n4D 10 EE 93 7A 06 C2 5B\n39 D8 41 F7 0E 6C A4 12\n9B 83 5D 27 F0 6E 18 C9"
	for _, s := range []string{office.Fingerprint, strings.ReplaceAll(office.Fingerprint, " ", ":"), want} {
		if got := scanners.Pairs(s); got != want {
			t.Errorf("%q", got)
		}
	}
	if scanners.Pairs("") != "" {
		t.Error("nothing is something")
	}
}

// Stacks that are sorted are the tray's: their profiles take no key away.
func TestWhichProfilesLieOnKeys(t *testing.T) {
	var all []profile.Profile
	for i := range 12 {
		p := profile.Profile{ID: string(rune('a' + i))}
		if i == 1 {
			p.Goes = profile.GoesSort
		}
		all = append(all, p)
	}
	for id, want := range map[string]int{"a": 0, "b": -1, "c": 1, "j": 8, "k": -1, "l": -1, "z": -1} {
		if got := scanners.Place(all, id); got != want {
			t.Errorf("%s lies on %d, want %d", id, got, want)
		}
	}
}

func TestAnUnfinishedProfileIsNotSaved(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyInsert, 0)
	f.sees("Neues Scanprofil")
	f.key(fyne.KeyReturn, ctrl)
	if n := len(f.book().Profiles); n != 6 {
		t.Fatalf("%d profiles", n)
	}
	f.sees("Neues Scanprofil")
	f.typed("Kassenbelege")
	f.key(fyne.KeyReturn, ctrl)
	all := f.book().Profiles
	if len(all) != 7 || all[6].Name != "Kassenbelege" {
		t.Fatalf("%+v", all)
	}
	f.sees("Kassenbelege")
}

func TestProfilesChangePlacesAndGo(t *testing.T) {
	f := open(t, "de")
	f.profiles()
	f.key(fyne.KeyDown, alt)
	f.key(fyne.KeyDown, alt)
	ids := func() (out []string) {
		for _, p := range f.book().Profiles {
			out = append(out, p.ID)
		}
		return out
	}
	if got := ids(); !slices.Equal(got, []string{"feeder", "color", "flatbed", "duplex", "p5", "p6"}) {
		t.Fatalf("%v", got)
	}
	f.key(fyne.KeyDelete, ctrl)
	f.win.Canvas().FocusPrevious()
	f.key(fyne.KeyReturn, 0)
	if got := ids(); slices.Contains(got, "flatbed") {
		t.Fatalf("%v", got)
	}
}

func TestALockedListIsChangedWithThePINOnly(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyL, ctrl|shift)
	f.typed("47")
	f.key(fyne.KeyReturn, 0)
	f.sees("Diese PIN stimmt nicht.")
	f.typed("11")
	f.key(fyne.KeyReturn, 0)
	f.sees("Gesperrt")
	if f.book().Lock == nil {
		t.Fatal("not locked")
	}
	f.profiles()
	f.key(fyne.KeyDown, alt)
	f.sees("Die Einstellungen sind gesperrt")
	f.typed("0815")
	f.key(fyne.KeyReturn, 0)
	f.sees("Diese PIN stimmt nicht.")
	f.key(fyne.KeyEscape, 0)
	if f.book().Profiles[0].ID != "flatbed" {
		t.Fatal("changed without the PIN")
	}
	f.key(fyne.KeyDown, alt)
	f.typed("4711")
	f.key(fyne.KeyReturn, 0)
	if f.book().Profiles[0].ID != "feeder" {
		t.Fatal("not changed with the PIN")
	}
	f.key(fyne.KeyDown, alt) // it is known until the screen is left
	if f.book().Profiles[2].ID != "flatbed" {
		t.Error("asked again")
	}
	f.screen.Closed()
	f.key(fyne.KeyUp, alt)
	f.sees("Die Einstellungen sind gesperrt")
}

// A device that was typed and is found stands once in the list, and can be removed.
func TestTypedDevicesStandOnce(t *testing.T) {
	b := profile.Book{Addresses: []string{"https://192.168.1.40/eSCL", "DRUCKER-og1.local", "10.1.1.1:8080"}, Folders: []string{"/a", "/b"}}
	answers := append(office.Answers(), fleet.Answer{Member: "folder", Devices: []scan.Device{{ID: "folder:/b", Model: "b", Address: "/b"}}})
	own := map[string]string{}
	for _, d := range scanners.Devices(b, answers) {
		if d.Own != "" {
			own[d.Own] = d.Name()
		}
		if d.Silent != slices.Contains([]string{"10.1.1.1:8080", "/a"}, d.Own) {
			t.Errorf("%s silent: %v", d.Own, d.Silent)
		}
	}
	if len(own) != 5 || own["DRUCKER-og1.local"] != "Brother MFC-L8690CDW" || own["10.1.1.1:8080"] != "10.1.1.1:8080" {
		t.Errorf("%v", own)
	}
}
