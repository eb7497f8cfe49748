package sample

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/page"
	"schalter/data/record"
)

// The states of the table on which pages are put in order.
const (
	Pages        State = "pages"         // scanned pages, one of them empty
	PagesMany    State = "pages-many"    // a thick file
	PagesCompare State = "pages-compare" // a page beside its original
	PagesFrame   State = "pages-frame"   // a page being cut
	Scanned      State = "scanned"       // the scanned paper beside the form
)

// paged are the states in which pages are put in order.
func paged(s State) bool {
	return s == Pages || s == PagesMany || s == PagesCompare || s == PagesFrame || s == Scanned
}

// scans are pages as a scanner sends them: crooked, empty, upside down.
type scans struct{}

// crooked is by how much the page of an original lies askew, in degrees.
func crooked(o record.Original) float64 {
	if strings.HasPrefix(o.Name, "schief") {
		return 2.4
	}
	return 0
}

// Draw draws a page as it came.
func (scans) Draw(ctx context.Context, o record.Original, _, size int) (*image.RGBA, error) {
	n := int(o.Blob.Size) % len(pages)
	if strings.HasPrefix(o.Name, "leer") {
		img := image.NewRGBA(image.Rect(0, 0, size*210/297, size))
		draw.Draw(img, img.Rect, image.NewUniform(color.Gray{Y: 0xF6}), image.Point{}, draw.Src)
		return img, ctx.Err()
	}
	img, err := contract{}.Render(ctx, n, float64(size)*72/842, 0)
	if err != nil {
		return nil, err
	}
	if a := crooked(o); a != 0 {
		return page.Lay(img, record.Sheet{Skew: a}, size), nil
	}
	return img, nil
}

// Look says what is on a page.
func (s scans) Look(ctx context.Context, o record.Original, p, dpi int) (page.Findings, error) {
	img, err := s.Draw(ctx, o, p, 1170)
	if err != nil {
		return page.Findings{}, err
	}
	return page.Look(img, 100), nil
}

// scan is a document of scanned pages, named by what they are.
func scan(title, proof string, names ...string) record.Document {
	d := record.Document{
		ID: record.NewID(), Title: title, Proof: proof, Source: record.SourceScan, Pages: len(names), MediaType: "application/pdf",
		Shown: record.BlobRef{Hash: record.HashOf([]byte(title)), Size: 310_000}, Made: now.Add(-3 * time.Minute), User: "M. Weber",
		Transfer: &record.Transfer{Time: now, User: "M. Weber", Device: "Kyocera ECOSYS M2040dn", Settings: "feeder gray 300 dpi A4", Pages: len(names)},
	}
	for i, n := range names {
		o := record.Original{Name: fmt.Sprintf("%s-%03d.png", n, i+1), MediaType: "image/png"}
		o.Blob = record.BlobRef{Hash: record.HashOf([]byte(title + o.Name)), Size: int64(i)}
		d.Originals = append(d.Originals, o)
		s := record.Sheet{Original: i, DPI: 300, Blank: n == "leer"}
		if a := crooked(o); a != 0 && i > 2 {
			s.Skew = -a
		}
		d.Sheets = append(d.Sheets, s)
	}
	return d
}

// papers are what the visitor has brought in the states of the table.
func papers(state State) []record.Document {
	if state == PagesMany {
		names := make([]string, 300)
		for i := range names {
			names[i] = "seite"
		}
		return []record.Document{scan("Schutzvertrag", "schutzvertrag", names...)}
	}
	a := scan("Schutzvertrag", "schutzvertrag", "seite", "leer", "schief", "seite", "schief", "seite")
	if state == Scanned {
		return []record.Document{a}
	}
	a.Sheets[3].Turns = 1
	a.Sheets[5].Crop = &record.Box{X0: 0.08, Y0: 0.1, X1: 0.92, Y1: 0.62}
	b := scan("Bescheid des Tierheims", "", "seite", "seite", "leer")
	b.Sheets[2].Out, b.Pages = true, 2
	return []record.Document{a, b}
}

// lay opens the table and does what the state shows.
func (d *Desk) lay(state State) {
	if state == Scanned {
		d.Model().Active().Select("schutzvertrag")
		d.Settle()
		return
	}
	d.press("capture.pages")
	key := func(names ...fyne.KeyName) {
		for _, k := range names {
			d.Keys.Type(k, 0)
			d.Settle()
		}
	}
	switch state {
	case PagesCompare:
		key(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyO)
	case PagesFrame:
		d.Keys.Type(fyne.KeyC, fyne.KeyModifierShift)
		key(fyne.KeyDown, fyne.KeyDown)
	case PagesMany:
		key(fyne.KeyPageDown, fyne.KeyPageDown)
		d.Keys.Type(fyne.KeyDown, fyne.KeyModifierShift)
	default:
		d.Keys.Type(fyne.KeyRight, fyne.KeyModifierShift)
	}
	d.Settle()
}
