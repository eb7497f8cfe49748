package recognize

import (
	"context"
	"slices"
	"strings"
	"testing"

	"schalter/data/page"
	"schalter/data/record"
)

func TestWordsOfAFiledScan(t *testing.T) {
	w := newWorld(t)
	d := w.scan(10, 20, 10)
	id := w.file(d)
	w.run()
	got := w.document(id)
	if got.Shown == d.Shown || got.Pages != 3 || got.Language != "deu" || len(got.Sheets) != 3 || got.Latest.Why != record.WhyText {
		t.Errorf("%+v", got)
	}
	if text := w.text(got); text != `["Seite10\ndeu","Seite20\ndeu","Seite10\ndeu"]` {
		t.Error(text)
	}
	if n := w.versions(id); n != 1 {
		t.Errorf("%d versions", n)
	}
	if w.ocr.read["Seite10"] != 1 || w.ocr.read["Seite20"] != 1 {
		t.Errorf("read %v", w.ocr.read)
	}
	if s := w.q.State(); s.Total != 0 || s.Pause != "" || s.Engine != "tesseract 5.3.0" || s.Language != "deu" {
		t.Errorf("%+v", s)
	}
	w.open() // another start
	w.run()
	if w.versions(id) != 1 || w.ocr.count() != 2 {
		t.Error("done again after a start")
	}
}

func TestWordsOfADraftCostNoChange(t *testing.T) {
	w := newWorld(t)
	d := w.scan(30)
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
	check(t, w.store.SaveDraft(t.Context(), draft))
	w.run()
	now, err := w.store.Draft(t.Context(), draft.ID)
	check(t, err)
	got := now.Documents[0]
	if got.Text.Hash == "" || got.Language != "deu" || got.Shown == d.Shown {
		t.Fatalf("%+v", got)
	}
	id := w.file(got)
	w.run()
	if w.versions(id) != 0 || w.ocr.count() != 1 {
		t.Error("read again when it was filed")
	}
}

// A tab that has the draft open gets the words; it saves them in its own time, and is not asked twice.
func TestWordsOfAnOpenDraft(t *testing.T) {
	w := newWorld(t)
	d := w.scan(30)
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
	check(t, w.store.SaveDraft(t.Context(), draft))
	var given []record.Document
	w.q.Draft = func(_ context.Context, id record.ID, of record.Hash, d record.Document) bool {
		if id != draft.ID || of != draft.Documents[0].Shown.Hash {
			t.Error(id, of)
		}
		given = append(given, d)
		return true
	}
	w.run()
	if len(given) != 1 || given[0].Text.Hash == "" {
		t.Fatalf("%+v", given)
	}
	now, err := w.store.Draft(t.Context(), draft.ID)
	check(t, err)
	if now.Documents[0].Text.Hash != "" {
		t.Error("the tab's draft was written behind its back")
	}
}

// A draft that is being filed takes no words any more: the case gets them, without another look at the page.
func TestWordsOfADraftThatIsBeingFiled(t *testing.T) {
	for name, open := range map[string]bool{"open in a tab": true, "in no tab": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := w.scan(30)
			draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
			check(t, w.store.SaveDraft(t.Context(), draft))
			var id record.ID
			w.q.Draft = func(context.Context, record.ID, record.Hash, record.Document) bool {
				id = w.file(d)
				check(t, w.store.DiscardDraft(t.Context(), draft.ID))
				return open
			}
			w.run()
			if got := w.document(id); got.Text.Hash == "" || w.ocr.count() != 1 || w.versions(id) != 1 {
				t.Errorf("%+v, read %d times, %d versions", got, w.ocr.count(), w.versions(id))
			}
		})
	}
}

