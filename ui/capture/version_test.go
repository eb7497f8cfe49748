package capture_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/capture"
	"schalter/ui/capture/sample"
	"schalter/ui/control"
)

// shows tells whether words stand on the screen, and in nothing that is hidden.
func (c *counter) shows(words string) bool { return stands(c.Object(), words) }

func stands(o fyne.CanvasObject, words string) bool {
	if !o.Visible() {
		return false
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *control.Label:
		return strings.Contains(o.Text(), words)
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	return slices.ContainsFunc(inside, func(o fyne.CanvasObject) bool { return stands(o, words) })
}

func TestTheClerkDecidesAboutANewVersion(t *testing.T) {
	c := open(t, sample.Version)
	for _, words := range []string{"jetzt die Fassung 9.0.0", "mit der Fassung 1.0.0 begonnen", "kommt in die Notiz: Farbe „schwarz mit weißer Brust“", "Neu gefragt: Kastriert (Pflicht) · Tierarztpraxis"} {
		if !c.shows(words) {
			t.Errorf("%q does not stand there: %q", words, c.said())
		}
	}
	tab := c.tab()
	if tab.Form().Version != "1.0.0" || tab.Text("hund/farbe") != "schwarz mit weißer Brust" {
		t.Fatal("something was changed before she decided")
	}

	// She types on: what she has read is not what would be lost now, so she is shown that first.
	tab.Enter("hund/farbe")
	tab.Type("hund/farbe", "schwarz")
	c.Settle()
	if !c.shows("Farbe „schwarz mit weißer Brust“") {
		t.Error("the strip follows every key")
	}
	c.key(fyne.KeyU, fyne.KeyModifierAlt)
	if tab.Form().Version != "1.0.0" || !c.shows("Farbe „schwarz“") {
		t.Fatalf("%s, %q", tab.Form().Version, c.said())
	}
	c.key(fyne.KeyU, fyne.KeyModifierAlt)
	d, err := c.Store.Draft(t.Context(), tab.ID())
	if err != nil || tab.Form().Version != "9.0.0" || d.Form.Version != "9.0.0" || !strings.Contains(d.Note, "von Fassung 1.0.0 auf 9.0.0 entfallen:\nFarbe: schwarz") {
		t.Fatalf("%s, %+v, %v", tab.Form().Version, d, err)
	}
	if tab.Text("hund/rufname") != "Balu" || tab.Text("hund/farbe") != "" || c.shows("jetzt die Fassung") || !c.shows("mit Notiz") {
		t.Errorf("after the change: %q", c.said())
	}

	// And back, as long as the message stands.
	c.key(fyne.KeyZ, fyne.KeyModifierAlt)
	d, err = c.Store.Draft(t.Context(), tab.ID())
	if err != nil || tab.Form().Version != "1.0.0" || tab.Text("hund/farbe") != "schwarz" || d.Form.Version != "1.0.0" || d.Note != "" {
		t.Errorf("taken back: %s, %+v, %v", tab.Form().Version, d, err)
	}
	if !c.shows("jetzt die Fassung 9.0.0") {
		t.Error("the choice is not offered again")
	}
}

// Once a field is left, what is read is what would be lost: she need not say it twice.
func TestTheChoiceFollowsTheAnswers(t *testing.T) {
	c := open(t, sample.Version)
	tab := c.tab()
	tab.Enter("hund/farbe")
	tab.Type("hund/farbe", "schwarz")
	tab.Leave("hund/farbe")
	c.Settle()
	if !c.shows("Farbe „schwarz“") {
		t.Errorf("%q", c.said())
	}
	c.key(fyne.KeyU, fyne.KeyModifierAlt)
	if tab.Form().Version != "9.0.0" {
		t.Errorf("%s, %q", tab.Form().Version, c.said())
	}
}

// What came after the change is not taken back with it.
func TestGoingBackLosesNothingTypedSince(t *testing.T) {
	for name, change := range map[string]func(*capture.Tab){
		"typed":  func(tab *capture.Tab) { tab.Type("hund/rufname", "Bello") },
		"reason": func(tab *capture.Tab) { tab.Override("proof:haftpflicht", "kommt nach") },
	} {
		c := open(t, sample.Version)
		tab := c.tab()
		c.key(fyne.KeyU, fyne.KeyModifierAlt)
		if tab.Form().Version != "9.0.0" || !c.shows("Auf die Fassung 9.0.0 umgestellt") {
			t.Fatalf("%s: %s, %q", name, tab.Form().Version, c.said())
		}
		change(tab)
		c.Settle()
		if c.shows("Auf die Fassung 9.0.0 umgestellt") {
			t.Errorf("%s: it is still offered", name)
		}
		c.key(fyne.KeyZ, fyne.KeyModifierAlt)
		if tab.Form().Version != "9.0.0" {
			t.Errorf("%s: %s", name, tab.Form().Version)
		}
	}
}

func TestTheOldVersionMayStay(t *testing.T) {
	c := open(t, sample.Version)
	tab := c.tab()
	c.key(fyne.KeyW, fyne.KeyModifierAlt)
	if c.shows("jetzt die Fassung") || tab.Form().Version != "1.0.0" {
		t.Errorf("%s, %q", tab.Form().Version, c.said())
	}
	// The other visitor's draft is of a form without a newer version; coming back she is not asked again.
	c.key(fyne.KeyTab, fyne.KeyModifierControl)
	if c.shows("jetzt die Fassung") {
		t.Errorf("%q", c.said())
	}
	c.key(fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift)
	if c.tab() != tab || c.shows("jetzt die Fassung") {
		t.Errorf("%q", c.said())
	}
	d, err := c.Store.Draft(t.Context(), tab.ID())
	if err != nil || d.Form.Version != "1.0.0" || d.Note != "" {
		t.Errorf("%+v %v", d, err)
	}
}
