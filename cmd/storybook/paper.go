package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"

	"schalter/data/record"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
)

// newPaper shows a made-up letter in the real page view.
func newPaper(t *i18n.Texts, d record.Document, words bool) *pageview.View {
	at := func(f func()) { f() }
	v := pageview.New(t, at, at)
	v.Show(func(context.Context, string) (pageview.Document, error) {
		if words {
			return reading{24}, nil
		}
		return letter{d.Pages}, nil
	})
	return v
}

// letter is a page with grey lines where text would be.
type letter struct{ pages int }

func (l letter) Pages() int { return l.pages }
func (l letter) Close()     {}

func (l letter) Size(context.Context, int) (w, h float64, err error) { return 595, 842, nil }

func (l letter) Render(_ context.Context, _ int, dpi float64, _ int) (*image.RGBA, error) {
	k := dpi / 72
	img := image.NewRGBA(image.Rect(0, 0, int(595*k), int(842*k)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	bar := func(x, y, w, h float64, c color.Color) {
		draw.Draw(img, image.Rect(int(x*k), int(y*k), int((x+w)*k), int((y+h)*k)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	bar(70, 80, 180, 18, color.Gray{Y: 60})
	for i, w := range []float64{440, 430, 300, 0, 400, 380, 0, 450, 440, 445, 410, 200, 0, 0, 260} {
		bar(70, 130+float64(i)*24, w, 9, color.Gray{Y: 170})
	}
	bar(66, 126+4*24, 420, 40, color.NRGBA{R: 255, G: 241, B: 168, A: 255})
	bar(70, 130+4*24, 400, 9, color.Gray{Y: 120})
	bar(70, 130+5*24, 380, 9, color.Gray{Y: 120})
	bar(70, 560, 190, 1, color.Black)
	return img, nil
}
