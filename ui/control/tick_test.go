package control

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/ui/command"
	"schalter/ui/look"
)

func TestTickIsChangedWithSpaceAndMouse(t *testing.T) {
	told := []bool{}
	x := NewTick("Mitnehmen", func(on bool) { told = append(told, on) })
	w := window(t, Column(8, x), 300, 100)
	left := 0
	l := command.NewList(command.Command{ID: "leave", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Run: func() { left++ }})
	l.Bind(w.Canvas())
	defer l.Release()
	if x.On() || x.MinSize().Height < look.Target {
		t.Errorf("on %v, %v", x.On(), x.MinSize())
	}
	w.Canvas().Focus(x)
	x.TypedKey(key(fyne.KeySpace))
	if !x.On() || x.AccessibilityLabel() == "Mitnehmen" {
		t.Errorf("Space does not tick: %q", x.AccessibilityLabel())
	}
	test.Tap(x)
	x.TypedKey(key(fyne.KeyEscape))
	if x.On() || left != 1 || len(told) != 2 || !told[0] || told[1] {
		t.Errorf("on %v, left %d, told %v", x.On(), left, told)
	}
	narrow := x.MinSize().Width
	x.Set("Bankverbindung mitnehmen", true)
	if !x.On() || len(told) != 2 || x.MinSize().Width <= narrow {
		t.Error("Set tells, or the words do not fit")
	}
}
