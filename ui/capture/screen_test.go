package capture_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/ui/capture"
	"schalter/ui/capture/sample"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// counter is the screen in a window, with keys as the window gives them.
type counter struct {
	*sample.Desk
	t    testing.TB
	w    fyne.Window
	keys *command.List
}

func open(t testing.TB, state sample.State) *counter {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	forms, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	d := sample.New(texts, forms, state)
	w := test.NewWindow(d.Object())
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1158, 690))
	l := command.NewList()
	l.Bind(w.Canvas())
	t.Cleanup(l.Release)
	l.Enter("capture", d.Commands())
	d.Settle()
	d.Shown()
	d.Settle()
	return &counter{d, t, w, l}
}

// key presses a key where the cursor is, as the driver does.
func (c *counter) key(name fyne.KeyName, mod fyne.KeyModifier) {
	c.t.Helper()
	f := c.w.Canvas().Focused()
	switch {
	case name == fyne.KeyTab && mod == 0:
		c.w.Canvas().FocusNext()
	case mod != 0 && f != nil:
		f.(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: mod})
	case f != nil:
		f.TypedKey(&fyne.KeyEvent{Name: name})
	default:
		c.w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
	}
	c.Settle()
}

func (c *counter) write(text string) {
	c.t.Helper()
	f := c.w.Canvas().Focused()
	if f == nil {
		c.t.Fatalf("nothing has the keys to type %q", text)
	}
	test.Type(f, text)
	c.Settle()
}

func (c *counter) tab() *capture.Tab {
	c.t.Helper()
	t := c.Model().Active()
	if t == nil {
		c.t.Fatal("no tab is open")
	}
	return t
}

// in moves the cursor on with Enter until it is in the field.
func (c *counter) in(path string) {
	c.t.Helper()
	for range 60 {
		if c.tab().Focus() == path {
			return
		}
		c.key(fyne.KeyReturn, 0)
	}
	c.t.Fatalf("Enter never comes to %s; the cursor is in %s", path, c.tab().Focus())
}

func TestAVisitIsTakenWithoutAMouse(t *testing.T) {
	c := open(t, sample.Empty)
	if c.tab().Focus() != "halter/nachname" {
		t.Fatalf("the cursor begins in %q", c.tab().Focus())
	}
	for _, a := range [][2]string{
		{"halter/nachname", "Yıldız"},
		{"halter/vorname", "Emre"},
		{"halter/geburtsdatum", "2.5.88"},
		{"halter/strasse", "Bahnhofstraße"},
		{"halter/hausnummer", "12"},
		{"halter/plz", "65428"},
		{"halter/ort", "Musterstadt"},
		{"hund/rufname", "Balu"},
		{"hund/rasse", "Labrador"},
		{"hund/geworfen", "3/24"},
		{"hund/geschlecht", "r"},
		{"hund/chip", "276098104123344"},
		{"hund/gehalten_seit", "10.11.2026"},
		{"hund/herkunft", "privat"},
		{"hund/herkunft_name", "Frau Meier"},
		{"haushalt/anzahl", "1"},
	} {
		c.in(a[0])
		c.write(a[1])
	}
	c.key(fyne.KeyReturn, 0)
	c.in("zahlung/art")
	c.write("ü")
	c.in("zahlung/turnus")
	c.write("e")
	c.key(fyne.KeyReturn, fyne.KeyModifierControl) // too early: something is open
	if c.tab().Phase() != capture.Filling || c.tab().Focus() != "abschluss/belehrt" {
		t.Fatalf("phase %v, cursor in %q, open %+v", c.tab().Phase(), c.tab().Focus(), c.tab().Findings())
	}
	c.write("j")
	c.key(fyne.KeyReturn, fyne.KeyModifierControl)
	if c.tab().Phase() != capture.Done || len(c.tab().Cases()) != 1 {
		t.Fatalf("phase %v: %v, open %+v", c.tab().Phase(), c.tab().Trouble(), c.tab().Findings())
	}
	c.key(fyne.KeyReturn, 0) // next visitor
	if c.tab().Phase() != capture.Filling || c.tab().Focus() != "halter/nachname" || len(c.Model().Tabs()) != 1 {
		t.Fatalf("next: phase %v, cursor in %q, %d tabs", c.tab().Phase(), c.tab().Focus(), len(c.Model().Tabs()))
	}
	c.in("halter/ort")
	c.key(fyne.KeyF4, 0)
	if got := c.tab().Text("halter/ort"); got != "Musterstadt" {
		t.Errorf("F4 gives %q", got)
	}
}

