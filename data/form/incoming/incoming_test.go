package incoming

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"

	"schalter/data/form"
	"schalter/data/form/pack"
	"schalter/data/record"
)

const schema = `<?xml version="1.0" encoding="UTF-8"?>
<xdf:xdatenfelder.stammdatenschema.0102 xmlns:xdf="urn:xoev-de:fim:standard:xdatenfelder_3.0.0"></xdf:xdatenfelder.stammdatenschema.0102>`

const small = `{"format": "schalter-form/1", "id": "x", "version": "1.2", "title": {"de": "X"}, "groups": [{"group": "a", "label": {"de": "A"}, "items": [
	{"field": "b", "type": "text", "label": {"de": "B"}},
	{"field": "c", "type": "choice", "label": {"de": "C"}, "choices": [{"code": "1", "label": {"de": "eins"}}]},
	{"group": "d", "label": {"de": "D"}, "items": [{"field": "e", "type": "boolean", "label": {"de": "E"}}]}]}],
	"rules": [{"rule": "r1", "do": "show", "on": ["a/b"], "when": {"field": "a/d/e"}}]}`

func of(name string, b []byte) File {
	return File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "survey"); err != nil {
		t.Fatal(err)
	}
	for i, r := range [][]any{{"type", "name", "label"}, {"text", "nachname", "Nachname"}, {"integer", "alter", "Alter"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("survey", cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func collect(ctx context.Context, files []File, o Options) (out []Outcome) {
	for x := range Import(ctx, files, o) {
		out = append(out, x)
	}
	return out
}

// Every file is taken for what its content says, in the order of the files.
func TestFilesAreToldByTheirContent(t *testing.T) {
	native := []byte(small)
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := pack.Seal(pack.Pack{Name: "Formulare", Version: "1", Forms: []pack.File{{Bytes: native}}}, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("the stick is gone")
	trust := Options{Trust: func(pack.Publisher) error { return nil }}
	files := []File{
		of("a.txt", workbook(t)), of("b.xml", native), of("c", append([]byte("\xef\xbb\xbf\n "), native...)), of("d.json", sealed), of("e.json", []byte(schema)),
		of("f.pdf", []byte("%PDF-1.7")), of("empty", nil),
		{Name: "g", Open: func() (io.ReadCloser, error) { return nil, gone }},
		of("h", []byte("{}")),
	}
	out := collect(context.Background(), files, trust)
	for i, want := range []struct {
		kind  Kind
		forms int
		code  record.Code
	}{
		{KindSheet, 1, ""},
		{KindForm, 1, ""},
		{KindForm, 1, ""},
		{KindPack, 1, ""},
		{KindSchema, 0, record.CodeFIMMissing},
		{KindOther, 0, record.CodeNotForm},
		{KindOther, 0, record.CodeNotForm},
		{KindOther, 0, record.CodeImportUnread},
		{KindForm, 0, record.CodeFormInvalid},
	} {
		got := out[i]
		if got.File != files[i].Name || got.Kind != want.kind || len(got.Results) != want.forms || record.CodeOf(got.Err) != want.code {
			t.Errorf("%s: kind %d, %d forms, %v", got.File, got.Kind, len(got.Results), got.Err)
		}
		for _, r := range got.Results {
			f, err := form.Parse(r.JSON)
			if err != nil || f.ID != r.Report.ID || f.Version != r.Report.Version || r.Report.Fields == 0 {
				t.Errorf("%s: %+v, %v", got.File, r.Report, err)
			}
		}
	}
	if r := out[1].Results[0].Report; r.Fields != 3 || r.Groups != 2 || r.Codelists != 1 || r.Rules.Translated != 1 || r.Rules.Unresolved != 0 {
		t.Errorf("%+v", r)
	}
	if out := collect(context.Background(), files[3:4], Options{}); record.CodeOf(out[0].Err) != record.CodePackUntrusted {
		t.Errorf("an unknown publisher: %v", out[0].Err)
	}
}

// A rule that nobody has decided about is told with its place and text.
func TestOpenRulesAreReported(t *testing.T) {
	b := `{"format": "schalter-form/1", "id": "x", "version": "1", "title": {"de": "X"}, "groups": [{"group": "a", "label": {"de": "A"}, "items": [{"field": "b", "type": "text", "label": {"de": "B"}}]}],
		"rules": [{"rule": "r1", "do": "unresolved", "on": ["a/b"], "text": {"de": "Nur wenn nötig."}}, {"rule": "r2", "do": "unresolved", "on": ["a", "a/b"], "text": {"de": "Alles."}}]}`
	r, err := Native([]byte(b), "x.json")
	if err != nil {
		t.Fatal(err)
	}
	open := r.Report.Open
	if len(open) != 3 || open[0].On != "a/b" || open[0].Text != "Nur wenn nötig." || open[2].On != "a/b" || r.Report.Rules.Unresolved != 2 {
		t.Errorf("%+v", r.Report)
	}
}

// Whoever has enough does not wait for the rest.
func TestImportEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	enough := make(chan struct{})
	form := []byte(small)
	files := []File{of("first", form)}
	for range 20 {
		opened := 0
		files = append(files, File{Name: "slow", Open: func() (io.ReadCloser, error) {
			if opened++; opened > 1 {
				<-enough
			}
			return io.NopCloser(bytes.NewReader(form)), nil
		}})
	}
	n := 0
	for o := range Import(ctx, files, Options{}) {
		if n++; n == 1 {
			if o.Err != nil || len(o.Results) != 1 {
				t.Fatalf("%+v", o)
			}
			cancel()
			close(enough)
		} else if !errors.Is(o.Err, context.Canceled) {
			t.Errorf("file %d: %v", n, o.Err)
		}
	}
	if n != len(files) {
		t.Errorf("%d outcomes", n)
	}
	for range Import(context.Background(), files[:1], Options{}) {
		break // and nothing is left running
	}
}
