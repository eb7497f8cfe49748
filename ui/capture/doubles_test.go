package capture

import (
	"context"
	"strings"
	"testing"

	"schalter/data/record"
)

func (w *world) lastKey() string {
	if len(w.said) == 0 {
		return ""
	}
	return w.said[len(w.said)-1].Key
}

func TestAFileThatLiesSomewhereAlreadyIsSaid(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	places := map[record.Hash][]record.Place{
		record.HashOf([]byte("case")):  {{Draft: tab.ID()}, {Number: "MS-1-26/00412", Title: "Vertrag"}},
		record.HashOf([]byte("trash")): {{Number: "MS-1-26/00412", Title: "Vertrag", Trashed: true}},
		record.HashOf([]byte("draft")): {{Draft: "other", Title: "Vertrag"}},
		record.HashOf([]byte("mine")):  {{Draft: tab.ID()}},
	}
	w.m.w.Places = func(_ context.Context, h record.Hash) ([]record.Place, error) { return places[h], nil }
	for _, c := range [][2]string{
		{"mine", ""}, {"new", ""}, {"case", "capture.place.case"}, {"trash", "capture.place.trash"}, {"draft", "capture.place.draft"},
	} {
		w.said = nil
		tab.Import("weitere", []Source{textFile(c[0]+".pdf", c[0])})
		w.settle()
		if got := w.lastKey(); got != c[1] {
			t.Errorf("%s: %q", c[0], got)
		}
	}
	if n := len(tab.papersIn("weitere")); n != 5 {
		t.Errorf("%d papers are there: what lies elsewhere is taken all the same", n)
	}
	tab.Import("schutzvertrag", []Source{textFile("new.pdf", "new")})
	w.settle()
	if got := w.lastKey(); got != "capture.import.elsewhere" || len(tab.papersIn("schutzvertrag")) != 1 {
		t.Errorf("in another slot: %q", got)
	}
}

func TestPicturesGoIntoTheMiddleOfADocument(t *testing.T) {
	w, _, tab := lensWorld(t, came(1, "1"), came(2, "2"))
	tab.Scan("feeder", false)
	w.settle()
	d := tab.draft.Documents[0]
	w.m.w.Importer = picturesIn{}
	tab.ImportAt(Spot{Document: d.ID, Behind: d.Sheets[0]}, []Source{textFile("a.png", "a"), textFile("b.png", "b"), textFile("c.pdf", "c")})
	w.settle()
	w.pass(rebindAfter)
	w.settle()
	docs := w.store.stored(t, tab.ID()).Documents
	if len(docs) != 2 || docs[1].Title != "c" || docs[1].Proof != d.Proof {
		t.Fatalf("%+v", docs)
	}
	var names []string
	for _, s := range docs[0].Sheets {
		names = append(names, docs[0].Originals[s.Original].Name)
	}
	if got := strings.Join(names, " "); got != "seite-001.png a.png b.png seite-002.png" || Unbound(docs[0]) || docs[0].Pages != 4 {
		t.Errorf("%s: %+v", got, docs[0])
	}
}

// picturesIn takes files as what their names say they are.
type picturesIn struct{ shelf }

func (s picturesIn) Import(ctx context.Context, src Source, progress func(done, total int64)) (Imported, error) {
	got, err := s.shelf.Import(ctx, src, progress)
	got.Originals[0].MediaType = "application/pdf"
	if strings.HasSuffix(src.Name, ".png") {
		got.Originals[0].MediaType = "image/png"
	}
	return got, err
}

func TestOnlyPDFsThatCanBeTakenApartLieOnTheTable(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.m.w.Importer = picturesIn{}
	tab.Import("weitere", []Source{textFile("frei.pdf", "frei"), textFile("signiert.pdf", "signiert"), textFile("bild.png", "bild")})
	w.settle()
	if got := tab.onTable(); len(got) != 1 || got[0].Title != "bild" {
		t.Fatalf("before anybody asked: %+v", got)
	}
	asked := 0
	w.m.w.Apart = func(_ context.Context, o record.Original) error {
		asked++
		if o.Name == "signiert.pdf" {
			return record.E(record.CodePDFSigned, nil, "name", o.Name)
		}
		return nil
	}
	before := tab.onTable()
	for range 2 {
		tab.try(func() {})
		w.settle()
	}
	got := tab.onTable()
	if len(got) != 2 || got[0].Title != "frei" || asked != 2 {
		t.Fatalf("asked %d times: %+v", asked, got)
	}
	if d := tab.papersIn("weitere")[1]; record.CodeOf(tab.whole(d)) != record.CodePDFSigned {
		t.Error("why is not known")
	}
	tab.Arrange(before, before) // what was not on the table stays
	if n := len(tab.papersIn("weitere")); n != 3 {
		t.Errorf("%d papers are left", n)
	}
}
