package pageview

import (
	"context"
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/page"
	"schalter/ui/look"
)

// thick is a paper of many pages that costs nothing to draw.
type thick struct {
	pages int
	blank *image.RGBA
	words []page.Word
}

func newThick(pages int) *thick {
	d := &thick{pages: pages, blank: image.NewRGBA(image.Rect(0, 0, 600, 849))}
	for i, w := range strings.Fields(strings.Repeat("Die Hundesteuer wird für ein Kalenderjahr erhoben und ist in der Straße des Müllers fällig ", 30)) {
		d.words = append(d.words, page.Word{Text: w, X0: float64(i%12) * 45, X1: float64(i%12)*45 + 40, Y0: float64(i/12) * 20, Y1: float64(i/12)*20 + 12, Line: i / 12})
	}
	return d
}

func (d *thick) Pages() int { return d.pages }
func (d *thick) Close()     {}

func (d *thick) Size(context.Context, int) (float64, float64, error) { return 595, 842, nil }

func (d *thick) Render(context.Context, int, float64, int) (*image.RGBA, error) { return d.blank, nil }

func (d *thick) Words(context.Context, int) ([]page.Word, error) { return d.words, nil }

func thickView(b *testing.B, pages int) *View {
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	at := func(f func()) { f() }
	v := New(texts(b, "de"), at, at)
	w := test.NewWindow(v.Object())
	b.Cleanup(w.Close)
	w.Resize(fyne.NewSize(700, 900))
	d := newThick(pages)
	v.Show(func(context.Context, string) (Document, error) { return d, nil })
	return v
}

// BenchmarkTurn is what the window's goroutine does to turn a page of 5,000.
func BenchmarkTurn(b *testing.B) {
	v := thickView(b, 5000)
	v.ShowThumbs(true)
	for b.Loop() {
		if page, of := v.Page(); page == of {
			v.Go(1)
		}
		v.Down()
	}
}

// BenchmarkScroll moves by one notch of the wheel.
func BenchmarkScroll(b *testing.B) {
	v := thickView(b, 5000)
	for b.Loop() {
		if !v.m.Scroll(0, 30) {
			v.Go(1)
		}
	}
}

// BenchmarkFind looks for a word in 1,000 pages of 450 words that were not read before.
func BenchmarkFind(b *testing.B) {
	v := thickView(b, 1000)
	for b.Loop() {
		v.m.lib = newLibrary(v.m.doc)
		v.m.find.start("strasse des", v.m.lib, 1000, 0)
		if v.m.find.done != 1000 {
			b.Fatal("not everything was looked at")
		}
	}
}