func TestF9WalksThroughWhatIsOpen(t *testing.T) {
	c := open(t, sample.Findings) // the chip, a late registration, the IBAN and a proof
	if c.tab().Focus() != "hund/chip" {
		t.Fatalf("F9 goes to %q first", c.tab().Focus())
	}
	if words := "4 Punkte sind offen: 2 Angaben, 1 Hinweis, 1 Nachweis"; !slices.Contains(c.said(), words) {
		t.Errorf("the summary is not %q", words)
	}
	for _, want := range []string{"zahlung/iban", "hund/gehalten_seit"} {
		c.key(fyne.KeyF9, 0)
		if c.tab().Focus() != want {
			t.Fatalf("F9 goes to %q, want %s", c.tab().Focus(), want)
		}
	}
	c.key(fyne.KeyF9, 0) // the proof: the field for the reason has the keys
	c.write("wird nachgereicht")
	c.key(fyne.KeyReturn, 0)
	for _, f := range c.tab().Findings() {
		if f.Kind == capture.FindingProof && f.Reason != "wird nachgereicht" {
			t.Errorf("the reason is not taken: %+v", f)
		}
	}
	c.key(fyne.KeyEscape, 0) // from the reason for the remark, which is next, to the list
	c.key(fyne.KeyEscape, 0) // the list closes, the draft stays
	if c.Model().Active() == nil {
		t.Fatal("Esc parked the draft while the list was open")
	}
	c.key(fyne.KeyEscape, 0)
	if len(c.Model().Tabs()) != 2 {
		t.Errorf("%d tabs after Esc", len(c.Model().Tabs()))
	}
}

func TestSeveralVisitorsByKey(t *testing.T) {
	c := open(t, sample.Filling) // three drafts
	both := fyne.KeyModifierControl | fyne.KeyModifierShift
	first := c.tab()
	c.key(fyne.Key3, both)
	if c.tab() != c.Model().Tabs()[2] {
		t.Error("Ctrl Shift 3 does not bring the third draft to the front")
	}
	c.key(fyne.Key9, both) // there is none
	c.key(fyne.Key1, both)
	if c.tab() != first {
		t.Error("Ctrl Shift 1 does not bring the first draft to the front")
	}
	c.key(fyne.KeyN, both)
	if len(c.Model().Tabs()) != 4 || c.tab() == first || c.tab().Form().ID != first.Form().ID || c.tab().Focus() != "halter/nachname" {
		t.Errorf("%d tabs, cursor in %q", len(c.Model().Tabs()), c.tab().Focus())
	}
	if first.Text("hund/rufname") != "Balu" {
		t.Error("the first visitor's draft is not as it was")
	}
}

func TestWhatIsMissingIsAskedFor(t *testing.T) {
	c := open(t, sample.Done) // without the proof for the exemption
	texts := german(t)
	c.key(fyne.KeyP, fyne.KeyModifierControl|fyne.KeyModifierShift)
	if !slices.Contains(c.said(), texts.T("capture.missing.printed")) {
		t.Errorf("the screen says %q", c.said())
	}
	for _, press := range []string{texts.T("language.also", "language", texts.T("language.in.en")), texts.T("capture.missing.copy")} {
		for _, o := range test.LaidOutObjects(c.Object()) {
			if b, ok := o.(*control.Button); ok && b.Text() == press {
				test.Tap(b)
			}
		}
		c.Settle()
	}
	if got := fyne.CurrentApp().Clipboard().Content(); got != c.tab().Cases()[0].Number+" de,en" {
		t.Errorf("copied %q", got)
	}
}

