package formview

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/form"
	"schalter/data/form/formtest"
	"schalter/ui/control"
)

func stalls(t testing.TB) *form.Form {
	t.Helper()
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [
		{"group": "a", "label": {"de": "A"}, "items": [
			{"field": "name", "type": "text", "label": {"de": "Name"}},
			{"field": "tel", "type": "phone", "label": {"de": "Telefon"}, "width": 4, "repeat": {"max": 3}}]},
		{"group": "stand", "label": {"de": "Stand"}, "repeat": {"min": 1, "max": 4}, "items": [
			{"field": "art", "type": "text", "label": {"de": "Art"}},
			{"group": "geraet", "label": {"de": "Gerät"}, "repeat": {}, "items": [{"field": "watt", "type": "integer", "label": {"de": "Watt"}}]}]},
		{"group": "z", "label": {"de": "Z"}, "items": [{"field": "ende", "type": "text", "label": {"de": "Ende"}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func alt(w fyne.Window, k fyne.KeyName) {
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt})
}

func TestRowsByKeyboard(t *testing.T) {
	m, v, w := show(t, stalls(t), fyne.NewSize(604, 400))
	v.Focus("stand[1]/art")
	write(t, w, "Bier")
	alt(w, fyne.KeyInsert)
	if v.Focused() != "stand[2]/art" {
		t.Fatalf("after adding a row the cursor is in %q", v.Focused())
	}
	write(t, w, "Wurst")
	alt(w, fyne.KeyInsert)
	write(t, w, "Los")
	alt(w, fyne.KeyUp)
	if v.Focused() != "stand[2]/art" || m.s.State("stand[2]/art").Value != "Los" || m.s.State("stand[3]/art").Value != "Wurst" {
		t.Fatalf("moved up: cursor in %q, %v", v.Focused(), m.s.Values())
	}
	if e := w.Canvas().Focused().(*control.Entry); e.Text != "Los" {
		t.Errorf("the cursor is in an entry with %q", e.Text)
	}
	alt(w, fyne.KeyDown)
	alt(w, fyne.KeyDown) // it is the last already
	if v.Focused() != "stand[3]/art" || m.s.State("stand[3]/art").Value != "Los" {
		t.Fatalf("moved down: cursor in %q, %v", v.Focused(), m.s.Values())
	}
	alt(w, fyne.KeyDelete)
	if v.Focused() != "stand[2]/art" || m.s.Rows("stand") != 2 || m.s.State("stand[2]/art").Value != "Wurst" {
		t.Fatalf("removed: cursor in %q, %v", v.Focused(), m.s.Values())
	}
	v.Focus("a/name")
	alt(w, fyne.KeyInsert) // outside of rows the keys do nothing here
	if v.Focused() != "a/name" {
		t.Errorf("cursor in %q", v.Focused())
	}
}

// Tab reaches every button of every row, whatever is in sight, and brings it into sight.
func TestTabReachesTheButtonsOfRows(t *testing.T) {
	m, v, w := show(t, stalls(t), fyne.NewSize(604, 160))
	for range 2 {
		m.AddRow("stand")
		m.AddRow("a/tel")
	}
	m.AddRow("stand[2]/geraet")
	v.Focus("a/name")
	var stops []string
	for range 60 {
		w.Canvas().FocusNext()
		switch f := w.Canvas().Focused().(type) {
		case *control.Button:
			stops = append(stops, f.Text())
			y := f.Position().Y - v.scroll.Offset.Y
			if y < -1 || y+f.Size().Height > v.scroll.Size().Height+1 {
				t.Errorf("%q has the keys and lies at %v of %v", f.Text(), y, v.scroll.Size().Height)
			}
		default:
			stops = append(stops, v.Focused())
		}
		if v.Focused() == "z/ende" {
			break
		}
	}
	want := "a/tel[1] ↓ Entfernen a/tel[2] ↑ Entfernen Weitere Angabe: Telefon ↓ Entfernen stand[1]/art Hinzufügen: Gerät " +
		"↑ ↓ Entfernen stand[2]/art Entfernen stand[2]/geraet[1]/watt Weitere Angabe: Gerät ↑ Entfernen stand[3]/art Hinzufügen: Gerät Weitere Angabe: Stand z/ende"
	if got := strings.Join(stops, " "); got != want {
		t.Errorf("stops\n%s\nwant\n%s", got, want)
	}
}

func TestButtonsOfRows(t *testing.T) {
	m, v, w := show(t, stalls(t), fyne.NewSize(604, 600))
	if b := v.heads["stand[1]"].bar; len(b.buttons()) != 1 || b.remove.Text() != "Leeren" {
		t.Errorf("a row that must stay offers %q", b.remove.Text())
	}
	for i := range 3 {
		v.adders["stand"].button.Tapped(nil)
		m.put(fmt.Sprintf("stand[%d]/art", i+2), fmt.Sprint("Stand ", i+2))
	}
	for _, p := range v.parts {
		if a, ok := p.(*adder); ok && a.path == "stand" {
			t.Error("a fifth stall is offered, the form takes four")
		}
	}
	v.heads["stand[4]"].bar.up.Tapped(nil)
	if m.s.State("stand[3]/art").Value != "Stand 4" || w.Canvas().Focused() != fyne.Focusable(v.heads["stand[3]"].bar.up) {
		t.Errorf("%v, keys at %v", m.s.Values(), w.Canvas().Focused())
	}
	v.heads["stand[2]"].bar.up.Tapped(nil)
	if w.Canvas().Focused() != fyne.Focusable(v.heads["stand[1]"].bar.down) {
		t.Error("at the top the keys are not at the button that is still there")
	}
	m.AddRow("a/tel")
	v.cells["a/tel[1]"].row.remove.Tapped(nil)
	if m.s.Rows("a/tel") != 0 || w.Canvas().Focused() != fyne.Focusable(v.adders["a/tel"].button) {
		t.Errorf("after the last row is gone the keys are at %v", w.Canvas().Focused())
	}
}

// Every field of a large form with rows in rows is reached by Tab alone, and is in sight then.
func TestTabReachesEveryFieldOfAnOfficialForm(t *testing.T) {
	m, v, w := show(t, formtest.Official(60), fyne.NewSize(604, 500))
	for range 2 { // rows in rows
		for _, p := range m.Places() {
			if r := repeatOf(p.Item); r != nil && p.Row == 0 && m.s.Rows(p.Path) < 2 {
				m.AddRow(p.Path)
			}
		}
	}
	want := map[string]bool{}
	for _, p := range v.parts {
		if c, ok := p.(*cell); ok && !isStill(c) {
			want[c.path] = true
		}
	}
	n := len(want)
	start := ""
	for _, p := range v.parts {
		if c, ok := p.(*cell); ok && !isStill(c) {
			start = c.path
			break
		}
	}
	v.Focus(start)
	for range 40 * n {
		if p := v.Focused(); p != "" {
			delete(want, p)
			c := v.cells[p]
			if y := c.y + c.top - v.scroll.Offset.Y; y < -1 || y > v.scroll.Size().Height {
				t.Fatalf("%s has the keys and lies at %v", p, y)
			}
		}
		if len(want) == 0 {
			break
		}
		w.Canvas().FocusNext()
	}
	if len(want) > 0 {
		t.Errorf("%d of %d fields are never reached: %v", len(want), n, want)
	}
}

// A button never says more than it has room for; what it leaves out stands above it.
func TestLongNamesOfRows(t *testing.T) {
	f, err := form.Parse([]byte(`{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "a", "label": {"de": "A"}, "items": [
		{"field": "f", "type": "text", "label": {"de": "Bitte laden Sie den bestehenden gewerberechtlichen Erlaubnisbescheid hoch, sofern er Ihnen vorliegt"}, "repeat": {}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	m, v, _ := show(t, f, fyne.NewSize(500, 400))
	a := v.adders["a/f"]
	if a.button.Text() != "Hinzufügen" || a.caption == nil || a.caption.Text() != a.what || a.button.Position().Y < a.caption.Position().Y+a.caption.Size().Height {
		t.Errorf("button %q, caption %v", a.button.Text(), a.caption)
	}
	m.AddRow("a/f")
	if a.button.Text() != "Weitere Angabe" || a.captionHeight(a.w) != 0 {
		t.Errorf("with a row: %q", a.button.Text())
	}
}
