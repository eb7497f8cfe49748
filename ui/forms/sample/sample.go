// Package sample is a made-up office of forms: a few that ship with the program, a published one, a
// withdrawn one, one that the centre refused, and two that were taken in to be tried.
//
// It is for the storybook and for tests of the screen. It promises the same content every time. It is never
// part of the desk's program.
package sample

import (
	"context"
	"errors"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/form/trial"
	"schalter/data/record"
	"schalter/ui/forms"
	"schalter/ui/sample"
)

// unclear is a form with rules that nobody has decided about.
const unclear = `{"format": "schalter-form/1", "id": "S00000000247", "version": "1.2", "languages": ["de"],
 "title": {"de": "Anzeige einer Heimarbeit"}, "legal": ["§ 7 HAG"],
 "groups": [
  {"group": "betrieb", "label": {"de": "Angaben zum Betrieb"}, "items": [
   {"field": "name", "type": "text", "label": {"de": "Name des Betriebs"}, "required": true},
   {"field": "rechtsform", "type": "choice", "label": {"de": "Rechtsform"}, "choices": [{"code": "1", "label": {"de": "GmbH"}}, {"code": "2", "label": {"de": "Einzelunternehmen"}}]},
   {"field": "beginn", "type": "date", "label": {"de": "Beginn der Tätigkeit"}, "required": true}]},
  {"group": "person", "label": {"de": "Vertretungsberechtigte Person"}, "items": [
   {"field": "familienname", "type": "text", "width": 6, "label": {"de": "Familienname"}, "required": true},
   {"field": "vornamen", "type": "text", "width": 6, "label": {"de": "Vornamen"}},
   {"field": "mail", "type": "email", "width": 6, "label": {"de": "E-Mail"}},
   {"field": "telefon", "type": "phone", "width": 6, "label": {"de": "Telefon"}}]}],
 "rules": [
  {"rule": "R1", "do": "unresolved", "on": ["betrieb/beginn"], "text": {"de": "Der Beginn der Tätigkeit darf nicht vor der Eintragung in das Handelsregister liegen, sofern eine solche erforderlich ist."}},
  {"rule": "R2", "do": "unresolved", "on": ["person"], "text": {"de": "Mindestens eine Erreichbarkeit soll angegeben werden, wenn die Behörde Rückfragen haben könnte."}},
  {"rule": "R3", "do": "require", "on": ["person/vornamen"], "when": {"equal": [{"field": "betrieb/rechtsform"}, "2"]}}]}`

const ready = `{"format": "schalter-form/1", "id": "buecherei-ausweis", "version": "1.0", "title": {"de": "Ausweis für die Bücherei", "en": "Library card"}, "languages": ["de", "en"],
 "groups": [{"group": "leser", "label": {"de": "Leserin oder Leser", "en": "Reader"}, "items": [
  {"field": "name", "type": "text", "label": {"de": "Name", "en": "Name"}, "required": true},
  {"field": "geburt", "type": "date", "label": {"de": "Geburtsdatum", "en": "Date of birth"}, "required": true}]}],
 "proofs": [{"proof": "ausweis", "label": {"de": "Personalausweis", "en": "Identity card"}}]}`

// Office is the made-up office.
type Office struct {
	lib    *form.Library
	trials []trial.Item
	rows   []record.FormRow
	files  map[record.FormRef][]byte
	Fail   error // every publication answers this while it is set
}

// New makes the office around the library that ships with the program.
func New(lib *form.Library) *Office {
	o := &Office{lib: lib, files: map[record.FormRef][]byte{}}
	for i, x := range []struct{ file, name string }{{unclear, "S00000000247.xdf.xml"}, {ready, "Büchereiausweis.xlsx"}} {
		o.put(x.file, x.name, sample.Now.Add(-time.Duration(i+1)*40*time.Minute))
	}
	row := func(id, version, title string, d record.Delivery) *record.FormRow {
		o.rows = append(o.rows, record.FormRow{
			FormPublished: record.FormPublished{Form: record.FormRef{ID: id, Version: version, Hash: record.HashOf([]byte(id + version))}, Title: map[string]string{"de": title}},
			Here:          true, Delivery: d, User: sample.User, Time: sample.Now.Add(-26 * time.Hour),
		})
		return &o.rows[len(o.rows)-1]
	}
	row("sperrmuell", "2.0", "Sperrmüll anmelden", record.DeliveryCentre).User = ""
	row("wasserzaehler", "1.1", "Wasserzähler ablesen", record.DeliveryWaiting)
	row("ferienspiele", "2025.1", "Ferienspiele 2025", record.DeliveryCentre).Retired = true
	row("marktstand", "1.0", "Stand auf dem Wochenmarkt", record.DeliveryRejected).Reason = record.CodeNoRight
	for _, r := range o.rows {
		o.files[r.Form] = []byte(ready)
	}
	return o
}

