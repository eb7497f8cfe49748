package main

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"schalter/data/intake"
	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/record"
)

// onItsHead is a page as it comes when the sheet was fed the wrong way round.
func onItsHead(t *testing.T, b []byte) []byte {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	must(t, err)
	g := page.Gray(m)
	out := image.NewGray(g.Rect)
	for y := range g.Rect.Dy() {
		row := slices.Clone(g.Pix[y*g.Stride:][:g.Rect.Dx()])
		slices.Reverse(row)
		copy(out.Pix[(g.Rect.Dy()-1-y)*out.Stride:], row)
	}
	var to bytes.Buffer
	must(t, png.Encode(&to, out))
	return to.Bytes()
}

// A file that says words on its first page and has a picture, fed upside down, as its second; and a draft with a
// letter in English: their words are found by whom they belong to.
func TestWordsOfSilentPagesAndOfDraftsAreFound(t *testing.T) {
	if a, err := (&ocr.Engine{}).About(t.Context()); err != nil || !a.Has("deu+eng") {
		t.Skip("tesseract-ocr, tesseract-ocr-deu and tesseract-ocr-eng are not installed:", err)
	}
	h := newHouse(t)
	door := &door{ctx: t.Context()}
	must(t, door.prepare())
	t.Cleanup(door.paper.Close)
	put := func(b []byte) record.BlobRef {
		ref, err := h.blobs.Put(t.Context(), bytes.NewReader(b))
		must(t, err)
		return ref
	}
	said := put(letterOf(t, "Stadt Musterstadt", "Diese Seite sagt ihren Text selbst"))
	in := &intake.Intake{Blobs: h.blobs, Viewer: viewer{door.paper}, Clock: record.SystemClock, Words: func(of record.Hash) (page.Text, bool) {
		if of != said.Hash {
			return page.Text{}, false
		}
		return page.Text{Width: 1300, Height: 700, Words: []page.Word{{Text: "Selbstgesagtes", X0: 80, Y0: 80, X1: 400, Y1: 120}}}, true
	}}
	scan := func(pages ...record.BlobRef) record.Document {
		d := record.Document{ID: record.NewID(), Title: "Anlage", Source: record.SourceScan, MediaType: "application/pdf"}
		for i, ref := range pages {
			d.Originals = append(d.Originals, record.Original{Name: "seite.png", MediaType: "image/png", Blob: ref})
			d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 200})
		}
		var err error
		d.Shown, d.Pages, err = in.Bind(t.Context(), d)
		must(t, err)
		return d
	}
	silent := put(onItsHead(t, letterOf(t, "Stadt Musterstadt, Ordnungsamt", "Die Haftpflichtversicherung besteht.", "Mit freundlichen Grüßen")))
	b, err := h.blobs.ReadAll(scan(said, silent).Shown.Hash, 1<<24)
	must(t, err)
	res, err := in.Import(t.Context(), "bescheid.pdf", int64(len(b)), bytes.NewReader(b), nil)
	must(t, err)
	file := record.Document{
		ID: record.NewID(), Title: "Bescheid", Source: record.SourceImport, MediaType: res.MediaType, Shown: res.Shown, Pages: res.Pages,
		Originals: []record.Original{res.Original}, Text: res.Text,
	}
	matter := record.NewID()
	_, err = h.store.Apply(t.Context(),
		record.Edit{Case: matter, Kind: record.KindOpen, User: "Weber", Payload: record.Opened{Service: "hund"}},
		record.Edit{Case: matter, Kind: record.KindDocument, User: "Weber", Payload: record.DocumentAdded{Document: file}})
	must(t, err)
	letter := scan(put(letterOf(t, "Dear Sir or Madam,", "please find enclosed the rabies vaccination certificate", "of my dog. Yours faithfully")))
	draft := record.Draft{ID: record.NewID(), User: "Weber", Service: "hund", Documents: []record.Document{letter}}
	must(t, h.store.SaveDraft(t.Context(), draft))

	l := newLine(t.Context(), h)
	t.Cleanup(l.close)
	words := door.read(h, l)
	find := func(user, typed string) []record.Hit {
		hits, err := h.store.FindAs(t.Context(), user, typed, 5)
		must(t, err)
		return hits
	}
	waitFor(t, h, func() bool {
		return len(find("Weber", "haftpflichtversicherung")) > 0 && len(find("Weber", "vaccination")) > 0
	})
	if hit := find("Weber", "haftpflichtversicherung")[0]; hit.Doc != file.ID || hit.Page != 2 {
		t.Errorf("%+v", hit)
	}
	c, err := h.store.Case(t.Context(), matter)
	must(t, err)
	got := c.Documents[0]
	if len(find("Weber", "selbstgesagtes")) != 1 || got.Shown != file.Shown || !slices.Equal(got.Lying, []record.Lying{{Page: 2, Turns: 2}}) {
		t.Errorf("%+v", got)
	}
	if hit := find("Weber", "vaccination")[0]; hit.Draft != draft.ID || hit.Doc != letter.ID || hit.Page != 1 || len(find("Kaya", "vaccination")) != 0 {
		t.Errorf("%+v", hit)
	}
	// In its own language the letter is read better; its words are of that language then.
	must(t, words.ReadIn(t.Context(), letter.ID, "eng"))
	waitFor(t, h, func() bool {
		now, err := h.store.Draft(t.Context(), draft.ID)
		must(t, err)
		return now.Documents[0].Language == "eng"
	})
	waitFor(t, h, func() bool { return len(find("Weber", `"rabies vaccination certificate"`)) == 1 })
	must(t, h.store.DiscardDraft(t.Context(), draft.ID))
	if len(find("Weber", "vaccination")) != 0 {
		t.Error("a discarded draft is found")
	}
}
