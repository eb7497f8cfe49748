package capture_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/capture/sample"
	"schalter/ui/control"
)

// The cover sheet is printed by its key, and with every confirmation where that is wanted.
func TestCoverSheet(t *testing.T) {
	c := open(t, sample.Done)
	texts := german(t)
	c.key(fyne.KeyD, fyne.KeyModifierAlt)
	if c.Covers != 1 || !slices.Contains(c.said(), texts.T("capture.cover.shown")) {
		t.Errorf("%d sheets; the screen says %q", c.Covers, c.said())
	}
	c.key(fyne.KeyP, fyne.KeyModifierControl)
	if c.Covers != 1 {
		t.Error("a sheet that nobody wanted")
	}
	tick := tickOf(c, texts.T("capture.cover.with"))
	tick.Toggle()
	c.Settle()
	c.key(fyne.KeyP, fyne.KeyModifierControl)
	if c.Covers != 2 {
		t.Errorf("%d sheets", c.Covers)
	}
}

func tickOf(c *counter, text string) (found *control.Tick) {
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch x := o.(type) {
		case *control.Tick:
			if x.AccessibilityLabel() == text {
				found = x
			}
		case *fyne.Container:
			for _, y := range x.Objects {
				look(y)
			}
		case fyne.Widget:
			for _, y := range test.WidgetRenderer(x).Objects() {
				look(y)
			}
		}
	}
	look(c.w.Content())
	return found
}