func (o *Office) put(file, name string, at time.Time) (*form.Form, imported.Report) {
	r, err := incoming.Native([]byte(file), name)
	if err != nil {
		panic(err) // the texts above are broken; the first picture finds it
	}
	f, err := form.Parse(r.JSON)
	if err != nil {
		panic(err)
	}
	o.trials = append(o.trials, trial.Of(f.Ref(), f.Title, r.Report, sample.User, at))
	o.files[f.Ref()] = r.JSON
	return f, r.Report
}

// Overview tells what there is.
func (o *Office) Overview(context.Context) (forms.Overview, error) {
	return forms.Overview{
		Builtin: o.lib.All(), Published: o.rows, Trials: o.trials, Drafts: map[string]int{"sperrmuell": 2},
		Editing: map[string]bool{"wasserzaehler": true}, Authority: "Musterstadt",
	}, nil
}

// File reads a form.
func (o *Office) File(_ context.Context, ref record.FormRef) ([]byte, error) {
	if b, ok := o.files[ref]; ok {
		return b, nil
	}
	return nil, record.E(record.CodeFormUnknown, nil, "id", ref.ID, "version", ref.Version)
}

// Check refuses forms with open rules.
func (o *Office) Check(_ context.Context, file []byte) error {
	f, err := form.Parse(file)
	if err == nil {
		err = form.Publishable(f)
	}
	return err
}

// Import tells about one form, one code list and one file that is no form, whatever was brought.
func (o *Office) Import(_ context.Context, _ []incoming.File, _ forms.Options, took func(forms.Brought)) {
	o.trials = nil
	f, r := o.put(unclear, "S00000000247.xdf.xml", sample.Now)
	r.Notes = []*record.Error{record.E(record.CodeFIMKept, nil, "place", "Angaben zum Betrieb", "value", "maxSize 2 MB")}
	took(forms.Brought{File: "S00000000247.xdf.xml", Kind: incoming.KindSchema, Form: f, Report: r})
	f, r = o.put(ready, "Büchereiausweis.xlsx", sample.Now)
	took(forms.Brought{File: "Büchereiausweis.xlsx", Kind: incoming.KindSheet, Form: f, Report: r})
	took(forms.Brought{File: "Rechtsformen_2.4.xml", Kind: incoming.KindList})
	took(forms.Brought{File: "Rundschreiben.pdf", Err: record.E(record.CodeNotForm, nil, "file", "Rundschreiben.pdf")})
}

// Discard takes a form away.
func (o *Office) Discard(_ context.Context, ref record.FormRef) error {
	for i, x := range o.trials {
		if x.Form == ref {
			o.trials = append(o.trials[:i:i], o.trials[i+1:]...)
			break
		}
	}
	return nil
}

// Publish notes a publication that waits for the line.
func (o *Office) Publish(_ context.Context, file []byte) error {
	f, err := form.Parse(file)
	if err == nil {
		err = o.Fail
	}
	if err != nil {
		return err
	}
	o.files[f.Ref()] = file
	o.rows = append(o.rows, record.FormRow{
		FormPublished: record.FormPublished{Form: f.Ref(), Title: f.Title}, Here: true, Delivery: record.DeliveryWaiting, User: sample.User, Time: sample.Now,
	})
	return nil
}

// Retire withdraws a form.
func (o *Office) Retire(_ context.Context, id string) error {
	for i := range o.rows {
		if o.rows[i].Form.ID == id {
			o.rows[i].Retired = true
		}
	}
	return nil
}

// PrintBlank prints nothing.
func (o *Office) PrintBlank(context.Context, *form.Form, string) (record.Way, error) {
	return record.WayPrinted, nil
}

// WriteBlank writes nothing.
func (o *Office) WriteBlank(context.Context, io.Writer, *form.Form, string) error { return nil }

// Files are files by their path, none of which is read.
type Files struct{ Written map[string]*Sink }

// Sink keeps what was written.
type Sink struct{ Bytes []byte }

// Write keeps the bytes.
func (s *Sink) Write(p []byte) (int, error) { s.Bytes = append(s.Bytes, p...); return len(p), nil }

// Close does nothing.
func (s *Sink) Close() error { return nil }

// Open chooses one file.
func (f *Files) Open(chosen func([]incoming.File, error)) { chosen(some(), nil) }

// Save writes into memory.
func (f *Files) Save(name string, chosen func(io.WriteCloser, error)) {
	if f.Written == nil {
		f.Written = map[string]*Sink{}
	}
	f.Written[name] = &Sink{}
	chosen(f.Written[name], nil)
}

// Path takes every path but an empty one.
func (f *Files) Path(typed string) ([]incoming.File, error) {
	if typed == "" {
		return nil, record.E(record.CodeImportUnread, errors.New("no path"), "name", "")
	}
	return some(), nil
}

// Dropped takes whatever was dropped.
func (f *Files) Dropped([]fyne.URI) []incoming.File { return some() }

func some() []incoming.File {
	return []incoming.File{{Name: "S00000000247.xdf.xml"}, {Name: "Büchereiausweis.xlsx"}, {Name: "Rechtsformen_2.4.xml"}, {Name: "Rundschreiben.pdf"}}
}