func TestTheVisitIsSaidByKeyAndOutOfTheWay(t *testing.T) {
	c := open(t, sample.Filling)
	before := c.tab().Focus()
	c.key(fyne.KeyF5, 0)
	c.write("Tochter")
	c.key(fyne.KeyReturn, 0)
	c.write("1.12.2030")
	c.key(fyne.KeyEscape, 0)
	if c.tab().Focus() != before || len(c.Model().Tabs()) != 3 {
		t.Fatalf("Esc leads to %q, %d tabs", c.tab().Focus(), len(c.Model().Tabs()))
	}
	if !slices.ContainsFunc(c.said(), func(s string) bool { return strings.Contains(s, "Tochter") }) {
		t.Error("the header says nothing of the visit")
	}
	c.key(fyne.KeyF9, 0) // the chip comes first
	c.key(fyne.KeyF9, 0)
	if e, ok := c.w.Canvas().Focused().(*control.Entry); !ok || e.Text != "01.12.2030" {
		t.Errorf("F9 does not lead to the day on paper")
	}
}

// Whoever comes back to a draft goes on typing where she was; the first key replaces nothing.
func TestComingBackKeepsWhatStandsInTheField(t *testing.T) {
	c := open(t, sample.Filling)
	for _, path := range []string{"hund/farbe", "abschluss/bemerkung"} {
		c.tab().Type(path, "braun mit Fleck")
		c.tab().Enter(path)
		c.Shown()
		c.key(fyne.KeyTab, fyne.KeyModifierControl)
		c.key(fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift)
		for _, r := range "en" { // not c.write, which gives the field the keys once more
			c.w.Canvas().Focused().TypedRune(r)
		}
		if got := c.tab().Text(path); got != "braun mit Flecken" {
			t.Errorf("%s says %q", path, got)
		}
	}
}

func TestTabsAndPapersByKey(t *testing.T) {
	c := open(t, sample.Filling)
	first := c.tab()
	c.key(fyne.KeyTab, fyne.KeyModifierControl)
	if c.tab() == first {
		t.Error("Ctrl+Tab stays")
	}
	c.key(fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift)
	if c.tab() != first || c.tab().Focus() != "hund/farbe" {
		t.Errorf("back in %q", c.tab().Focus())
	}
	c.key(fyne.Key1, fyne.KeyModifierAlt)
	if first.Selected() != "schutzvertrag" {
		t.Errorf("Alt 1 selects %q", first.Selected())
	}
	c.key(fyne.KeyDelete, fyne.KeyModifierControl)
	if n := len(first.Slots()[0].Papers); n != 0 {
		t.Fatalf("%d papers after removing", n)
	}
	c.keys.Type(fyne.KeyZ, fyne.KeyModifierControl) // as without a field that has the keys
	c.Settle()
	if n := len(first.Slots()[0].Papers); n != 1 {
		t.Errorf("%d papers after undo", n)
	}
}

