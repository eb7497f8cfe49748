package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/transfer"
)

func blob(name string, size int64) record.BlobRef {
	return record.BlobRef{Hash: record.HashOf([]byte(name)), Size: size}
}

func version(id record.ID, d record.Document, why record.Why, name string, text bool, more ...record.Original) record.Edit {
	v := record.DocumentVersion{Document: d.ID, Of: d.Shown.Hash, Why: why, Shown: blob(name, 2000), MediaType: d.MediaType, Pages: d.Pages, Originals: more}
	if text {
		v.Text = blob(name+"t", 300)
	}
	return record.Edit{Case: id, Kind: record.KindVersion, User: "weber", Payload: v}
}

// drawPaper is something a clerk does with a document.
func drawPaper(r *rapid.T, id record.ID, d record.Document) record.Edit {
	e := record.Edit{Case: id, User: "weber"}
	switch rapid.IntRange(0, 5).Draw(r, "paper") {
	case 0:
		more := append(slices.Clip(d.Originals), record.Original{Blob: blob(rapid.StringMatching(`[a-c]`).Draw(r, "more"), 70_000)})
		return version(id, d, record.WhyPages, fmt.Sprint("v", len(d.Versions), d.ID), rapid.Bool().Draw(r, "text"), more...)
	case 1:
		return version(id, d, record.WhyText, fmt.Sprint("w", len(d.Versions), d.ID), true)
	case 2:
		m := record.Mark{ID: record.ID(rapid.StringMatching(`[a-c]`).Draw(r, "mark")), Kind: record.MarkNote, Boxes: []record.Box{{X1: 1, Y1: 1}}}
		e.Kind, e.Payload = record.KindMark, record.DocumentMarked{Document: d.ID, Mark: m, Gone: rapid.Bool().Draw(r, "gone")}
	case 3:
		e.Kind, e.Payload = record.KindCheck, record.DocumentChecked{Document: d.ID, Of: d.Shown.Hash, OK: true}
	case 4:
		e.Kind, e.Payload = record.KindCertify, record.DocumentCertified{Document: d.ID, Of: d.Shown.Hash, Number: "B", Copy: blob("copy", 500)}
	default:
		e.Kind, e.Payload = record.KindTrash, record.DocumentTrashed{Document: d.ID, Back: rapid.Bool().Draw(r, "back")}
	}
	return e
}

