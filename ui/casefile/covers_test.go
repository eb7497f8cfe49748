package casefile

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"schalter/data/record"
)

func (f *fixture) CanCover() bool { return true }

func (f *fixture) Cover(id record.ID, lang string, each bool) {
	what := "cover "
	if each {
		what = "covers "
	}
	f.prints = append(f.prints, what+lang+" "+string(id))
}

// The cover sheet is a key away, and where proofs are missing, one for each of them.
func TestCoverSheets(t *testing.T) {
	f := show(t, 0, 0, 0)
	press := func(m fyne.KeyModifier) {
		f.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyD, Modifier: m})
	}
	press(fyne.KeyModifierAlt)
	press(fyne.KeyModifierAlt | fyne.KeyModifierShift)
	want := []string{"cover de " + string(f.ID())}
	if f.letters.open {
		want = append(want, "covers de "+string(f.ID()))
	}
	if !slices.Equal(f.prints, want) {
		t.Errorf("printed %q, want %q", f.prints, want)
	}
}