func TestDroppedFilesGoToTheSelectedProof(t *testing.T) {
	c := open(t, sample.Filling)
	p := filepath.Join(t.TempDir(), "nachweis.pdf")
	if err := os.WriteFile(p, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := c.tab().Selected()
	c.Dropped(fyne.NewPos(900, 500), []fyne.URI{storage.NewFileURI(p)})
	c.Settle()
	for _, s := range c.tab().Slots() {
		if s.ID == want && (len(s.Papers) != 1 || s.Papers[0].Title != "nachweis") {
			t.Errorf("slot %s has %+v", want, s.Papers)
		}
	}
}

func TestADraftOpenedAgainShowsAPaperOfItsProof(t *testing.T) {
	c := open(t, sample.Filling)
	p := filepath.Join(t.TempDir(), "nachweis.pdf")
	if err := os.WriteFile(p, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.key(fyne.Key2, fyne.KeyModifierAlt)
	c.Dropped(fyne.NewPos(900, 500), []fyne.URI{storage.NewFileURI(p)})
	c.Settle()
	newest, _, _ := c.PaperPage()
	id := c.tab().ID()
	c.key(fyne.KeyEscape, 0)
	c.Settle()
	c.Model().Open(id)
	c.Settle()
	c.tab().Select("schutzvertrag")
	c.Settle()
	if doc, _, _ := c.PaperPage(); doc == newest || doc == "" {
		t.Errorf("beside %q lies %q, which was put under another proof last", c.tab().Selected(), doc)
	}
}

func TestTheEndOfTroubleWithTheDiskIsTold(t *testing.T) {
	c := open(t, sample.Trouble)
	told := 0
	c.OnStored(func() { told++ })
	if !c.Alarming() || told != 0 {
		t.Fatalf("alarming %v, told %d", c.Alarming(), told)
	}
	c.Store.Fail(nil)
	c.tab().Enter("hund/farbe")
	c.tab().Type("hund/farbe", "braun")
	c.tab().Leave("hund/farbe")
	c.Settle()
	if c.Alarming() || told != 1 {
		t.Errorf("alarming %v, told %d", c.Alarming(), told)
	}
}

func german(t testing.TB) *i18n.Texts {
	t.Helper()
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// said is what stands on the screen.
func (c *counter) said() []string {
	var out []string
	for _, o := range test.LaidOutObjects(c.Object()) {
		if l, ok := o.(*control.Label); ok && l.Visible() {
			out = append(out, l.Text())
		}
	}
	return out
}

func TestALockedPaperIsCalledByItsName(t *testing.T) {
	c := open(t, sample.Locked)
	c.key(fyne.Key1, fyne.KeyModifierAlt) // the slot it lies in
	texts := german(t)
	has := func(words string) bool {
		return slices.ContainsFunc(c.said(), func(s string) bool { return strings.Contains(s, words) })
	}
	if !has(texts.T("capture.paper.locked")) || has(texts.T("capture.paper.unseen")) {
		t.Errorf("the screen says %q", c.said())
	}
	c.key(fyne.KeyF7, 0)
	if e, ok := c.w.Canvas().Focused().(*control.Entry); !ok || !e.Password {
		t.Errorf("F7 leads to %T", c.w.Canvas().Focused())
	}
}

func TestAConfirmationThatWasOnlyShownIsNotCalledPrinted(t *testing.T) {
	c := open(t, sample.Done) // its printer is a viewer
	c.key(fyne.KeyP, fyne.KeyModifierControl)
	texts, said := german(t), c.said()
	if !slices.Contains(said, texts.T("capture.shown")) || slices.Contains(said, texts.T("capture.printed")) {
		t.Errorf("the screen says %q", said)
	}
}

func TestTextsOfTheScreenAreInBothLanguages(t *testing.T) {
	c := open(t, sample.Empty)
	for _, lang := range []string{"de", "en"} {
		x, err := i18n.Load(assets.Files, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, cmd := range c.Commands() {
			if !x.Has("command." + cmd.ID) {
				t.Errorf("%s: command.%s", lang, cmd.ID)
			}
		}
	}
}

// A key stroke in the largest built-in form, with everything that follows on the window's goroutine but
// drawing.
func BenchmarkKey(b *testing.B) {
	c := open(b, sample.Filling)
	c.Shown()
	f := c.w.Canvas().Focused()
	b.ResetTimer()
	for i := range b.N {
		f.TypedRune(rune('a' + i%26))
		if i%60 == 59 {
			b.StopTimer()
			c.tab().Type("hund/farbe", "")
			c.Settle()
			b.StartTimer()
		}
	}
}
