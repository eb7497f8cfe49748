package recognize

import (
	"slices"
	"strings"
	"testing"

	"schalter/data/record"
)

// silentFile is an imported PDF of three pages of which the second says something itself.
func (w *world) silentFile(said ...string) record.Document {
	w.Helper()
	d := record.Document{ID: record.NewID(), Title: "Bescheid", Source: record.SourceImport, MediaType: "application/pdf", Pages: 3}
	ref, err := w.blobs.Put(w.Context(), strings.NewReader("%PDF-1.7 signed"))
	check(w, err)
	d.Shown, d.Originals = ref, []record.Original{{Name: "a.pdf", MediaType: "application/pdf", Blob: ref}}
	d.Text, err = w.blobs.Put(w.Context(), strings.NewReader(`["`+strings.Join(said, `","`)+`"]`))
	check(w, err)
	return d
}

// Of a file that says words on some pages only the others are read, and it stays byte for byte.
func TestOnlyTheSilentPagesOfAFileAreRead(t *testing.T) {
	w := newWorld(t)
	d := w.silentFile(" ", "Das sagt  die Datei", "")
	id := w.file(d)
	w.run()
	got := w.document(id)
	if got.Shown != d.Shown || w.text(got) != `["Seite1\ndeu","Das sagt  die Datei",""]` || w.versions(id) != 1 || w.ocr.count() != 2 {
		t.Errorf("%s, %d pages read, %+v", w.text(got), w.ocr.count(), got)
	}
	w.open()
	if w.run(); w.versions(id) != 1 || w.ocr.count() != 2 {
		t.Error("done again after a start")
	}
}

func TestAFileThatSaysEverythingIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	whole, long := w.file(w.silentFile("eins", "zwei", "drei")), w.file(w.silentFile("eins", "zwei"))
	check(t, w.store.SaveDraft(t.Context(), record.Draft{ID: record.NewID(), Documents: []record.Document{w.silentFile("eins", "zwei", "drei")}}))
	w.run()
	if w.ocr.count() != 0 || w.versions(whole) != 0 || w.versions(long) != 0 {
		t.Errorf("%d pages read", w.ocr.count())
	}
	if list, err := w.store.Unheard(t.Context(), 9); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if s := w.q.State(); s.Total != 0 {
		t.Errorf("%+v", s)
	}
}

func TestSilentPagesOfAFileInADraft(t *testing.T) {
	w := newWorld(t)
	d := w.silentFile("eins", "", "drei")
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
	check(t, w.store.SaveDraft(t.Context(), draft))
	w.run()
	now, err := w.store.Draft(t.Context(), draft.ID)
	check(t, err)
	if got := now.Documents[0]; w.text(got) != `["eins","Seite7\ndeu","drei"]` || got.Language != "deu" || got.Shown != d.Shown {
		t.Errorf("%s %+v", w.text(got), got)
	}
}

func TestALanguageOfADocumentsOwn(t *testing.T) {
	w := newWorld(t)
	id, other := w.file(w.scan(10, 20)), w.file(w.scan(30))
	w.run()
	doc := w.document(id).ID
	if err := w.q.ReadIn(t.Context(), doc, "tlh"); record.CodeOf(err) != record.CodeOCRLanguage {
		t.Error(err)
	}
	check(t, w.q.ReadIn(t.Context(), doc, "deu+eng"))
	before := w.document(id)
	w.open() // it is remembered
	w.run()
	got := w.document(id)
	if w.text(got) != `["Seite10\ndeu+eng","Seite20\ndeu+eng"]` || got.Language != "deu+eng" || got.Shown == before.Shown || w.versions(id) != 2 {
		t.Errorf("%s %+v", w.text(got), got)
	}
	if w.document(other).Language != "deu" || w.versions(other) != 1 {
		t.Error("another document was read in it")
	}
	read := w.ocr.count()
	if w.run(); w.versions(id) != 2 || w.ocr.count() != read {
		t.Error("read again and again")
	}
	// Back to German: every page was read in it before, and the words in the PDF are German again.
	check(t, w.q.ReadIn(t.Context(), doc, "deu"))
	w.run()
	got = w.document(id)
	if w.text(got) != `["Seite10\ndeu","Seite20\ndeu"]` || w.ocr.count() != read {
		t.Errorf("%s, %d pages read again", w.text(got), w.ocr.count()-read)
	}
	text, ok := w.q.Words(got.Originals[0].Blob.Hash)
	if !ok || text.Words[1].Text != "deu" {
		t.Errorf("%+v", text)
	}
	// Its pages are put in another order: it stays what it was.
	check(t, w.q.ReadIn(t.Context(), doc, "eng"))
	w.run()
	next := w.document(id)
	next.Sheets = slices.Clone(next.Sheets)
	slices.Reverse(next.Sheets)
	shown, n, err := w.intake.Bind(t.Context(), next)
	check(t, err)
	_, err = w.store.Apply(t.Context(), record.Edit{Case: id, Kind: record.KindVersion, User: "Weber", Payload: record.DocumentVersion{
		Document: doc, Of: next.Shown.Hash, Why: record.WhyPages, Shown: shown, MediaType: next.MediaType, Pages: n, Sheets: next.Sheets,
	}})
	check(t, err)
	w.run()
	if got = w.document(id); w.text(got) != `["Seite20\neng","Seite10\neng"]` || got.Language != "eng" {
		t.Errorf("%s %+v", w.text(got), got)
	}
}

func TestALanguageOfADocumentInADraft(t *testing.T) {
	w := newWorld(t)
	d := w.scan(10)
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
	check(t, w.store.SaveDraft(t.Context(), draft))
	w.run()
	check(t, w.q.ReadIn(t.Context(), d.ID, "eng"))
	w.run()
	now, err := w.store.Draft(t.Context(), draft.ID)
	check(t, err)
	if got := now.Documents[0]; got.Language != "eng" || w.text(got) != `["Seite10\neng"]` {
		t.Errorf("%s %+v", w.text(got), got)
	}
	check(t, w.q.ReadIn(t.Context(), record.NewID(), "eng")) // gone meanwhile
	if w.run(); w.ocr.count() != 2 {
		t.Error(w.ocr.read)
	}
}

// A sheet that was fed upside down is found by its words; that it should be turned is said, not done.
func TestPagesThatLieOtherwiseAreNamed(t *testing.T) {
	w := newWorld(t)
	id := w.file(w.scan(10, 180, 20))
	w.run()
	got := w.document(id)
	if !slices.Equal(got.Lying, []record.Lying{{Page: 2, Turns: 2}}) || got.Sheets[1].Turns != 0 {
		t.Errorf("%+v", got)
	}
	// The clerk turns it: nothing is to be said any more.
	got.Sheets = slices.Clone(got.Sheets)
	got.Sheets[1].Turns = 2
	shown, n, err := w.intake.Bind(t.Context(), got)
	check(t, err)
	_, err = w.store.Apply(t.Context(), record.Edit{Case: id, Kind: record.KindVersion, User: "Weber", Payload: record.DocumentVersion{
		Document: got.ID, Of: got.Shown.Hash, Why: record.WhyPages, Shown: shown, MediaType: got.MediaType, Pages: n, Sheets: got.Sheets,
	}})
	check(t, err)
	if w.document(id).Lying != nil {
		t.Error("said of what is not shown any more")
	}
	w.run()
	if got := w.document(id); got.Lying != nil || got.Language != "deu" {
		t.Errorf("%+v", got)
	}
}
