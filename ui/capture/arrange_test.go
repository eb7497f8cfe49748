package capture_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"schalter/ui/capture/sample"
)

func TestPagesAreOrderedOverTheWindow(t *testing.T) {
	c := open(t, sample.Scanned)
	id := c.tab().Slots()[0].Papers[0].ID
	out := func() int {
		d, _ := c.tab().Paper(id)
		n := 0
		for _, s := range d.Sheets {
			if s.Out {
				n++
			}
		}
		return n
	}
	layer := func(k fyne.KeyName, m fyne.KeyModifier) {
		t.Helper()
		if !c.Keys.Type(k, m) {
			t.Fatalf("no command lies on %s", k)
		}
		c.Settle()
	}
	c.key(fyne.KeyF12, 0)
	if c.w.Canvas().Overlays().Top() == nil {
		t.Fatal("the table is not shown")
	}
	layer(fyne.KeyRight, 0)
	layer(fyne.KeyDelete, 0)
	if d, _ := c.tab().Paper(id); out() != 1 || d.Pages != 5 || d.Transfer.Out != 1 {
		t.Fatalf("%d pages are out: %+v", out(), d)
	}
	layer(fyne.KeyU, 0)
	if d, _ := c.tab().Paper(id); !d.Transfer.Match {
		t.Error("the clerk has not vouched for the scan")
	}
	layer(fyne.KeyEscape, 0)
	if c.w.Canvas().Overlays().Top() != nil {
		t.Fatal("Esc does not lead back")
	}
	// The steps are there after the table was put away.
	c.key(fyne.KeyF12, 0)
	layer(fyne.KeyZ, fyne.KeyModifierControl)
	if out() != 0 {
		t.Error("the step is not taken back")
	}
	layer(fyne.KeyEscape, 0)
}
