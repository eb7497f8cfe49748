package capture_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/ui/capture"
	"schalter/ui/capture/sample"
)

// tells reports whether something on the screen or in a layer says the words.
func (c *counter) tells(words string) bool {
	return c.shows(words) || slices.ContainsFunc(c.w.Canvas().Overlays().List(), func(o fyne.CanvasObject) bool { return stands(o, words) })
}

func TestTheCalendarStandsWhereTheHallIsBooked(t *testing.T) {
	c := open(t, sample.Hall)
	for _, words := range []string{
		"Belegung am Samstag, 12.06.2027: Bürgerhaus, Großer Saal", "! 18–23 TSV Musterstadt", "dieser Antrag 19–1", "Sa 12.6.", "! vergeben", "✓ frei", "○ teils frei",
		"von 18 bis 23 Uhr schon vergeben: MS-2-26-00031-1 TSV Musterstadt",
	} {
		if !c.tells(words) {
			t.Errorf("nothing says %q", words)
		}
	}
	c.tab().Type("saal/bis", "22")
	c.tab().Type("saal/von", "16:30")
	c.tab().Type("saal/tag", "13.6.2027")
	c.Settle()
	if c.tells("schon vergeben") || !c.tells("Belegung am Sonntag, 13.06.2027") {
		t.Error("the other day is not shown")
	}
	c.tab().Type("saal/tag", "")
	c.Settle()
	if !c.tells("Strg B zeigt die Belegung") {
		t.Error("without a day nothing leads to the calendar")
	}
}

func TestAFreeDayIsTakenFromTheMonth(t *testing.T) {
	c := open(t, sample.Hall)
	c.in("saal/tag")
	c.key(fyne.KeyB, fyne.KeyModifierControl)
	if !c.Keys.Layered() || !c.tells("Juni 2027") || !c.tells("gesucht: 19–1 Uhr") || !c.tells("18–23  MS-2-26-00031-1  TSV Musterstadt  Sommerball") {
		t.Fatal("the month is not shown")
	}
	c.key(fyne.KeyReturn, 0)
	if !c.Keys.Layered() || !c.tells("Wählen Sie einen anderen Tag") {
		t.Error("a day that is taken was taken over")
	}
	c.key(fyne.KeyRight, 0)
	if !c.tells("Am Sonntag, 13.06.2027, ist hier noch nichts gebucht.") {
		t.Error("the day is not described")
	}
	c.key(fyne.KeyPageDown, 0)
	c.key(fyne.KeyUp, 0)
	if !c.tells("Juli 2027") || !c.tells("Am Dienstag, 06.07.2027") {
		t.Error("not in July")
	}
	grid := c.w.Canvas().Focused()
	grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	c.Settle()
	if !c.tells("Belegung: Bürgerhaus, Kleiner Saal") {
		t.Error("Tab does not lead to the next hall")
	}
	c.key(fyne.KeyReturn, 0)
	if c.Keys.Layered() || c.tab().Text("saal/tag") != "06.07.2027" || c.tab().Session().State("saal/raum").Value != "klein" {
		t.Errorf("taken: %q in %q", c.tab().Text("saal/tag"), c.tab().Session().State("saal/raum").Value)
	}
	if c.tells("schon vergeben") || c.tab().Focus() != "saal/tag" {
		t.Errorf("cursor in %q", c.tab().Focus())
	}
	if !c.tab().Undo("saal/tag") || c.tab().Text("saal/tag") != "12.06.2027" {
		t.Errorf("undone to %q", c.tab().Text("saal/tag"))
	}
}

func TestEscLeavesTheMonthAsItWas(t *testing.T) {
	c := open(t, sample.Month)
	c.Settle()
	if !c.Keys.Layered() {
		t.Fatal("the month is not shown")
	}
	c.key(fyne.KeyRight, 0)
	c.Keys.Type(fyne.KeyEscape, 0)
	if c.tab().Text("saal/tag") != "12.06.2027" {
		t.Errorf("the day is %q", c.tab().Text("saal/tag"))
	}
}

func TestTheCasesOfABundleStandOnTheConfirmation(t *testing.T) {
	c := open(t, sample.Bundle)
	if c.tab().Phase() != capture.Done || len(c.tab().Cases()) != 4 {
		t.Fatalf("phase %v, open %+v", c.tab().Phase(), c.tab().Findings())
	}
	texts := german(t)
	for _, k := range c.tab().Cases() {
		if !c.tells(k.Number) || !c.tells(texts.Name(k.Title)) {
			t.Errorf("%s %s is not named", k.Number, texts.Name(k.Title))
		}
	}
	if !c.tells(texts.N("capture.missing", 3, "names", "")[:20]) {
		t.Error("what is missing is not said, or is counted for every case")
	}
	c.key(fyne.KeyP, fyne.KeyModifierControl)
	if !c.tells(texts.T("capture.shown")) {
		t.Error("nothing was printed")
	}
}
