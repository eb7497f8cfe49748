package desk

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// papery is a screen with a paper on it.
type papery struct {
	Screen
	doc record.Document
}

func (p papery) Reading() (record.Document, bool) { return p.doc, p.doc.ID != "" }

// reads is a recognition that notes what it is to read.
type reads struct {
	Recognizer
	doc      record.ID
	language string
}

func (*reads) State() record.Recognition {
	return record.Recognition{Engine: "tesseract 5.3.0", Languages: []string{"deu", "eng", "tur"}, Language: "deu"}
}

func (r *reads) ReadIn(_ context.Context, doc record.ID, language string) error {
	r.doc, r.language = doc, language
	return nil
}

func TestAPaperIsReadInLanguagesOfItsOwn(t *testing.T) {
	look.Apply(test.NewApp(), look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	scan := record.Document{ID: "d", Title: "Vertrag", Source: record.SourceScan, Shown: record.BlobRef{Hash: record.HashOf([]byte("x"))}, Language: "deu"}
	r := &reads{}
	d := &Desk{texts: texts, svc: &Services{Reader: r}, screen: papery{doc: scan}}
	d.Run = control.Inline
	a := newRereading(d, r)
	a.object()
	if !a.there() || a.said.Text() != "Gelesen auf Deutsch. Steht darin eine andere Sprache, kreuzen Sie sie an und lassen Sie es neu lesen." {
		t.Fatalf("%v, %q", a.there(), a.said.Text())
	}
	a.ticks[2].OnChanged(true)
	a.run()
	if r.doc != "d" || r.language != "deu+tur" || a.said.Text() != "Wird im Hintergrund auf Deutsch + Türkisch gelesen. Bis dahin bleibt alles, wie es ist." {
		t.Errorf("%q in %q: %q", r.doc, r.language, a.said.Text())
	}
	letter, whole, none := scan, scan, record.Document{}
	letter.Source = record.SourceConfirmation
	whole.Source, whole.Language, whole.Text = record.SourceImport, "", scan.Shown
	for name, doc := range map[string]record.Document{"a letter of ours": letter, "a file that says its words itself": whole, "no paper": none} {
		d.screen = papery{doc: doc}
		if b := newRereading(d, r); b.there() {
			t.Errorf("%s is to be read", name)
		}
	}
}
