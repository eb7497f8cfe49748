package formview

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// sheet is the simplest model: a session of the real form engine.
type sheet struct {
	s      *form.Session
	view   *View
	texts  map[string]string
	left   map[string]bool
	log    []string
	before []string
	papers []Paper
	stir   func() // what a letter sets off before its answer comes

	beneath map[string]fyne.CanvasObject
}

func (m *sheet) Papers() []Paper { return m.papers }

func (m *sheet) MoveRow(p string, from, to int) { m.s.MoveRow(p, from, to); m.reread() }

// reread makes the texts anew after rows have moved.
func (m *sheet) reread() {
	m.texts = map[string]string{}
	for _, p := range m.s.Places() {
		m.texts[p.Path] = m.s.State(p.Path).Typed
	}
	m.view.Update(nil)
}

func (m *sheet) Form() *form.Form                       { return m.s.Form() }
func (m *sheet) Places() []form.Place                   { return m.s.Places() }
func (m *sheet) GroupVisible(p string) bool             { return m.s.Group(p).Visible }
func (m *sheet) Match(p, s string, n int) []form.Choice { return m.s.Match(p, s, n) }
func (m *sheet) Enter(p string)                         { m.log = append(m.log, "+"+p) }
func (m *sheet) AddRow(p string)                        { m.s.AddRow(p); m.reread() }
func (m *sheet) RemoveRow(p string, row int)            { m.s.RemoveRow(p, row); m.reread() }

func (m *sheet) Override(rule, reason string) { m.s.Override(rule, reason); m.view.Update(nil) }
func (m *sheet) Redo(string) bool             { return false }

func (m *sheet) Undo(p string) bool {
	if len(m.before) == 0 {
		return false
	}
	last := m.before[len(m.before)-1]
	m.before = m.before[:len(m.before)-1]
	m.put(p, last)
	return true
}

func (m *sheet) Field(p string) Field {
	st := m.s.State(p)
	f := Field{Visible: st.Visible, Required: st.Required, ReadOnly: st.ReadOnly, Value: st.Value, Text: m.texts[p]}
	if st.ReadOnly {
		f.Text = form.Format(m.Form().Field(p), st.Value, "de")
	}
	for _, x := range st.Problems {
		switch {
		case x.Severity == form.SeverityWarning:
			f.Warnings = append(f.Warnings, Warning{Rule: x.Rule, Text: x.Text("de"), Reason: x.Reason})
		case m.left[p] && f.Error == "":
			f.Error = x.Text("de")
		}
	}
	return f
}

func (m *sheet) Type(p, s string) {
	m.before = append(m.before, m.texts[p])
	if m.stir != nil {
		m.stir()
	}
	m.put(p, s)
}

func (m *sheet) put(p, s string) {
	m.texts[p] = s
	e := m.s.Set(p, s)
	m.view.Update(append(e.Changed, p))
}

func (m *sheet) Leave(p string) {
	m.log = append(m.log, "-"+p)
	m.left[p] = true
	m.view.Update([]string{p})
}

