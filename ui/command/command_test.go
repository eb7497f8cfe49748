package command

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

type echo struct{}

func (echo) T(key string, _ ...any) string { return key }

func TestKeysGoToTheUppermostThatKnowsThem(t *testing.T) {
	var ran []string
	say := func(s string) func() { return func() { ran = append(ran, s) } }
	l := NewList(
		Command{ID: "help", Keys: []Key{Plain(fyne.KeyF1)}, Always: true, Run: say("help")},
		Command{ID: "find", Keys: []Key{Ctrl(fyne.KeyK)}, Run: say("find")},
		Command{ID: "off", Keys: []Key{Ctrl(fyne.KeyO)}, Enabled: func() bool { return false }, Run: say("off")},
	)
	l.Enter("screen", []Command{{ID: "open", Keys: []Key{Plain(fyne.KeyReturn)}, Run: say("open")}})

	for _, k := range []Key{Plain(fyne.KeyEnter), Ctrl(fyne.KeyK), Plain(fyne.KeyF1)} {
		if !l.Type(k.Name, k.Mod) {
			t.Errorf("%v found nothing", k)
		}
	}
	if l.Type(fyne.KeyO, fyne.KeyModifierControl) || l.Do("off") {
		t.Error("a command that is not enabled ran")
	}
	leave := l.Layer("layer", []Command{{ID: "close", Keys: []Key{Plain(fyne.KeyEscape)}, Run: say("close")}})
	if l.Type(fyne.KeyK, fyne.KeyModifierControl) || l.Type(fyne.KeyReturn, 0) {
		t.Error("a key went past the layer")
	}
	if !l.Type(fyne.KeyF1, 0) || !l.Type(fyne.KeyEscape, 0) {
		t.Error("help or the layer's own key did not run")
	}
	leave()
	if l.Layered() || !l.Type(fyne.KeyK, fyne.KeyModifierControl) {
		t.Error("the layer stayed")
	}
	want := []string{"open", "find", "help", "help", "close", "find"}
	if len(ran) != len(want) {
		t.Fatalf("ran %v, want %v", ran, want)
	}
	for i := range want {
		if ran[i] != want[i] {
			t.Fatalf("ran %v, want %v", ran, want)
		}
	}
}

func TestCanvasGivesItsKeys(t *testing.T) {
	test.NewApp()
	canvas := software.NewCanvas()
	n := map[string]int{}
	l := NewList(Command{ID: "undo", Keys: []Key{Ctrl(fyne.KeyZ)}, Run: func() { n["undo"]++ }})
	l.Bind(canvas)
	defer l.Release()
	l.Enter("s", []Command{
		{ID: "next", Keys: []Key{Ctrl(fyne.KeyReturn)}, Run: func() { n["next"]++ }},
		{ID: "scan", Keys: []Key{Plain(fyne.KeyF2)}, Run: func() { n["scan"]++ }},
	})
	c := canvas.(fyne.Shortcutable)
	c.TypedShortcut(&fyne.ShortcutUndo{})
	c.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl})
	c.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnter, Modifier: fyne.KeyModifierControl})
	canvas.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF2})
	if n["undo"] != 1 || n["next"] != 2 || n["scan"] != 1 {
		t.Errorf("ran %v", n)
	}
}

func TestMenuAndHelpShowTheSameList(t *testing.T) {
	on := true
	l := NewList(
		Command{ID: "case.new", Menu: "file", Keys: []Key{Ctrl(fyne.KeyN)}, Run: func() {}},
		Command{ID: "look.dark", Menu: "view", Sub: "menu.look", Checked: func() bool { return on }, Run: func() { on = !on }},
		Command{ID: "arrow", Keys: []Key{Plain(fyne.KeyDown)}, Hidden: true, Run: func() {}},
	)
	m := l.MainMenu(echo{})
	if len(m.Items) != 2 || m.Items[0].Items[0].Label != "command.case.new   (key.ctrl N)" {
		t.Fatalf("menu %+v", m.Items)
	}
	look := m.Items[1].Items[0]
	if look.ChildMenu == nil || !look.ChildMenu.Items[0].Checked {
		t.Error("the choice is not checked")
	}
	look.ChildMenu.Items[0].Action()
	if on {
		t.Error("the item did not run its command")
	}
	h := l.Help(echo{})
	if len(h) != 1 || len(h[0].Lines) != 1 || h[0].Lines[0].Caps[0] != "key.ctrl N" {
		t.Errorf("help %+v", h)
	}
}

func TestHelpBeginsWithTheLayer(t *testing.T) {
	l := NewList(Command{ID: "case.new", Keys: []Key{Ctrl(fyne.KeyN)}, Run: func() {}})
	leave := l.Layer("pages.title", []Command{
		{ID: "turn", Label: "Drehen", Keys: []Key{Plain(fyne.KeyR)}, Run: func() {}},
		{ID: "close", Keys: []Key{Plain(fyne.KeyEscape)}, Run: func() {}}, // has no name
	})
	h := l.Help(echo{})
	if len(h) != 2 || h[0].Title != "pages.title" || len(h[0].Lines) != 1 || h[0].Lines[0].Text != "Drehen" {
		t.Errorf("help %+v", h)
	}
	leave()
	if h := l.Help(echo{}); len(h) != 1 {
		t.Errorf("without the layer: %+v", h)
	}
}

func TestForwardFindsTheListOfTheCanvas(t *testing.T) {
	test.NewApp()
	w := test.NewWindow(nil)
	defer w.Close()
	ran := 0
	l := NewList(Command{ID: "scan", Keys: []Key{Plain(fyne.KeyF2)}, Run: func() { ran++ }})
	if Forward(w.Content(), Plain(fyne.KeyF2)) {
		t.Error("a canvas without a list took a key")
	}
	l.Bind(w.Canvas())
	if !Forward(w.Content(), Plain(fyne.KeyF2)) || Forward(w.Content(), Plain(fyne.KeyF3)) || ran != 1 {
		t.Errorf("ran %d times", ran)
	}
	l.Release()
	if Forward(w.Content(), Plain(fyne.KeyF2)) {
		t.Error("a released list took a key")
	}
}

// forgetful is a driver that no longer knows where anything stands.
type forgetful struct{ fyne.Driver }

func (forgetful) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return nil }

func TestWhatHasTheKeysKeepsThemWhenItIsNoLongerPainted(t *testing.T) {
	app := test.NewApp()
	a, b := widget.NewEntry(), widget.NewEntry()
	w := test.NewWindow(container.NewVBox(a, b))
	defer w.Close()
	w.Canvas().Focus(a)
	a.Hide()
	if c := canvasOf(forgetful{app.Driver()}, a); c != w.Canvas() {
		t.Errorf("the canvas of what has the keys is %v", c)
	}
	if c := canvasOf(forgetful{app.Driver()}, b); c != nil {
		t.Errorf("the canvas of what has no keys is %v", c)
	}
}
