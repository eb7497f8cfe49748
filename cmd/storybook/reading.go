package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"strconv"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/look"
	"schalter/ui/pageview"
)

// reading is a paper of many pages with words on them, to be read, searched and marked.
type reading struct{ pages int }

const (
	readingLeft   = 71.0
	readingTop    = 96.0
	readingSize   = 11.0
	readingLeaded = 17.0
)

var contract = strings.Split(`Schutzvertrag über die Abgabe eines Hundes

zwischen dem Tierheim Musterstadt e. V., Am Wald 3, 65999 Musterstadt,
und Frau Aylin Yıldız, Lindenstraße 14, 65999 Musterstadt.

§ 1 Gegenstand
Das Tierheim übergibt die Hündin „Bella“, Mischling, geboren am 12. März 2023,
Farbe schwarz-weiß, Kennzeichnung durch Mikrochip 276 0981 0234 5678.
Die Hundesteuer entrichtet die neue Halterin; die Anmeldung bei der Gemeinde
ist binnen zwei Wochen vorzunehmen.

§ 2 Haltung
Der Hund ist artgerecht zu halten. Zwinger- und Kettenhaltung sind nicht er-
laubt. Ein Wechsel der Straße oder des Wohnortes ist dem Tierheim mitzuteilen.

§ 3 Rückgabe
Kann die Halterin den Hund nicht behalten, gibt sie ihn dem Tierheim zurück.
Eine Weitergabe an Dritte bedarf der Zustimmung.

Musterstadt, den 20. November 2026`, "\n")

// face is the house's font in a size; loaded once, since every picture draws with it.
var face = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(look.Current().Font(fyne.TextStyle{}).Content())
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
})

func sized(points, dpi float64) font.Face {
	f, err := opentype.NewFace(face(), &opentype.FaceOptions{Size: points, DPI: dpi, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return f
}

func (r reading) Pages() int { return r.pages }
func (r reading) Close()     {}

func (r reading) Size(context.Context, int) (w, h float64, err error) { return 595, 842, nil }

func (r reading) Words(context.Context, int) ([]page.Word, error) {
	f := sized(readingSize, 72)
	blank := float64(font.MeasureString(f, " ")) / 64
	var out []page.Word
	for i, line := range contract {
		x, y := readingLeft, readingTop+float64(i)*readingLeaded
		for word := range strings.FieldsSeq(line) {
			wide := float64(font.MeasureString(f, word)) / 64
			out = append(out, page.Word{Text: word, X0: x, X1: x + wide, Y0: y - readingSize, Y1: y + 3, Line: i})
			x += wide + blank
		}
	}
	return out, nil
}

// Contents are an outline whose pages are counted as books do.
func (r reading) Contents(context.Context) (page.Contents, error) {
	c := page.Contents{Outline: []page.Heading{
		{Title: "Vorblatt"},
		{Title: "Schutzvertrag über die Abgabe eines Hundes", Page: 4},
		{Title: "§ 1 Gegenstand", Depth: 1, Page: 4, Top: 180},
		{Title: "§ 2 Haltung und was dazu noch zu sagen ist", Depth: 1, Page: 5},
		{Title: "Verbotene Formen der Haltung", Depth: 2, Page: 5, Top: 300},
		{Title: "§ 3 Rückgabe", Depth: 1, Page: 8},
		{Title: "Anlagen", Page: 14},
	}, Files: []string{"vertrag.xml", "foto-bella.jpg"}}
	for i := range r.pages {
		label := strconv.Itoa(i - 3)
		if i < 4 {
			label = []string{"i", "ii", "iii", "iv"}[i]
		}
		c.Labels = append(c.Labels, label)
	}
	return c, nil
}

// Links lead within the paper and out of it.
func (r reading) Links(context.Context, int) ([]page.Link, error) {
	return []page.Link{
		{X0: readingLeft, Y0: readingTop + 4*readingLeaded, X1: readingLeft + 110, Y1: readingTop + 5*readingLeaded, Page: 8},
		{X0: readingLeft, Y0: readingTop + 8*readingLeaded, X1: readingLeft + 240, Y1: readingTop + 9*readingLeaded, Page: -1, Address: "https://www.musterstadt.example/hundesteuer"},
	}, nil
}

func (r reading) Render(_ context.Context, number int, dpi float64, turns int) (*image.RGBA, error) {
	k := dpi / 72
	img := image.NewRGBA(image.Rect(0, 0, int(595*k+0.5), int(842*k+0.5)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{Y: 30}), Face: sized(readingSize, dpi)}
	for i, line := range contract {
		d.Dot = fixed.Point26_6{X: fixed.Int26_6(readingLeft * k * 64), Y: fixed.Int26_6((readingTop + float64(i)*readingLeaded) * k * 64)}
		d.DrawString(line)
	}
	draw.Draw(img, image.Rect(int(70*k), int(560*k), int((90+float64(number%7)*30)*k), int(561*k+1)), image.Black, image.Point{}, draw.Src)
	for range turns % 4 {
		img = quarter(img)
	}
	return img, nil
}

func quarter(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.Rect.Dy(), m.Rect.Dx()))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			out.SetRGBA(m.Rect.Dy()-1-y, x, m.RGBAAt(x, y))
		}
	}
	return out
}

