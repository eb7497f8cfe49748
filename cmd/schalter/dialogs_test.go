package main

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"schalter/assets"
	"schalter/ui/capture"
	"schalter/ui/command"
	"schalter/ui/desk"
	"schalter/ui/i18n"
)

// While the clerk chooses a folder or a file, no key does anything on the screen beneath; Esc leaves the dialog, which
// speaks as the desk does.
func TestADialogHasAllKeys(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("beneath"))
	w.Resize(fyne.NewSize(1366, 768))
	texts, err := i18n.Load(assets.Files, "de")
	must(t, err)
	keys := command.NewList()
	beneath := 0
	keys.Enter("screen", []command.Command{{ID: "beneath", Keys: []command.Key{command.Plain(fyne.KeyReturn)}, Run: func() { beneath++ }}})
	d := newDialogs(desk.Host{Window: w, Keys: keys, Texts: texts})
	ways := map[string]func(left func()){
		"folder": func(left func()) { d.Folder(func(string, error) { left() }) },
		"file":   func(left func()) { d.file([]string{".pdf"}, func([]capture.Source, error) { left() }) },
	}
	for name, ask := range ways {
		t.Run(name, func(t *testing.T) {
			before, left := beneath, 0
			ask(func() { left++ })
			if keys.Type(fyne.KeyReturn, 0); beneath != before {
				t.Error("Enter acted beneath the dialog")
			}
			top := w.Canvas().Overlays().Top()
			if top == nil {
				t.Fatal("no dialog")
			}
			var said string
			for _, o := range test.LaidOutObjects(top) {
				if b, ok := o.(*widget.Button); ok {
					said += b.Text + "\n"
				}
			}
			if !strings.Contains(said, "Öffnen") || !strings.Contains(said, "Abbrechen") {
				t.Errorf("says %q", said)
			}
			if !keys.Type(fyne.KeyEscape, 0) || left != 1 || w.Canvas().Overlays().Top() != nil {
				t.Errorf("Esc left it %d times", left)
			}
			if keys.Layered() || !keys.Type(fyne.KeyReturn, 0) || beneath != before+1 {
				t.Error("the screen did not get its keys back")
			}
		})
	}
}
