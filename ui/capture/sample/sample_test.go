package sample_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/ui/capture/sample"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// TestEveryStateIsDrawn draws every state in every look and language. With SCHALTER_PICTURES set to a
// folder the pictures are kept there to be looked at, with SCHALTER_PICK only those whose name matches.
func TestEveryStateIsDrawn(t *testing.T) {
	forms, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	dir, pick := os.Getenv("SCHALTER_PICTURES"), "*"
	if p := os.Getenv("SCHALTER_PICK"); p != "" {
		pick = p
	}
	looks := []look.Kind{look.Light}
	sizes := []fyne.Size{fyne.NewSize(1366-208, 768-48-30)}
	langs := []string{"de"}
	if dir != "" {
		looks = look.Kinds()
		sizes = append(sizes, fyne.NewSize(1920-208, 1080-78))
		langs = append(langs, "en")
	}
	app := test.NewApp()
	for _, lang := range langs {
		texts, err := i18n.Load(assets.Files, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range looks {
			for _, size := range sizes {
				for _, state := range sample.States() {
					name := fmt.Sprintf("%s-%s-%s-%.0f.png", state, lang, kind, size.Width+208)
					if ok, _ := filepath.Match(pick, name); !ok {
						continue
					}
					look.Apply(app, kind, 100)
					d := sample.New(texts, forms, state)
					w := test.NewWindow(d.Object())
					w.SetPadded(false)
					w.Resize(size)
					d.Shown()
					d.Settle()
					img := w.Canvas().Capture()
					if b := img.Bounds(); b.Dx() != int(size.Width) || b.Dy() != int(size.Height) {
						t.Errorf("%s: the screen needs %v, there is %v", state, b, size)
					}
					if dir != "" {
						f, err := os.Create(filepath.Join(dir, name))
						if err != nil {
							t.Fatal(err)
						}
						if err := png.Encode(f, img); err != nil {
							t.Fatal(err)
						}
						_ = f.Close()
					}
					w.Close()
				}
			}
		}
	}
}