// What was submitted between the page and the version: the clerk turns a page while its words are looked for.
func TestPagesThatChangeMeanwhile(t *testing.T) {
	w := newWorld(t)
	d := w.scan(40)
	draft := record.Draft{ID: record.NewID(), Documents: []record.Document{d}}
	check(t, w.store.SaveDraft(t.Context(), draft))
	w.ocr.during = func() {
		w.ocr.during = nil
		draft.Documents = slices.Clone(draft.Documents)
		draft.Documents[0].Sheets = []record.Sheet{{Original: 0, DPI: 100, Turns: 2}}
		shown, _, err := w.intake.Bind(t.Context(), draft.Documents[0])
		check(t, err)
		draft.Documents[0].Shown = shown
		check(t, w.store.SaveDraft(t.Context(), draft))
	}
	w.run()
	now, err := w.store.Draft(t.Context(), draft.ID)
	check(t, err)
	if got := now.Documents[0]; got.Text.Hash == "" || got.Sheets[0].Turns != 2 {
		t.Errorf("%+v", got)
	}
	if w.ocr.count() != 1 {
		t.Error("read again though the picture is the same")
	}
}

func TestAFileIsOnlyIndexed(t *testing.T) {
	w := newWorld(t)
	d := record.Document{ID: record.NewID(), Title: "Bescheid", Source: record.SourceImport, MediaType: "application/pdf", Pages: 3}
	ref, err := w.blobs.Put(t.Context(), strings.NewReader("%PDF-1.7 signed"))
	check(t, err)
	d.Shown, d.Originals = ref, []record.Original{{Name: "a.pdf", MediaType: "application/pdf", Blob: ref}}
	id := w.file(d)
	w.run()
	got := w.document(id)
	if got.Shown != ref || w.text(got) != `["Seite1\ndeu","Seite7\ndeu",""]` || w.versions(id) != 1 {
		t.Errorf("%+v %s", got, w.text(got))
	}
}

// What a file says by itself is not recognized, as in a document of a PDF and scanned pages.
func TestAFileThatSaysItsText(t *testing.T) {
	w := newWorld(t)
	w.q.Viewer = drawn{[]uint8{1, 99}}
	d := record.Document{ID: record.NewID(), Title: "Bescheid", Source: record.SourceScan, MediaType: "application/pdf", Pages: 2}
	ref, err := w.blobs.Put(t.Context(), strings.NewReader("%PDF-1.7 mixed"))
	check(t, err)
	d.Shown, d.Originals = ref, []record.Original{{Name: "a.pdf", MediaType: "application/pdf", Blob: ref}}
	id := w.file(d)
	w.run()
	if got := w.document(id); w.text(got) != `["Seite1\ndeu","Das steht\nin der Datei"]` || w.ocr.count() != 1 {
		t.Errorf("%s, %d pages recognized", w.text(got), w.ocr.count())
	}
}

func TestNothingToRead(t *testing.T) {
	w := newWorld(t)
	id := w.file(w.scan(255))
	made := w.scan(50)
	made.Source = record.SourceConfirmation
	made.Originals, made.Sheets = nil, nil
	other := w.file(made)
	w.run()
	// That nothing was found the other desks have to know.
	if got := w.document(id); w.versions(id) != 1 || got.Text.Hash != "" || got.Language != "deu" || got.Shown != got.Versions[0].Shown {
		t.Errorf("%+v", got)
	}
	if w.versions(other) != 0 {
		t.Error("what this program made is read")
	}
	list, err := w.store.Unheard(t.Context(), 9)
	if err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

func TestAPageThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	w.ocr.fail = func(word string, _ int) error {
		if word == "Seite20" {
			return record.E(record.CodeOCRFailed, nil)
		}
		return nil
	}
	id := w.file(w.scan(10, 20, 30))
	w.run()
	got := w.document(id)
	if !slices.Equal(got.Unread, []int{2}) || w.text(got) != `["Seite10\ndeu","","Seite30\ndeu"]` || w.versions(id) != 1 {
		t.Errorf("%+v %s", got, w.text(got))
	}
	if n := w.ocr.read["Seite20"]; n != page.MaxTries {
		t.Errorf("tried %d times", n)
	}
	w.open()
	w.run()
	if n := w.ocr.read["Seite20"]; n != page.MaxTries {
		t.Errorf("tried %d times after another start", n)
	}
}

func TestAPageThatFailsOnce(t *testing.T) {
	w := newWorld(t)
	w.ocr.fail = func(_ string, times int) error {
		if times == 1 {
			return record.E(record.CodeOCRFailed, nil)
		}
		return nil
	}
	id := w.file(w.scan(10))
	w.run()
	if got := w.document(id); len(got.Unread) != 0 || w.text(got) == "" {
		t.Errorf("%+v", got)
	}
}

