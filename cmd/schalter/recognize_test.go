package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/assets"
	"schalter/data/intake"
	"schalter/data/page/ocr"
	"schalter/data/record"
)

// letterOf is a page with lines of text, as a scanner gives it at 200 dpi.
func letterOf(t *testing.T, lines ...string) []byte {
	t.Helper()
	b, err := assets.Files.ReadFile("fonts/NotoSans-Regular.ttf")
	must(t, err)
	f, err := opentype.Parse(b)
	must(t, err)
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: 200, Hinting: font.HintingFull})
	must(t, err)
	g := image.NewGray(image.Rect(0, 0, 1300, 700))
	draw.Draw(g, g.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, l := range lines {
		d := font.Drawer{Dst: g, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(80, 120+90*i)}
		d.DrawString(l)
	}
	var out bytes.Buffer
	must(t, png.Encode(&out, g))
	return out.Bytes()
}

// What lies on a scan, and on a picture inside a file, is found by its words a moment after it was filed, at a
// desk without a centre; the scan's PDF has the words in it.
func TestWordsOfScansAreFound(t *testing.T) {
	if a, err := (&ocr.Engine{}).About(t.Context()); err != nil || !a.Has("deu") {
		t.Skip("tesseract-ocr and tesseract-ocr-deu are not installed:", err)
	}
	h := newHouse(t)
	door := &door{ctx: t.Context()}
	must(t, door.prepare())
	t.Cleanup(door.paper.Close)
	in := &intake.Intake{Blobs: h.blobs, Viewer: viewer{door.paper}, Clock: record.SystemClock}
	scan := record.Document{ID: record.NewID(), Title: "Vertrag", Source: record.SourceScan, MediaType: "application/pdf"}
	for i, line := range []string{"Der Schutzvertrag wurde übergeben.", "Die Haftpflichtversicherung besteht."} {
		ref, err := h.blobs.Put(t.Context(), bytes.NewReader(letterOf(t, "Stadt Musterstadt, Bürgerbüro", line, "Mit freundlichen Grüßen")))
		must(t, err)
		scan.Originals = append(scan.Originals, record.Original{Name: "seite.png", MediaType: "image/png", Blob: ref})
		scan.Sheets = append(scan.Sheets, record.Sheet{Original: i, DPI: 200})
	}
	var err error
	scan.Shown, scan.Pages, err = in.Bind(t.Context(), scan)
	must(t, err)
	var picture record.Document
	{
		other := scan
		other.Sheets = []record.Sheet{{Original: 0, DPI: 200}}
		ref, _, err := in.Bind(t.Context(), other)
		must(t, err)
		b, err := h.blobs.ReadAll(ref.Hash, 1<<24)
		must(t, err)
		res, err := in.Import(t.Context(), "bescheid.pdf", int64(len(b)), bytes.NewReader(b), nil)
		must(t, err)
		picture = record.Document{
			ID: record.NewID(), Title: "Bescheid", Source: record.SourceImport, MediaType: res.MediaType, Shown: res.Shown, Pages: res.Pages,
			Originals: []record.Original{res.Original}, Text: res.Text,
		}
	}
	matter := record.NewID()
	_, err = h.store.Apply(t.Context(),
		record.Edit{Case: matter, Kind: record.KindOpen, User: "Weber", Payload: record.Opened{Service: "hund"}},
		record.Edit{Case: matter, Kind: record.KindDocument, User: "Weber", Payload: record.DocumentAdded{Document: scan}},
		record.Edit{Case: matter, Kind: record.KindDocument, User: "Weber", Payload: record.DocumentAdded{Document: picture}})
	must(t, err)

	l := newLine(t.Context(), h)
	t.Cleanup(l.close)
	door.read(h, l)
	var hit record.Hit
	waitFor(t, h, func() bool {
		hits, err := h.store.Find(t.Context(), "haftpflicht", 5)
		must(t, err)
		if len(hits) > 0 {
			hit = hits[0]
		}
		return len(hits) > 0
	})
	if hit.Doc != scan.ID || hit.Page != 2 || hit.Case.ID != matter {
		t.Errorf("%+v", hit)
	}
	var c record.Case
	waitFor(t, h, func() bool {
		c, err = h.store.Case(t.Context(), matter)
		must(t, err)
		return c.Documents[0].Text.Hash != "" && c.Documents[1].Text.Hash != ""
	})
	if c.Documents[1].Shown != picture.Shown {
		t.Errorf("the file was rewritten: %+v", c.Documents[1])
	}
	file, err := h.blobs.ReadAll(c.Documents[0].Shown.Hash, 1<<24)
	must(t, err)
	d, err := door.paper.Open(t.Context(), file, "application/pdf", "")
	must(t, err)
	defer d.Close()
	text, err := d.Text(t.Context(), 0)
	if err != nil || !strings.Contains(text, "Schutzvertrag") {
		t.Errorf("the words are not in the PDF: %q, %v", text, err)
	}
}

// waitFor waits until something holds of the store.
func waitFor(t *testing.T, h *house, holds func() bool) {
	t.Helper()
	changed, stop := h.store.Watch()
	defer stop()
	for !holds() {
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal("it never came")
		}
	}
}
