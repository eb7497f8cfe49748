package capture

import (
	"testing"

	"schalter/data/record"
)

func TestWordsOfAnOpenDraft(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{})
	tab := w.start(t)
	d := record.Document{
		ID: record.NewID(), Title: "Nachweis", Source: record.SourceScan, MediaType: "application/pdf", Pages: 1,
		Shown: record.BlobRef{Hash: record.HashOf([]byte("pages"))},
	}
	tab.addPaper(d)
	heard := d
	heard.Shown, heard.Text = record.BlobRef{Hash: record.HashOf([]byte("with words"))}, record.BlobRef{Hash: record.HashOf([]byte("words"))}
	heard.Language, heard.Title = "deu", "another title"
	if w.m.Recognized(record.NewID(), d.Shown.Hash, heard) {
		t.Error("a draft that is not open")
	}
	if !w.m.Recognized(tab.draft.ID, record.HashOf([]byte("former pages")), heard) {
		t.Error("the draft is open")
	}
	if got, _ := tab.Paper(d.ID); got.Text.Hash != "" || got.Shown != d.Shown {
		t.Error("words of pages that are not shown any more")
	}
	w.m.Recognized(tab.draft.ID, d.Shown.Hash, heard)
	if got, _ := tab.Paper(d.ID); got.Text != heard.Text || got.Shown != heard.Shown || got.Language != "deu" || got.Title != d.Title {
		t.Errorf("%+v", got)
	}
}
