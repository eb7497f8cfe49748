package capture_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/capture/sample"
	"schalter/ui/control"
)

// registerCounter is the screen with people in its register; the keys over the window are the desk's.
func registerCounter(t testing.TB) *counter {
	t.Helper()
	c := open(t, sample.Alike)
	c.keys.Release()
	c.keys = c.Keys
	c.keys.Bind(c.w.Canvas())
	t.Cleanup(c.keys.Release)
	c.keys.Enter("capture", c.Commands())
	return c
}

// says tells whether some label in sight has the words.
func says(o fyne.CanvasObject, words string) bool {
	if !o.Visible() {
		return false
	}
	switch o := o.(type) {
	case *control.Label:
		return strings.Contains(o.Text(), words)
	case *control.Pill:
		return strings.Contains(o.Text(), words)
	case *fyne.Container:
		return slices.ContainsFunc(o.Objects, func(x fyne.CanvasObject) bool { return says(x, words) })
	case fyne.Widget:
		return slices.ContainsFunc(test.WidgetRenderer(o).Objects(), func(x fyne.CanvasObject) bool { return says(x, words) })
	}
	return false
}

// over is what lies over the window, nil where nothing does.
func (c *counter) over() fyne.CanvasObject { return c.w.Canvas().Overlays().Top() }

func TestDuplicatesAreSaidQuietly(t *testing.T) {
	c := registerCounter(t)
	before := c.w.Canvas().Focused()
	if before == nil || !says(c.Object(), "Möglicherweise schon erfasst") || !says(c.Object(), "MS-1-26-00131") || !says(c.Object(), "gleich: Name und Geburtsdatum") {
		t.Fatal("nothing is said about the earlier case")
	}
	if c.over() != nil {
		t.Fatal("something lies over the window")
	}
	c.key(fyne.KeyF8, 0)
	if c.over() == nil || !says(c.over(), "Es wird nichts zusammengelegt") {
		t.Fatal("F8 does not show the cases")
	}
	c.key(fyne.KeyEscape, 0)
	if c.over() != nil || c.w.Canvas().Focused() != before {
		t.Fatal("Esc does not give the cursor back")
	}
	c.key(fyne.KeyF8, 0)
	c.key(fyne.KeyDelete, 0)
	if c.over() == nil || says(c.Object(), "MS-1-26-00131") {
		t.Error("what is something else is still warned of")
	}
	c.key(fyne.KeyDelete, 0)
	if c.over() != nil || says(c.Object(), "Möglicherweise schon erfasst") || c.w.Canvas().Focused() != before {
		t.Error("the warning stays though all cases are something else")
	}
	c.key(fyne.KeyF8, 0)
	if c.over() != nil {
		t.Error("F8 shows nothing that is there")
	}
}

func TestTakingAPersonWithTheKeys(t *testing.T) {
	c := registerCounter(t)
	tab := c.tab()
	family := tab.Text("halter/nachname")
	c.key(fyne.KeyF3, 0)
	if c.over() == nil || !says(c.over(), "geb. 02.05.1988") {
		t.Fatal("the register does not show who was typed already")
	}
	entry := c.w.Canvas().Focused().(*control.Entry)
	entry.SetText("")
	c.Settle()
	c.write("yildis el")
	if !says(c.over(), "Yıldız, Elâ") || says(c.over(), "Yıldız, Emre") {
		t.Fatal("not found by its sound")
	}
	c.key(fyne.KeyReturn, 0)
	if c.over() != nil || tab.Text("halter/vorname") != "Elâ" || tab.Text("halter/geburtsdatum") != "30.11.1991" || tab.Text("hund/rufname") != "Balu" {
		t.Fatalf("taken: %q %q", tab.Text("halter/vorname"), tab.Text("halter/geburtsdatum"))
	}
	if !says(c.Object(), "Zweck: Hund anmelden") {
		t.Error("what for is not said")
	}
	if c.w.Canvas().Focused() == nil {
		t.Error("the cursor is nowhere")
	}
	c.key(fyne.KeyZ, fyne.KeyModifierAlt)
	if tab.Text("halter/vorname") != "Emre" || tab.Text("halter/nachname") != family || says(c.Object(), "Zweck:") {
		t.Errorf("not taken back: %q", tab.Text("halter/vorname"))
	}

	// Without a purpose nobody is taken, and Esc leaves everything as it was.
	c.key(fyne.KeyF3, 0)
	c.key(fyne.KeyTab, 0) // the list
	c.key(fyne.KeyTab, 0)
	purpose := c.w.Canvas().Focused().(*control.Entry)
	purpose.SetText(" ")
	c.key(fyne.KeyReturn, 0)
	if c.over() == nil || c.w.Canvas().Focused() != fyne.Focusable(purpose) {
		t.Error("taken without a purpose")
	}
	c.key(fyne.KeyEscape, 0)
	if c.over() != nil || tab.Text("halter/vorname") != "Emre" {
		t.Error("Esc does not close the register")
	}
}