const dog = `{
  "format": "schalter-form/1", "id": "hund", "version": "1.0.0", "languages": ["de"], "title": {"de": "Hund"},
  "lists": {},
  "groups": [
    {"group": "halter", "label": {"de": "Halterin oder Halter"}, "items": [
      {"field": "nachname", "type": "text", "label": {"de": "Nachname"}, "required": true, "width": 5},
      {"field": "vorname", "type": "text", "label": {"de": "Vorname"}, "required": true, "width": 4},
      {"field": "geburt", "type": "date", "label": {"de": "Geburtsdatum"}, "width": 3, "help": {"de": "Wie im Ausweis."}}
    ]},
    {"group": "hund", "label": {"de": "Hund"}, "items": [
      {"field": "chip", "type": "chip", "label": {"de": "Chipnummer"}, "required": true},
      {"field": "rasse", "type": "choice", "label": {"de": "Rasse"}, "choices": [RASSEN]},
      {"field": "gefahr", "type": "boolean", "label": {"de": "Gefährlicher Hund?"}},
      {"field": "erlaubnis", "type": "text", "label": {"de": "Erlaubnis vom"}},
      {"field": "anzahl", "type": "integer", "label": {"de": "Wie viele Hunde"}},
      {"field": "steuer", "type": "money", "label": {"de": "Steuer im Jahr"}},
      {"field": "bemerkung", "type": "multiline", "label": {"de": "Bemerkung"}}
    ]}
  ],
  "rules": [
    {"rule": "erlaubnis", "do": "show", "on": ["hund/erlaubnis"], "when": {"field": "hund/gefahr"}},
    {"rule": "viele", "do": "warn", "on": ["hund/anzahl"], "when": {"gt": [{"field": "hund/anzahl"}, 3]}, "text": {"de": "Mehr als drei Hunde sind selten."}},
    {"rule": "steuer", "do": "calculate", "on": ["hund/steuer"], "value": {"mul": [{"field": "hund/anzahl"}, 90]}}
  ]
}`