// read opens a case with a paper of 24 pages.
func (s *stage) read(do func(v *pageview.View)) {
	s.reading = true
	s.open()
	s.key(fyne.KeyReturn)
	s.settle()
	s.settle()
	do(s.paper)
	s.settle()
}

var readingMarks = []record.Mark{
	{ID: "m1", Kind: record.MarkStamp, Page: 0, Boxes: []record.Box{{X0: 0.6, Y0: 0.02, X1: 0.95, Y1: 0.075}}, Text: "Eingegangen am 23.11.2026\nStadt Musterstadt"},
	{ID: "m2", Kind: record.MarkHighlight, Page: 0, Boxes: []record.Box{{X0: 0.118, Y0: 0.262, X1: 0.78, Y1: 0.28}, {X0: 0.118, Y0: 0.282, X1: 0.45, Y1: 0.3}}},
	{ID: "m3", Kind: record.MarkBlack, Page: 0, Boxes: []record.Box{{X0: 0.36, Y0: 0.161, X1: 0.63, Y1: 0.181}}},
	{ID: "m4", Kind: record.MarkNote, Page: 0, Boxes: []record.Box{{X0: 0.62, Y0: 0.36, X1: 0.97, Y1: 0.46}}, Text: "Chipnummer mit dem Heimtierausweis verglichen, stimmt. Rückfrage wegen des Geburtsdatums ist noch offen."},
}

// init adds the pictures of the paper being read.
func init() {
	stories = append(stories,
		story{"paper-continuous", func(s *stage) {
			s.read(func(v *pageview.View) { v.Fit(); v.Zoom(-1); v.Zoom(-1); v.Zoom(-1); v.Go(7) })
		}},
		story{"paper-thumbs", func(s *stage) { s.read(func(v *pageview.View) { v.ShowThumbs(true); s.settle(); v.Go(3) }) }},
		story{"paper-select", func(s *stage) {
			s.read(func(v *pageview.View) { v.Focus(); s.combo(fyne.KeyA, ctrl) })
		}},
		story{"paper-find", func(s *stage) { s.read(func(v *pageview.View) { v.Find(); s.typed("strasse") }) }},
		story{"paper-find-none", func(s *stage) { s.read(func(v *pageview.View) { v.Find(); s.typed("katze") }) }},
		story{"paper-goto", func(s *stage) { s.read(func(v *pageview.View) { v.GoTo(); s.typed("99"); s.key(fyne.KeyReturn) }) }},
		story{"paper-words", func(s *stage) { s.read(func(v *pageview.View) { v.MarkWords([]string{"hund", "Rückgabe"}) }) }},
		story{"paper-marks", func(s *stage) { s.read(func(v *pageview.View) { v.SetMarks(readingMarks) }) }},
		story{"paper-marks-turned", func(s *stage) { s.read(func(v *pageview.View) { v.SetMarks(readingMarks); v.Rotate() }) }},
		story{"paper-outline", func(s *stage) { s.read(func(v *pageview.View) { v.ShowOutline(true); s.settle(); v.Go(6) }) }},
		story{"paper-link", func(s *stage) {
			s.read(func(v *pageview.View) { v.Focus(); s.settle(); s.typed("ll") })
		}},
		story{"paper-tool", func(s *stage) {
			s.read(func(v *pageview.View) { v.SetTool(record.MarkStamp); s.key(fyne.KeyDown); s.key(fyne.KeyRight) })
		}},
	)
}
