package capture

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"schalter/ui/control"
)

// TestHeadlineLeavesOutWhatHasNoRoom holds that nothing in the head of a form is drawn over something else.
func TestHeadlineLeavesOutWhatHasNoRoom(t *testing.T) {
	test.NewTempApp(t)
	legal, state := control.NewShort("§ 15 HAG vom 23.10.2024", control.Muted), control.NewLabel("Gespeichert 14:30:11", control.Small)
	title := control.NewShort("Anzeige von Heimarbeit, für deren Durchführung besondere Vorschriften gelten", control.H1)
	box := container.New(headline{}, title, legal, state)
	for _, c := range []struct {
		width float32
		shown bool
	}{{620, false}, {1900, true}, {620, false}} {
		box.Resize(fyne.NewSize(c.width, 40))
		if legal.Visible() != c.shown {
			t.Errorf("%v wide: the grounds are shown: %v", c.width, legal.Visible())
		}
		if end := legal.Position().X + legal.Size().Width; c.shown && end > state.Position().X {
			t.Errorf("%v wide: the grounds end at %v, the state begins at %v", c.width, end, state.Position().X)
		}
	}
}