func TestAVersionTravels(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	scan, doc := paper(record.NewID(), "Beleg")
	_, err := one.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	c.push(t, one, 100)
	sent := func(s *Store, want int) (files []record.BlobRef) {
		t.Helper()
		files, err := s.FilesToSend(ctx, 100)
		check(t, err)
		if len(files) != want {
			t.Fatalf("%d files to send, want %d: %v", len(files), want, files)
		}
		for _, f := range files {
			check(t, s.FileSent(ctx, f.Hash))
		}
		return files
	}
	fetched := func(s *Store, want int) {
		t.Helper()
		files, err := s.FilesToFetch(ctx, 100)
		check(t, err)
		if len(files) != want {
			t.Fatalf("%d files to fetch, want %d: %v", len(files), want, files)
		}
		for _, f := range files {
			check(t, s.FileFetched(ctx, f.Hash))
		}
	}
	found := func(s *Store, query string, want int) {
		t.Helper()
		hits, err := s.Find(ctx, query, 5)
		check(t, err)
		if len(hits) != want {
			t.Errorf("%q is found %d times, want %d", query, len(hits), want)
		}
	}
	sent(one, 3)
	c.pull(t, two, 100)
	fetched(two, 3)
	check(t, two.IndexText(ctx, doc.ID, doc.Text.Hash, []string{"Versicherungsschein"}))
	found(two, "versicherung", 1)

	// The other desk takes a page in: only what is new goes over the line, and not before its change.
	more := append(slices.Clip(doc.Originals), record.Original{Name: "neu.jpg", Blob: blob("neu", 90_000)})
	e := version(scan.Case, doc, record.WhyPages, "v1", false, more...)
	_, err = two.Apply(ctx, e)
	check(t, err)
	found(two, "versicherung", 0)
	sent(two, 0)
	if r, err := two.Row(ctx, scan.Case); err != nil || r.Files != 2 || r.Delivery != record.DeliveryWaiting {
		t.Errorf("row %+v, %v", r, err)
	}
	c.push(t, two, 100)
	sent(two, 2)
	c.pull(t, one, 100)
	fetched(one, 2)
	got, err := one.Case(ctx, scan.Case)
	check(t, err)
	d := got.Documents[0]
	if d.Shown != blob("v1", 2000) || len(d.Originals) != 2 || len(d.Versions) != 1 || d.Versions[0].Shown != doc.Shown || d.Latest.User != "weber" {
		t.Errorf("%+v", d)
	}

	// Its words are recognized, with words of the former pages on the way.
	check(t, one.IndexText(ctx, doc.ID, doc.Text.Hash, []string{"Versicherungsschein"}))
	found(one, "versicherung", 0)
	_, err = one.Apply(ctx, version(scan.Case, d, record.WhyText, "v2", true))
	check(t, err)
	todo, err := one.TextToIndex(ctx, 10)
	check(t, err)
	if len(todo) != 1 || todo[0].Text != blob("v2t", 300) || todo[0].Pages != 2 {
		t.Fatalf("to index: %+v", todo)
	}
	check(t, one.IndexText(ctx, doc.ID, todo[0].Text.Hash, []string{"Haftpflicht"}))
	found(one, "haftpflicht", 1)
	_, err = two.Apply(ctx, version(scan.Case, doc, record.WhyText, "late", true))
	check(t, err)
	if todo, _ := two.TextToIndex(ctx, 10); len(todo) > 0 {
		t.Errorf("words of what is not shown are to be indexed: %+v", todo)
	}
	c.push(t, one, 100)
	c.push(t, two, 100)
	for _, s := range []*Store{one, two} {
		c.pull(t, s, 100)
		sound(t, s)
		// After the centre was restored from a backup.
		check(t, s.Rewind(ctx, "h2"))
		sound(t, s)
	}
	c = newCentre()
	c.push(t, two, 100) // what became of the document comes before the document
	c.push(t, one, 100)
	third := desk(t, 3)
	for _, s := range []*Store{one, two, third} {
		for c.pull(t, s, 1) > 0 {
			sound(t, s)
		}
		again, err := s.Case(ctx, scan.Case)
		check(t, err)
		if a := again.Documents[0]; len(a.Versions) != 3 || len(again.Early) > 0 || len(a.Originals) != 2 {
			t.Errorf("%d versions, %d early, %+v", len(a.Versions), len(again.Early), a.Latest)
		}
		if len(again.Documents[0].Blobs()) != 9 {
			t.Errorf("%d files", len(again.Documents[0].Blobs()))
		}
	}
	files, err := third.FilesToFetch(ctx, 100)
	check(t, err)
	if len(files) != 9 {
		t.Errorf("a new desk fetches %d files", len(files))
	}
}

func TestEditsOfDocumentsThatCannotBe(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	scan, doc := paper(record.NewID(), "Beleg")
	_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	before := everything(t, s)
	other := doc
	other.ID = record.NewID()
	wantCode(t, applyOne(ctx, s, version(scan.Case, other, record.WhyPages, "v", true)), record.CodeNotFound)
	bad := version(scan.Case, doc, record.WhyPages, "v", true)
	v, _ := bad.Payload.(record.DocumentVersion)
	v.Sheets = []record.Sheet{{Original: 1}}
	bad.Payload = v
	wantCode(t, applyOne(ctx, s, bad), record.CodeRejected)
	for kind, payload := range map[record.Kind]any{
		record.KindVersion: record.DocumentMarked{}, record.KindMark: record.DocumentVersion{}, record.KindCheck: record.DocumentTrashed{},
		record.KindTrash: record.DocumentChecked{}, record.KindCertify: record.Note{},
	} {
		if applyOne(ctx, s, record.Edit{Case: scan.Case, Kind: kind, Payload: payload}) == nil {
			t.Errorf("%s was taken with a %T", kind, payload)
		}
	}
	if diff := everything(t, s); len(diff.Pending) != len(before.Pending) {
		t.Error("something was recorded")
	}
	// Sheets count by the originals that the clerk saw, whatever comes to them meanwhile.
	v.Sheets = []record.Sheet{{Original: 0, Turns: 1}}
	bad.Payload = v
	check(t, applyOne(ctx, s, bad))
	pending, err := s.Pending(ctx, 100, 1<<20)
	check(t, err)
	p, err := record.Decode[record.DocumentVersion](pending[len(pending)-1])
	check(t, err)
	if len(p.Originals) != 1 || p.Originals[0] != doc.Originals[0] {
		t.Errorf("originals %+v", p.Originals)
	}
	sound(t, s)
}

