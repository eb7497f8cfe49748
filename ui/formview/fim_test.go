package formview

import (
	"io"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/form"
	"schalter/data/form/fim"
	"schalter/data/form/formtest"
	"schalter/data/record"
	"schalter/ui/control"
)

// official imports schemata of the FIM portal, those whose file name ends so; all without names.
func official(t testing.TB, names ...string) []*form.Form {
	t.Helper()
	var out []*form.Form
	formtest.Schemata(t, func(name string, file io.Reader) {
		res, err := fim.Import(file, name, fim.Options{FreeText: true})
		if err != nil {
			t.Fatal(err)
		}
		f, err := form.Parse(res.JSON)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}, names...)
	return out
}

// The largest schema by its fields.
const largest = "S05000001205.xdf.xml"

// Every field that an official form shows takes the keys or is drawn as what it is, in rows and outside.
func TestOfficialFormsCanBeFilled(t *testing.T) {
	names := []string{largest, "S00000000387.xdf.xml", "S05000001288.xdf.xml"}
	if os.Getenv("SCHALTER_LONG") != "" {
		names = nil
	}
	for _, f := range official(t, names...) {
		t.Run(f.ID, func(t *testing.T) { fillAll(t, f) })
	}
}

func fillAll(t *testing.T, f *form.Form) {
	t.Helper()
	m, v, w := show(t, f, fyne.NewSize(604, 500))
	m.papers = []Paper{{"d1", "Plan"}}
	for range 3 { // rows in rows
		for _, p := range m.Places() {
			if r := repeatOf(p.Item); r != nil && p.Row == 0 && m.s.Rows(p.Path) == 0 {
				m.s.AddRow(p.Path)
			}
		}
	}
	m.reread()
	n := 0
	for _, p := range m.Places() {
		x := p.Item.Field
		if x == nil || x.Repeat != nil && p.Row == 0 || x.Type == form.TypeNote || !m.s.State(p.Path).Visible || x.Calculated() {
			continue
		}
		if !v.Focus(p.Path) {
			t.Errorf("%s %s %s takes no keys", f.ID, p.Path, x.Type)
			continue
		}
		n++
		if e, ok := w.Canvas().Focused().(*control.Entry); ok {
			if e.TypedRune('x'); m.s.State(p.Path).Typed != "x" {
				t.Errorf("%s %s %s: %q", f.ID, p.Path, x.Type, m.s.State(p.Path).Typed)
			}
		}
	}
	if n == 0 {
		t.Errorf("%s has no field to fill", f.ID)
	}
	t.Logf("%d fields filled", n)
}

func BenchmarkOpenLargestImported(b *testing.B) {
	f := official(b, largest)[0]
	_, v, _ := show(b, f, fyne.NewSize(604, 560))
	texts := v.texts
	b.Logf("%s: %d fields", f.ID, len(f.Fields()))
	for b.Loop() {
		m := &sheet{s: f.Begin(record.Values{}, time.Now()), texts: map[string]string{}, left: map[string]bool{}}
		v := New(texts, m)
		m.view = v
		w := test.NewWindow(v.Object())
		w.Resize(fyne.NewSize(604, 560))
		enter(b, v, typed)
		w.Canvas().Capture()
		w.Close()
	}
}

func BenchmarkKeyLargestImported(b *testing.B) {
	typeInto(b, official(b, largest)[0])
}

// Leaving a field is the most that happens at once: what is wrong is said, and the page may be laid out anew.
func BenchmarkTabLargestImported(b *testing.B) {
	_, v, w := show(b, official(b, largest)[0], fyne.NewSize(604, 560))
	enter(b, v, typed)
	for b.Loop() {
		w.Canvas().FocusNext()
	}
}
