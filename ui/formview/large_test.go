package formview

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/form"
	"schalter/data/form/formtest"
	"schalter/data/record"
)

// largeFields is more than the largest official schema known has.
const largeFields = 500

func BenchmarkOpenOfficial(b *testing.B) {
	f := formtest.Official(largeFields)
	_, v, _ := show(b, f, fyne.NewSize(604, 560))
	texts := v.texts
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

// enter puts the cursor into the first field of a kind that takes it.
func enter(t testing.TB, v *View, fits func(*form.Field) bool) string {
	t.Helper()
	for _, p := range v.m.Places() {
		if f := p.Item.Field; f != nil && fits(f) && v.Focus(p.Path) {
			return p.Path
		}
	}
	t.Fatal("no field takes the cursor")
	return ""
}

func typed(f *form.Field) bool { return f.Type == form.TypeText }

func BenchmarkKeyOfficial(b *testing.B) {
	typeInto(b, formtest.Official(largeFields))
}

// typeInto types into the first text of a form.
func typeInto(b *testing.B, f *form.Form) {
	b.Helper()
	_, v, w := show(b, f, fyne.NewSize(604, 560))
	p := enter(b, v, typed)
	i := 0
	for b.Loop() {
		w.Canvas().Focused().TypedRune(rune('a' + i%26))
		if i++; i%40 == 39 {
			v.m.Type(p, "")
		}
	}
}

// A key that shows a field lays the page out anew, which is the most a key can do.
func BenchmarkKeyOfficialThatShowsAField(b *testing.B) {
	_, v, w := show(b, formtest.Official(largeFields), fyne.NewSize(604, 560))
	enter(b, v, func(f *form.Field) bool { return f.Type == form.TypeBoolean })
	i := 0
	for b.Loop() {
		w.Canvas().Focused().TypedRune([]rune("jn")[i%2])
		i++
	}
}

func BenchmarkFirstMatches8000(b *testing.B) {
	_, v, w := show(b, formtest.Official(largeFields), fyne.NewSize(604, 560))
	enter(b, v, func(f *form.Field) bool { return len(f.Choices()) > 1000 })
	e := w.Canvas().Focused()
	i := 0
	for b.Loop() {
		e.TypedRune([]rune("gemeinde")[i%8])
		if !v.popup.open() {
			b.Fatal("nothing is offered")
		}
		if i++; i%8 == 0 {
			v.m.Type(v.focus, "")
		}
	}
}

// A row more or less lays the whole form out anew, rules and page.
func BenchmarkAddAndRemoveRowOfficial(b *testing.B) {
	m, v, _ := show(b, formtest.Official(largeFields), fyne.NewSize(604, 560))
	path := ""
	for _, p := range m.Places() {
		if p.Item.Group != nil && p.Item.Group.Repeat != nil && p.Row == 0 {
			path = p.Path
			break
		}
	}
	for b.Loop() {
		v.addRow(path)
		v.removeRow(path, 1)
	}
}