func applyOne(ctx context.Context, s *Store, e record.Edit) error {
	_, err := s.Apply(ctx, e)
	return err
}

func TestJournalSaysWhatBecameOfDocuments(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	scan, doc := paper(record.NewID(), "Ausweis")
	_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	m := record.Mark{ID: "m", Kind: record.MarkBlack, Boxes: []record.Box{{X1: 1, Y1: 1}}}
	edit := func(k record.Kind, p any) record.Edit {
		return record.Edit{Case: scan.Case, Kind: k, User: "weber", Payload: p}
	}
	_, err = s.Apply(ctx, version(scan.Case, doc, record.WhyPages, "v", false),
		edit(record.KindMark, record.DocumentMarked{Document: doc.ID, Mark: m}), edit(record.KindMark, record.DocumentMarked{Document: doc.ID, Mark: m, Gone: true}),
		edit(record.KindCheck, record.DocumentChecked{Document: doc.ID, Of: doc.Shown.Hash, OK: true}), edit(record.KindCheck, record.DocumentChecked{Document: doc.ID, Of: doc.Shown.Hash}),
		edit(record.KindCertify, record.DocumentCertified{Document: doc.ID, Of: doc.Shown.Hash, Number: "B-1", Copy: blob("c", 5)}),
		edit(record.KindTrash, record.DocumentTrashed{Document: doc.ID}), edit(record.KindTrash, record.DocumentTrashed{Document: doc.ID, Back: true}))
	check(t, err)
	lines, err := s.Journal(ctx, scan.Case)
	check(t, err)
	var got []string
	for _, l := range lines[len(lines)-8:] {
		got = append(got, string(l.Kind)+" "+l.What)
		if l.Text != "Ausweis" || l.Doc != doc.ID {
			t.Errorf("%+v", l)
		}
	}
	if want := []string{"version pages", "mark black", "mark gone", "check ok", "check bad", "certify B-1", "trash ", "trash back"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	sound(t, s)
}

// A faulty change about a document of another desk stops nothing and brings no files.
func TestPoisonAboutDocuments(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	scan, doc := paper(record.NewID(), "Beleg")
	_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	c.push(t, s, 100)
	var prev record.Change
	for _, e := range []record.Edit{
		{Kind: record.KindVersion, Payload: record.DocumentVersion{Document: doc.ID, Why: record.WhyPages, Shown: record.BlobRef{Hash: "x", Size: 5}}},
		{Kind: record.KindVersion, Payload: map[string]any{"document": 5}},
		{Kind: record.KindVersion, Payload: record.DocumentVersion{Document: record.NewID(), Why: record.WhyPages, Shown: blob("y", 5)}},
		{Kind: record.KindMark, Payload: record.DocumentMarked{Document: doc.ID}},
		{Kind: record.KindCertify, Payload: record.DocumentCertified{Document: doc.ID, Of: doc.Shown.Hash, Number: "B", Copy: record.BlobRef{Hash: doc.Shown.Hash}}},
		{Kind: "sealed", Payload: map[string]any{"document": doc.ID}},
		{Kind: record.KindTrash, Payload: record.DocumentTrashed{Document: doc.ID, Reason: strings.Repeat("x", 100_000)}},
	} {
		e.Case, e.User = scan.Case, "x"
		ch, err := record.Seal(e, "0199d7a0-0000-7000-8000-00000000000c", prev, time.Unix(1_790_000_000, 0))
		check(t, err)
		c.place([]record.Change{ch})
		prev = ch
	}
	for c.pull(t, s, 100) > 0 {
	}
	sound(t, s)
	got, err := s.Case(ctx, scan.Case)
	check(t, err)
	if d := got.Documents[0]; d.Shown != doc.Shown || len(d.Versions)+len(d.Marks)+len(d.Certified) > 0 || d.Trashed == nil {
		t.Errorf("%+v", d)
	}
	if files, _ := s.FilesToFetch(ctx, 10); len(files) > 0 {
		t.Errorf("to fetch: %v", files)
	}
}

func TestScansAreFiledWithASignedNote(t *testing.T) {
	ctx := t.Context()
	s, two, c := desk(t, 1), desk(t, 2), newCentre()
	s.soft = "Schalter 1"
	scan, doc := paper(record.NewID(), "Ausweis")
	doc.Transfer = &record.Transfer{Time: time.Unix(1_790_000_000, 0), User: "weber", Pages: 1, Match: true}
	scan.Payload = record.DocumentAdded{Document: doc}
	edits := append(dog(scan.Case, "Weber", "Ina", "Rex"), scan)
	made, err := s.Submit(ctx, "", edits)
	check(t, err)
	if doc.Transfer.Sig != nil {
		t.Error("the draft's note was altered")
	}
	id, err := s.Identity(ctx)
	check(t, err)
	n := made.Documents[0].Transfer
	if transfer.Verify(made.Documents[0]) != nil || n.Desk != id.Device || n.Software != "Schalter 1" || transfer.ToDestroy(made.Documents[0]) != transfer.NeedCheck {
		t.Fatalf("%+v", n)
	}
	// Said twice it is filed once.
	again, err := s.Submit(ctx, "", edits)
	check(t, err)
	if again.Last != made.Last {
		t.Error("the scan was filed once more")
	}
	second, doc2 := paper(scan.Case, "Vertrag")
	doc2.Transfer = doc.Transfer
	second.Payload = record.DocumentAdded{Document: doc2}
	check(t, applyOne(ctx, s, second))
	c.push(t, s, 100)
	c.pull(t, two, 100)
	for _, x := range []*Store{s, two} {
		r, err := x.Verify(ctx, nil)
		check(t, err)
		if r.Signed != 2 || len(r.Problems) > 0 {
			t.Errorf("%+v", r)
		}
	}
	// A note of this desk that another key has signed, and one that was altered after it was signed.
	forged, altered := doc, transfer.Sign(doc, id, "x")
	forged.ID, altered.ID = record.NewID(), record.NewID()
	forged = transfer.Sign(forged, record.Identity{Device: id.Device, Key: []byte(strings.Repeat("f", 32))}, "x")
	altered.Transfer.User = "someone else"
	var prev record.Change
	for _, d := range []record.Document{forged, altered} {
		ch, err := record.Seal(record.Edit{Case: scan.Case, Kind: record.KindDocument, Payload: record.DocumentAdded{Document: d}}, "0199d7a0-0000-7000-8000-00000000000d", prev, time.Unix(1_790_000_000, 0))
		check(t, err)
		c.place([]record.Change{ch})
		prev = ch
	}
	c.pull(t, s, 100)
	r, err := s.Verify(ctx, nil)
	check(t, err)
	if len(r.Problems) != 2 || !strings.Contains(r.Problems[0]+r.Problems[1], "another key") || !strings.Contains(r.Problems[0]+r.Problems[1], "not what was signed") {
		t.Errorf("%q", r.Problems)
	}
}

// A store from before documents had versions keeps every document with its files.
func TestOlderStoreKeepsItsFiles(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	for i := range 3 {
		scan, _ := paper(record.NewID(), fmt.Sprint("Beleg", i))
		_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
		check(t, err)
	}
	before, err := s.Outbox(ctx)
	check(t, err)
	steps, err := migrations(migrationFiles)
	check(t, err)
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
		if _, err := x.c.ExecContext(ctx, `
			CREATE TABLE old AS SELECT document, file FROM document_file;
			DROP TABLE document_file;
			CREATE TABLE document_file (document INTEGER NOT NULL REFERENCES document (key), file INTEGER NOT NULL REFERENCES file (key),
				PRIMARY KEY (document, file)) STRICT, WITHOUT ROWID;
			INSERT INTO document_file SELECT document, file FROM old;
			DROP TABLE old;
			CREATE INDEX document_file_file ON document_file (file);
			ALTER TABLE document DROP COLUMN version;
			ALTER TABLE document DROP COLUMN trashed;
			DROP INDEX journal_certify;`); err != nil {
			return err
		}
		return x.migrate(ctx, steps[6])
	}))
	sound(t, s)
	after, err := s.Outbox(ctx)
	check(t, err)
	if len(after) != len(before) || len(after) == 0 {
		t.Errorf("%d lines wait, were %d", len(after), len(before))
	}
}