func dogForm(t testing.TB) *form.Form {
	t.Helper()
	var breeds []string
	for i := range 8000 {
		breeds = append(breeds, fmt.Sprintf(`{"code": "R%04d", "label": {"de": "Rasse Nummer %d"}}`, i, i))
	}
	breeds = append(breeds, `{"code": "LAB", "label": {"de": "Labrador-Mischling"}}`, `{"code": "LAK", "label": {"de": "Lakeland Terrier"}}`)
	f, err := form.Parse([]byte(strings.Replace(strings.Replace(dog, `"lists": {},`, "", 1), "RASSEN", strings.Join(breeds, ","), 1)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func show(t testing.TB, f *form.Form, size fyne.Size) (*sheet, *View, fyne.Window) {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	m := &sheet{s: f.Begin(record.Values{}, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)), texts: map[string]string{}, left: map[string]bool{}}
	v := New(x, m)
	m.view = v
	w := test.NewWindow(v.Object())
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	return m, v, w
}

func press(t *testing.T, w fyne.Window, keys ...fyne.KeyName) {
	t.Helper()
	for _, k := range keys {
		if f := w.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
}

func write(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	f := w.Canvas().Focused()
	if f == nil {
		t.Fatalf("nothing has the keys to type %q", text)
	}
	test.Type(f, text)
}

func TestAFormIsFilledWithoutAMouse(t *testing.T) {
	m, v, w := show(t, dogForm(t), fyne.NewSize(604, 500))
	if !v.Focus("halter/nachname") {
		t.Fatal("the first field does not take the keys")
	}
	write(t, w, "Yıldız")
	press(t, w, fyne.KeyReturn)
	write(t, w, "Emre")
	press(t, w, fyne.KeyReturn)
	write(t, w, "2.5.88")
	press(t, w, fyne.KeyReturn)
	write(t, w, "276 0981 0412 334")
	press(t, w, fyne.KeyReturn)
	if v.Focused() != "hund/rasse" {
		t.Fatalf("the cursor is in %q", v.Focused())
	}
	write(t, w, "labr")
	press(t, w, fyne.KeyReturn) // takes the hit and goes on
	if got := m.s.State("hund/rasse").Value; got != "LAB" {
		t.Errorf("breed %q", got)
	}
	write(t, w, "j") // the question's first letter
	if m.s.State("hund/gefahr").Value != "true" || v.cells["hund/erlaubnis"] == nil {
		t.Fatalf("dangerous: %+v", m.s.State("hund/gefahr"))
	}
	press(t, w, fyne.KeyReturn)
	if v.Focused() != "hund/erlaubnis" {
		t.Errorf("the field that appeared is skipped: cursor in %q", v.Focused())
	}
	if got := m.s.Values(); got["halter/nachname"] != "Yıldız" || got["halter/geburt"] != "1988-05-02" {
		t.Errorf("values %v", got)
	}
	if e := v.cells["hund/chip"].state.Error; e != "Die Nummer hat 15 Ziffern; hier sind es 14." {
		t.Errorf("beside the chip number stands %q", e)
	}
}

func TestFieldsComeAndGoWithoutTakingTheCursor(t *testing.T) {
	_, v, w := show(t, dogForm(t), fyne.NewSize(604, 500))
	v.Focus("hund/gefahr")
	before := w.Canvas().Focused()
	for _, r := range "jnjn" {
		write(t, w, string(r))
		if w.Canvas().Focused() != before || v.Focused() != "hund/gefahr" {
			t.Fatalf("after %c the cursor is in %q", r, v.Focused())
		}
	}
	write(t, w, "j")
	press(t, w, fyne.KeyReturn)
	write(t, w, "12")
	v.m.Type("hund/gefahr", "false") // from elsewhere, while the cursor is in what disappears
	if v.Focused() != "hund/anzahl" {
		t.Errorf("the cursor is in %q, want the next field", v.Focused())
	}
}

func TestCalculatedAndWarnedFields(t *testing.T) {
	m, v, w := show(t, dogForm(t), fyne.NewSize(604, 900))
	v.Focus("hund/anzahl")
	write(t, w, "4")
	press(t, w, fyne.KeyReturn)
	if v.Focused() != "hund/bemerkung" {
		t.Errorf("a calculated field stopped the cursor: %q", v.Focused())
	}
	x := v.warnings["viele"]
	if x == nil || x.what.Text == "" || x.button == nil {
		t.Fatal("no banner")
	}
	c := v.cells["hund/anzahl"]
	if x.y < c.bottom() {
		t.Errorf("the banner at %v lies on the field that ends at %v", x.y, c.bottom())
	}
	if next := v.cells["hund/bemerkung"]; next.y < x.bottom() {
		t.Errorf("the next row at %v comes before the end of the banner at %v", next.y, x.bottom())
	}
	x.button.Tapped(nil)
	write(t, w, "Zucht")
	press(t, w, fyne.KeyReturn)
	if m.s.State("hund/anzahl").Problems[0].Reason != "Zucht" || x.asking {
		t.Errorf("reason %+v", m.s.State("hund/anzahl").Problems)
	}
	if got := v.cells["hund/steuer"].state.Text; got != "360,00 €" {
		t.Errorf("tax %q", got)
	}
}

func TestListIsSearchedAndNeverRolledOut(t *testing.T) {
	m, v, w := show(t, dogForm(t), fyne.NewSize(604, 500))
	v.Focus("hund/rasse")
	if !v.popup.open() || len(v.popup.hits) != shownChoices || !v.popup.more {
		t.Fatalf("an empty field offers %d of 8,002", len(v.popup.hits))
	}
	write(t, w, "la")
	if len(v.popup.hits) != 2 {
		t.Fatalf("hits %v", v.popup.hits)
	}
	press(t, w, fyne.KeyDown, fyne.KeyReturn)
	if got := m.s.State("hund/rasse").Value; got != "LAK" {
		t.Errorf("took %q", got)
	}
	if v.popup.open() {
		t.Error("the list stays open")
	}
	v.Focus("hund/rasse")
	press(t, w, fyne.KeyDown)
	if !v.popup.open() {
		t.Error("the arrow does not open the list")
	}
	press(t, w, fyne.KeyEscape)
	if v.popup.open() || v.Focused() != "hund/rasse" {
		t.Error("Esc closes the list and nothing else")
	}
}

func TestHelpIsAtTheField(t *testing.T) {
	_, v, w := show(t, dogForm(t), fyne.NewSize(604, 500))
	v.Focus("halter/geburt")
	before := v.total
	press(t, w, fyne.KeyF1)
	c := v.cells["halter/geburt"]
	if !c.help || v.total <= before || c.advice.Text() != "Wie im Ausweis." {
		t.Errorf("help %v, page %v, was %v", c.help, v.total, before)
	}
	press(t, w, fyne.KeyReturn)
	if c.help || v.total != before {
		t.Error("the help stays when the cursor goes on")
	}
}

func TestUndoIsTheModels(t *testing.T) {
	m, v, w := show(t, dogForm(t), fyne.NewSize(604, 500))
	v.Focus("halter/nachname")
	write(t, w, "ab")
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	if m.texts["halter/nachname"] != "a" || v.cells["halter/nachname"].input.(*line).e.Text != "a" {
		t.Errorf("undone to %q, shown %q", m.texts["halter/nachname"], v.cells["halter/nachname"].input.(*line).e.Text)
	}
}

// A letter may set off that the form is laid out anew before its own answer comes, as when the tab's title follows
// the name: the cursor stays where it is, in several lines and in the middle of one.
func TestCursorStaysWhileTheFormIsLaidOutAnew(t *testing.T) {
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "g", "label": {"de": "G"}, "items": [
		{"field": "lang", "type": "multiline", "label": {"de": "Lang"}}, {"field": "kurz", "type": "text", "label": {"de": "Kurz"}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	m, v, w := show(t, f, fyne.NewSize(604, 500))
	m.stir = v.layout
	for _, path := range []string{"g/lang", "g/kurz"} {
		v.Focus(path)
		write(t, w, "Feinmechanik")
		press(t, w, fyne.KeyLeft, fyne.KeyLeft)
		for _, r := range "12" { // write would give the field the keys anew
			w.Canvas().Focused().TypedRune(r)
		}
		if m.texts[path] != "Feinmechan12ik" {
			t.Errorf("%s: %q", path, m.texts[path])
		}
	}
}

// longForm has n fields of the usual types in groups of twelve, and a rule in each group.
func longForm(t testing.TB, n int) *form.Form {
	t.Helper()
	types := []string{"text", "date", "money", "boolean", "postcode", "text"}
	var groups, rules []string
	for g := 0; g*12 < n; g++ {
		var items []string
		for i := range 12 {
			items = append(items, fmt.Sprintf(`{"field": "f%d", "type": %q, "label": {"de": "Feld %d von Gruppe %d"}, "width": %d, "help": {"de": "Hilfe"}}`, i, types[i%len(types)], i, g, 3+i%3))
		}
		groups = append(groups, fmt.Sprintf(`{"group": "g%d", "label": {"de": "Gruppe %d"}, "items": [%s]}`, g, g, strings.Join(items, ",")))
		rules = append(rules, fmt.Sprintf(`{"rule": "r%d", "do": "show", "on": ["g%d/f4"], "when": {"field": "g%d/f3"}}`, g, g, g))
	}
	f, err := form.Parse([]byte(fmt.Sprintf(`{"format": "schalter-form/1", "id": "lang", "version": "1.0.0", "languages": ["de"], "title": {"de": "Lang"}, "groups": [%s], "rules": [%s]}`,
		strings.Join(groups, ","), strings.Join(rules, ","))))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOnlyWhatIsInSightExists(t *testing.T) {
	_, v, w := show(t, longForm(t, 120), fyne.NewSize(604, 560))
	made := 0
	for _, c := range v.cells {
		if c.input != nil {
			made++
		}
	}
	if made == 0 || made > 50 {
		t.Errorf("%d of %d fields have widgets", made, len(v.cells))
	}
	// Every field is reached by Enter alone, in the form's order, and is in sight then.
	v.Focus("g0/f0")
	want := []string{}
	for _, p := range v.m.Places() {
		if p.Item.Field != nil && v.m.Field(p.Path).Visible {
			want = append(want, p.Path)
		}
	}
	for i, p := range want {
		if v.Focused() != p {
			t.Fatalf("field %d: cursor in %q, want %q", i, v.Focused(), p)
		}
		c := v.cells[p]
		if top := v.scroll.Offset.Y; c.y < top || c.bottom() > top+v.scroll.Size().Height+0.5 {
			t.Fatalf("%s lies at %v..%v, in sight is %v..%v", p, c.y, c.bottom(), top, top+v.scroll.Size().Height)
		}
		press(t, w, fyne.KeyReturn)
	}
	// And back by Shift+Tab.
	v.Focus(want[len(want)-1])
	for i := len(want) - 1; i > 0; i-- {
		w.Canvas().FocusPrevious()
		if v.Focused() != want[i-1] {
			t.Fatalf("back: cursor in %q, want %q", v.Focused(), want[i-1])
		}
	}
}

func TestWhatIsWrongIsInSightAfterTab(t *testing.T) {
	f := longForm(t, 120)
	_, v, w := show(t, f, fyne.NewSize(604, 400))
	for g := range 4 {
		for _, name := range []string{"f1", "f2", "f7"} { // dates and money
			p := fmt.Sprintf("g%d/%s", g, name)
			v.Focus(p)
			write(t, w, "quatsch")
			if g%2 == 0 {
				w.Canvas().FocusNext()
			} else {
				w.Canvas().FocusPrevious()
			}
			c, now := v.cells[p], v.cells[v.Focused()]
			if c.state.Error == "" || now == nil {
				t.Fatalf("%s: error %q, cursor in %q", p, c.state.Error, v.Focused())
			}
			top := v.scroll.Offset.Y
			for _, x := range []*cell{c, now} {
				if x.y < top-0.5 || x.bottom() > top+v.scroll.Size().Height+0.5 {
					t.Errorf("after leaving %s, %s lies at %v..%v, in sight is %v..%v", p, x.path, x.y, x.bottom(), top, top+v.scroll.Size().Height)
				}
			}
		}
	}
}

func TestExamplesNeverNeedScrolling(t *testing.T) {
	_, v, _ := show(t, dogForm(t), fyne.NewSize(604, 900))
	c := v.cells["halter/geburt"]
	l := c.input.(*line)
	c.field.Example = "2.5.1988"
	for width, want := range map[float32]string{200: "z. B. 2.5.1988", 90: ""} {
		if l.hint(width); l.e.PlaceHolder != want {
			t.Errorf("in %v: %q, want %q", width, l.e.PlaceHolder, want)
		}
	}
}

func TestTextSizesFitThePage(t *testing.T) {
	for _, size := range look.TextSizes() {
		_, v, _ := show(t, dogForm(t), fyne.NewSize(420, 700))
		look.Apply(fyne.CurrentApp(), look.Dark, size)
		v.Object().Refresh()
		for p, c := range v.cells {
			if c.state.Visible && (c.w < 60*look.Px(1)-1 || c.x+c.w > 420.5-gutter) {
				t.Errorf("%d %%: %s is %v wide at %v", size, p, c.w, c.x)
			}
		}
	}
}

func BenchmarkBuild120(b *testing.B) {
	f := longForm(b, 120)
	_, v, _ := show(b, f, fyne.NewSize(604, 560))
	texts := v.texts
	b.ResetTimer()
	for range b.N {
		m := &sheet{s: f.Begin(record.Values{}, time.Now()), texts: map[string]string{}, left: map[string]bool{}}
		v := New(texts, m)
		m.view = v
		w := test.NewWindow(v.Object())
		w.Resize(fyne.NewSize(604, 560))
		w.Canvas().Capture()
		w.Close()
	}
}

func BenchmarkKey120(b *testing.B) {
	_, v, w := show(b, longForm(b, 120), fyne.NewSize(604, 560))
	v.Focus("g0/f0")
	b.ResetTimer()
	for i := range b.N {
		w.Canvas().Focused().TypedRune(rune('a' + i%26))
		if i%40 == 39 {
			b.StopTimer()
			v.m.Type("g0/f0", "")
			b.StartTimer()
		}
	}
}

func BenchmarkKeyThatShowsAField(b *testing.B) {
	_, v, w := show(b, longForm(b, 120), fyne.NewSize(604, 560))
	v.Focus("g0/f3")
	b.ResetTimer()
	for i := range b.N {
		w.Canvas().Focused().TypedRune([]rune("jn")[i%2])
	}
}