func TestAPictureThatIsNone(t *testing.T) {
	w := newWorld(t)
	d := w.scan(10, 20)
	ref, err := w.blobs.Put(t.Context(), strings.NewReader("\x89PNG no picture"))
	check(t, err)
	d.Originals[1].Blob = ref
	id := w.file(d)
	w.run()
	got := w.document(id)
	if !slices.Equal(got.Unread, []int{2}) || w.text(got) != `["Seite10\ndeu",""]` || got.Shown != d.Shown {
		t.Errorf("%+v %s", got, w.text(got))
	}
}

// A broken program must not make every page of the town hall unreadable.
func TestAProgramThatFailsAlways(t *testing.T) {
	w := newWorld(t)
	w.ocr.fail = func(string, int) error { return record.E(record.CodeOCRFailed, nil) }
	var shades []uint8
	for i := range 40 {
		shades = append(shades, uint8(i))
	}
	id := w.file(w.scan(shades...))
	w.run()
	if s := w.q.State(); s.Pause != record.PauseTrouble || s.Trouble == nil || s.Total == 0 {
		t.Errorf("%+v", s)
	}
	if w.versions(id) != 0 || w.ocr.count() > 3*hopeless {
		t.Errorf("%d versions, %d attempts", w.versions(id), w.ocr.count())
	}
	w.ocr.fail = nil
	check(t, w.q.Pause(t.Context(), false)) // the clerk says go on
	w.run()
	if got := w.document(id); w.versions(id) != 1 || len(got.Unread) > 3 {
		t.Errorf("%d versions, unread %v", w.versions(id), got.Unread)
	}
}

func TestWithoutAProgram(t *testing.T) {
	w := newWorld(t)
	w.ocr.missing = true
	id := w.file(w.scan(10))
	w.run()
	if s := w.q.State(); s.Pause != record.PauseMissing || s.Trouble == nil || s.Trouble.Code != record.CodeOCRMissing {
		t.Errorf("%+v", s)
	}
	w.ocr.missing = false
	w.run()
	if w.versions(id) != 1 {
		t.Error("not read after it was installed")
	}
}

func TestLanguages(t *testing.T) {
	w := newWorld(t)
	check(t, w.q.SetLanguage(t.Context(), "fra"))
	id := w.file(w.scan(10))
	w.run()
	if s := w.q.State(); s.Pause != record.PauseMissing || s.Trouble.Code != record.CodeOCRLanguage {
		t.Errorf("%+v", s)
	}
	check(t, w.q.SetLanguage(t.Context(), "deu+eng"))
	w.run()
	if got := w.document(id); got.Language != "deu+eng" {
		t.Errorf("%+v", got)
	}
}

// A kill between any two steps: pages that were read stay read, and the document is finished at the next start.
func TestAKillLosesNothing(t *testing.T) {
	for stopAt := range 12 {
		w := newWorld(t)
		d := w.scan(10, 20, 30, 40)
		id := w.file(d)
		ctx, kill := context.WithCancel(t.Context())
		steps := 0
		w.ocr.during = func() {
			if steps++; steps > stopAt {
				kill()
			}
		}
		w.q.Workers = 1
		for w.q.round(ctx) {
		}
		kill()
		before := w.ocr.count()
		w.ocr.during = nil
		w.open()
		w.run()
		if got := w.document(id); w.versions(id) != 1 || len(got.Unread) != 0 || strings.Count(w.text(got), "Seite") != 4 {
			t.Fatalf("killed in page %d: %+v", stopAt, got)
		}
		if again := w.ocr.count() - 4; again > 1 || before > 4 {
			t.Errorf("killed in page %d: %d pages were read again", stopAt, again)
		}
	}
}

func TestPlain(t *testing.T) {
	got := Plain(page.Text{Words: []page.Word{{Text: "Haft-", Line: 0}, {Text: "pflicht", Line: 1}, {Text: "ist", Line: 1}, {Text: "da", Line: 3}}})
	if got != "Haft-\npflicht ist\nda" || Plain(page.Text{}) != "" {
		t.Errorf("%q", got)
	}
}
