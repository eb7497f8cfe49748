package sample

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/assets"
)

// contract is a paper of two pages, drawn at any resolution.
type contract struct{}

func (contract) Pages() int { return 2 }
func (contract) Close()     {}

func (contract) Size(ctx context.Context, _ int) (w, h float64, err error) {
	return 595, 842, ctx.Err()
}

type textLine struct {
	y, size float64
	bold    bool
	mark    bool
	text    string
}

var pages = [][]textLine{
	{
		{120, 22, true, false, "Schutzvertrag"},
		{165, 13, false, false, "zwischen dem Tierschutzverein Rüsselsheim e. V."},
		{184, 13, false, false, "und Herrn Emre Yıldız, Bahnhofstraße 12,"},
		{203, 13, false, false, "65428 Musterstadt."},
		{240, 13, false, true, "Rufname: Balu · Labrador-Mischling, Rüde,"},
		{259, 13, false, true, "geworfen März 2024, Chip 276 0981 0412 3344"},
		{296, 13, false, false, "Der Übernehmer verpflichtet sich, das Tier artgerecht zu"},
		{315, 13, false, false, "halten, es nicht weiterzugeben und jede Veränderung"},
		{334, 13, false, false, "anzuzeigen. Die Schutzgebühr beträgt 320,00 Euro und ist"},
		{353, 13, false, false, "bei Übergabe zu entrichten."},
		{400, 13, false, false, "Rüsselsheim, den 10. November 2026"},
		{470, 13, false, false, "________________________"},
		{490, 10, false, false, "Unterschrift des Übernehmers"},
	},
	{
		{120, 16, true, false, "Anlage: Pflege und Fütterung"},
		{165, 13, false, false, "Zwei Mahlzeiten am Tag, Auslauf, keine Zwingerhaltung."},
	},
}

var faces = sync.OnceValues(func() (regular, bold *opentype.Font) { return load("NotoSans-Regular.ttf"), load("NotoSans-Bold.ttf") })

func load(name string) *opentype.Font {
	b, err := assets.Files.ReadFile("fonts/" + name)
	if err != nil {
		return nil
	}
	f, err := opentype.Parse(b)
	if err != nil {
		return nil
	}
	return f
}

// Render draws a page; turned pages are shown empty.
func (contract) Render(ctx context.Context, page int, dpi float64, turns int) (*image.RGBA, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	scale := dpi / 72
	w, h := int(math.Round(595*scale)), int(math.Round(842*scale))
	if turns%2 == 1 {
		w, h = h, w
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	if turns%4 != 0 {
		return img, nil
	}
	for _, l := range pages[page%len(pages)] {
		write(img, l, scale)
	}
	return img, nil
}

func write(img *image.RGBA, l textLine, scale float64) {
	regular, bold := faces()
	f := regular
	if l.bold {
		f = bold
	}
	if f == nil {
		return
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: l.size * scale, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return
	}
	defer func() { _ = face.Close() }()
	x, y := 80*scale, l.y*scale
	d := font.Drawer{
		Dst: img, Src: image.NewUniform(color.RGBA{R: 0x22, G: 0x22, B: 0x22, A: 0xFF}), Face: face,
		Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)},
	}
	if l.mark {
		wide := float64(d.MeasureString(l.text)) / 64
		r := image.Rect(int(x-2*scale), int(y-l.size*scale), int(x+wide+2*scale), int(y+5*scale))
		draw.Draw(img, r, image.NewUniform(color.RGBA{R: 0xFF, G: 0xF1, B: 0xA8, A: 0xFF}), image.Point{}, draw.Src)
	}
	d.DrawString(l.text)
}
