package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/assets"
	"schalter/data/pdf"
)

func reader(b []byte) io.Reader { return bytes.NewReader(b) }

// prose is text that looks like a page of an office, the same for the same seed.
func prose(seed uint64, words int) string {
	r := rand.New(rand.NewPCG(7, seed))
	list := strings.Fields(`der Antrag die Satzung ein Bescheid über Steuer Gemeinde Halter Hund Frist Zahlung Anlage Nachweis und
		mit nach von Widerspruch Gebühr Monat Verwaltung Versicherung Haftpflicht Unterschrift wird ist kann Datum Stadt Ort`)
	var b strings.Builder
	for range words {
		b.WriteString(list[r.IntN(len(list))] + " ")
	}
	return b.String()
}

// textBook is a file of many pages of text.
func textBook() ([]byte, error) {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetFont("Helvetica", "", 11)
	p.SetAutoPageBreak(false, 0)
	latin := p.UnicodeTranslatorFromDescriptor("")
	for i := range thickPages {
		p.AddPage()
		p.CellFormat(0, 8, latin(fmt.Sprintf("Seite %d von %d", i+1, thickPages)), "", 1, "", false, 0, "")
		p.MultiCell(0, 5.5, latin(prose(uint64(i), 420)), "", "", false)
	}
	var b bytes.Buffer
	err := p.Output(&b)
	return b.Bytes(), err
}

// scanBook is a file of many scanned pages: A4, 300 dpi, grey, about 300 kB each. No two are the same file, or
// they would be written once.
func scanBook() ([]byte, error) {
	const different = 6
	var pages []pdf.Page
	for i := range different {
		jpg, err := scanned(uint64(i), false)
		if err != nil {
			return nil, err
		}
		pages = append(pages, pdf.Page{Image: jpg, MediaType: "image/jpeg", DPI: 300})
	}
	var all []pdf.Page
	for i := range thickPages {
		pg := pages[i%different]
		pg.Image = append(slices.Clip(pg.Image), byte(i), byte(i>>8))
		all = append(all, pg)
	}
	return bind(all...)
}

func bind(pages ...pdf.Page) ([]byte, error) {
	var b bytes.Buffer
	err := pdf.Write(&b, pages, pdf.Meta{Title: "Akte", Producer: "bench", Lang: "de-DE", Created: time.Unix(1_700_000_000, 0).UTC()})
	return b.Bytes(), err
}

// scanned is a page of text as a scanner sees it: a JPEG with the unrest of paper, or a PNG in black and
// white.
func scanned(seed uint64, blackAndWhite bool) ([]byte, error) {
	const w, h = 2480, 3508
	page := image.NewGray(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(3, seed))
	for i := range page.Pix {
		page.Pix[i] = 244
		if !blackAndWhite {
			page.Pix[i] += byte(r.IntN(3))
		}
	}
	if err := letters(page, prose(seed, 190)); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if !blackAndWhite {
		err := jpeg.Encode(&b, page, &jpeg.Options{Quality: 60})
		return b.Bytes(), err
	}
	two := image.NewPaletted(page.Rect, color.Palette{grey(255), grey(0)})
	for i, v := range page.Pix {
		if v < 128 {
			two.Pix[i] = 1
		}
	}
	err := png.Encode(&b, two)
	return b.Bytes(), err
}

// letters writes lines of text on a page.
func letters(page *image.Gray, text string) error {
	ttf, err := assets.Files.ReadFile("fonts/NotoSans-Regular.ttf")
	if err != nil {
		return err
	}
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 11, DPI: 300})
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: page, Src: image.NewUniform(grey(20)), Face: face, Dot: fixed.P(250, 300)}
	for word := range strings.FieldsSeq(text) {
		if d.Dot.X > fixed.I(page.Rect.Dx()-550) {
			d.Dot = fixed.Point26_6{X: fixed.I(250), Y: d.Dot.Y + fixed.I(66)}
		}
		d.DrawString(word + " ")
	}
	return face.Close()
}

func grey(v byte) color.Gray { return color.Gray{Y: v} }
