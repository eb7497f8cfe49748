package formview

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/control"
	"schalter/ui/look"
)

// Beneath makes the sheet a [Host].
func (m *sheet) Beneath(path string) fyne.CanvasObject { return m.beneath[path] }

func TestSomethingOfTheModelsStandsBeneathItsField(t *testing.T) {
	m, v, w := show(t, dogForm(t), fyne.NewSize(640, 260))
	box := canvas.NewRectangle(look.Palette().Accent)
	box.SetMinSize(fyne.NewSize(10, 80))
	words := control.NewParagraph("", control.Body)
	below := control.Column(0, box, words)
	before := v.cells["hund/chip"].y
	m.beneath = map[string]fyne.CanvasObject{"halter/nachname": below}
	v.Relay()
	name, chip := v.cells["halter/nachname"], v.cells["hund/chip"]
	if below.Position().Y < name.bottom() || below.Position().Y+80 > chip.y || chip.y <= before || below.Size().Width < 500 {
		t.Errorf("at %v, %v; the field ends at %v, the next begins at %v", below.Position(), below.Size(), name.bottom(), chip.y)
	}
	one := chip.y
	words.SetText("Ein langer Satz, der nicht auf eine Zeile passt, weil er sehr viele Worte hat und mehr sagt, als man sagen muss.")
	v.Relay()
	if v.cells["hund/chip"].y <= one {
		t.Error("what grows gets no room")
	}
	v.Focus("halter/nachname")
	w.Canvas().FocusNext()
	w.Canvas().FocusNext()
	if v.Focused() != "halter/geburt" {
		t.Errorf("Tab leads to %q", v.Focused())
	}
	w.Canvas().FocusNext()
	if v.Focused() != "hund/chip" {
		t.Errorf("Tab past it leads to %q", v.Focused())
	}
	v.Focus("halter/nachname")
	if off, high := v.scroll.Offset.Y, v.scroll.Size().Height; below.Position().Y+below.Size().Height > off+high {
		t.Errorf("not in sight with its field: %v of %v from %v", below.Position(), high, off)
	}
	with := v.cells["hund/chip"].y
	m.beneath = nil
	v.Relay()
	if v.cells["hund/chip"].y > with-80 {
		t.Error("the room stays")
	}
}
