package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"schalter/data/record"
)

// publication is the edit that publishes a version of a form with some content.
func publication(id, version, content string, retired bool) record.Edit {
	h := record.HashOf([]byte(id + version + content))
	return record.Edit{Case: record.FormCase(id), Kind: record.KindForm, User: "amt", Payload: record.FormPublished{
		Form: record.FormRef{ID: id, Version: version, Hash: h}, Title: map[string]string{"de": "Formular " + id},
		File: record.BlobRef{Hash: record.HashOf([]byte("file" + string(h))), Size: 100_000}, Retired: retired,
	}}
}

func refOf(e record.Edit) record.FormRef { return e.Payload.(record.FormPublished).Form }

func fileOf(e record.Edit) record.BlobRef { return e.Payload.(record.FormPublished).File }

// shelf is what a desk knows of its forms, in short.
func shelf(t tester, s *Store) (out []string) {
	t.Helper()
	rows, err := s.Forms(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		line := fmt.Sprintf("%s %s %s", r.Form.ID, r.Form.Version, r.Delivery)
		if r.Retired {
			line += " retired"
		}
		if !r.Here {
			line += " missing"
		}
		out = append(out, line)
	}
	return out
}

func wantShelf(t *testing.T, what string, s *Store, want ...string) {
	t.Helper()
	if got := shelf(t, s); !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
	sound(t, s)
}

func TestAFormsWayToAnotherDesk(t *testing.T) {
	ctx := t.Context()
	a, b, c := desk(t, 1), desk(t, 2), newCentre()
	one := publication("hund", "1.9", "x", false)
	scan, _ := paper(submit(t, a, "Weber", "Ina", "Rex").ID, "Beleg")
	_, err := a.Apply(ctx, scan, one)
	check(t, err)
	wantShelf(t, "made", a, "hund 1.9 waiting")

	rows, _, err := a.Cases(ctx, record.ViewOffice, "", 0, 10)
	check(t, err)
	if len(rows) != 1 {
		t.Errorf("a form is in the list of cases: %+v", rows)
	}
	if _, err := a.Case(ctx, one.Case); record.CodeOf(err) != record.CodeNotFound {
		t.Errorf("a form is a case: %v", err)
	}
	out, err := a.Outbox(ctx)
	check(t, err)
	i := slices.IndexFunc(out, func(r record.OutboxRow) bool { return r.What == record.KindForm })
	if i < 0 || out[i].Form.ID != "hund" || out[i].Form.Version != "1.9" || out[i].Title["de"] != "Formular hund" || out[i].Case != "" || out[i].Changes != 1 {
		t.Fatalf("outbox: %+v", out)
	}
	for c.push(t, a, 2) > 0 {
	}
	wantShelf(t, "placed, its file is not", a, "hund 1.9 waiting")
	send, err := a.FilesToSend(ctx, 10)
	check(t, err)
	if len(send) != 4 || send[0] != fileOf(one) {
		t.Errorf("the form does not go first: %+v", send)
	}
	for _, f := range send {
		check(t, a.FileSent(ctx, f.Hash))
	}
	wantShelf(t, "in the centre", a, "hund 1.9 centre")

	c.pull(t, b, 99)
	wantShelf(t, "told", b, "hund 1.9 centre missing")
	fetch, err := b.FilesToFetch(ctx, 10)
	check(t, err)
	if len(fetch) != 4 || fetch[0] != fileOf(one) {
		t.Errorf("the form does not come first: %+v", fetch)
	}
	changed, stop := b.Watch()
	defer stop()
	check(t, b.FileFetched(ctx, fileOf(one).Hash))
	<-changed
	wantShelf(t, "arrived", b, "hund 1.9 centre")

	// A later version comes by another desk; it is later by number. The older one stays.
	_, err = b.Apply(ctx, publication("hund", "1.10", "y", false))
	check(t, err)
	_, err = b.Apply(ctx, publication("hund", "1.9.5", "y", false))
	wantCode(t, err, record.CodeFormNotNewer)
	_, err = b.Apply(ctx, publication("hund", "1.10", "z", false))
	wantCode(t, err, record.CodeFormVersionTaken)
	bad := publication("hund", "2", "z", false)
	bad.Case = record.NewID()
	if _, err := b.Apply(ctx, bad); err == nil {
		t.Error("published under another form's name")
	}
	for c.push(t, b, 9) > 0 {
	}
	c.pull(t, a, 9)
	wantShelf(t, "both", a, "hund 1.9 centre", "hund 1.10 centre missing")

	// Withdrawn and offered again.
	for _, retired := range []bool{true, false} {
		_, err = a.Apply(ctx, publication("hund", "1.10", "y", retired))
		check(t, err)
		c.push(t, a, 9)
		c.pull(t, b, 9)
		all, err := b.PublishedForms(ctx)
		check(t, err)
		if len(all) != 2 || all[1].Retired != retired {
			t.Errorf("%+v", all)
		}
	}
	sound(t, b)
}

func TestARefusedFormIsKeptForItsCasesOnly(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	one, two := publication("hund", "1", "x", false), publication("hund", "2", "x", false)
	_, err := s.Apply(ctx, one)
	check(t, err)
	c.push(t, s, 9)
	changes, err := s.Apply(ctx, two)
	check(t, err)
	check(t, s.Rejected(ctx, changes[0].ID, record.CodeNoRight, "no"))
	wantShelf(t, "refused", s, "hund 1 waiting", "hund 2 rejected")
	all, err := s.PublishedForms(ctx)
	check(t, err)
	if len(all) != 1 || all[0].Form != refOf(one) {
		t.Errorf("%+v", all)
	}
	out, err := s.Outbox(ctx)
	check(t, err)
	if len(out) != 2 || out[0].Reason != record.CodeNoRight || out[0].Form != (record.FormRef{ID: "hund", Version: "2"}) || out[1].Form.Version != "1" || out[1].File == "" {
		t.Errorf("%+v", out)
	}
	n, err := s.Counts(ctx, "")
	check(t, err)
	if n.Rejected != 1 || n.Outbox != 0 || n.Files != 1 {
		t.Errorf("%+v", n)
	}
	// With the right given, the same is published once more.
	_, err = s.Apply(ctx, two)
	check(t, err)
	c.push(t, s, 9)
	wantShelf(t, "again", s, "hund 1 waiting", "hund 2 waiting")
	if n, err := s.Counts(ctx, ""); err != nil || n.Rejected != 0 {
		t.Errorf("what was taken in the end is still in the tray: %+v %v", n, err)
	}

	// A withdrawal that is refused is seen too, and withdraws nothing.
	changes, err = s.Apply(ctx, publication("hund", "2", "x", true))
	check(t, err)
	check(t, s.Rejected(ctx, changes[0].ID, record.CodeNoRight, "no"))
	wantShelf(t, "not withdrawn", s, "hund 1 waiting", "hund 2 waiting", "hund 2 rejected retired")
	if out, err := s.Outbox(ctx); err != nil || out[0].Reason != record.CodeNoRight || out[0].Form.Version != "2" {
		t.Errorf("%+v %v", out, err)
	}

	// A restored centre gets all of it again, the refused one too.
	check(t, s.Rewind(ctx, record.NewID()))
	if p, err := s.Pending(ctx, 9, 1<<20); err != nil || len(p) != 4 {
		t.Errorf("%d pending, %v", len(p), err)
	}
	wantShelf(t, "restored", s, "hund 1 waiting", "hund 2 waiting retired")
}

func TestFaultyPublicationsSayNothing(t *testing.T) {
	s, c := desk(t, 1), newCentre()
	device := record.NewID()
	var prev record.Change
	write := func(e record.Edit, alter func(*record.Change)) {
		ch, err := record.Seal(e, device, prev, s.clock())
		check(t, err)
		prev = ch
		alter(&ch)
		c.place([]record.Change{ch})
	}
	huge := publication("riese", "1", "x", false)
	p := huge.Payload.(record.FormPublished)
	p.File.Size = record.MaxFormFile + 1
	huge.Payload = p
	stray := publication("hund", "1", "x", false)
	stray.Case = record.NewID()
	write(publication("hund", "1", "x", false), func(ch *record.Change) { ch.Payload = json.RawMessage(`{"form":{"id":"hund","version":"9"}}`) })
	write(stray, func(*record.Change) {})
	write(huge, func(*record.Change) {})
	write(record.Edit{Case: record.FormCase("hund"), Kind: record.KindForm, Payload: "a text"}, func(*record.Change) {})
	write(publication("hund", "1", "x", false), func(*record.Change) {})
	c.pull(t, s, 9)
	wantShelf(t, "faulty ones", s, "hund 1 centre missing")
	if n, err := s.Counts(t.Context(), ""); err != nil || n.Office != 0 {
		t.Errorf("%+v %v", n, err)
	}
}

// A kind that this program does not know stands in the journal and is shown in no list.
func TestChangesOfAnUnknownKindAreNoCase(t *testing.T) {
	s, c := desk(t, 1), newCentre()
	ch, err := record.Seal(record.Edit{Case: record.NewID(), Kind: "later", User: "x", Payload: map[string]int{"a": 1}}, record.NewID(), record.Change{}, s.clock())
	check(t, err)
	c.place([]record.Change{ch})
	c.pull(t, s, 9)
	if n, err := s.Counts(t.Context(), ""); err != nil || n != (record.Counts{}) {
		t.Errorf("%+v %v", n, err)
	}
	if j, err := s.Journal(t.Context(), ch.Case); err != nil || len(j) != 1 {
		t.Errorf("%+v %v", j, err)
	}
	sound(t, s)
}

// Desks that publish, withdraw, lose places and sync in any order agree on the forms once all is exchanged,
// and what was answered for is not lost.
func TestDesksAgreeOnForms(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		dir := tempDir(r)
		defer func() { _ = os.RemoveAll(dir) }()
		var desks []*Store
		for i := range 2 {
			at := filepath.Join(dir, fmt.Sprint(i))
			must(r, os.Mkdir(at, 0o700))
			s, err := Create(ctx, at, testOptions())
			must(r, err)
			defer func() { _ = s.Close() }()
			id, err := s.Identity(ctx)
			must(r, err)
			id.Office, id.Desk, id.Centre = "MS", i+1, "https://centre.example"
			must(r, s.SetIdentity(ctx, id))
			desks = append(desks, s)
		}
		c := newCentre()
		published := map[record.FormRef]bool{}
		refuse := map[record.ID]bool{}
		exchange := func(s *Store) {
			pending, err := s.Pending(ctx, 100, 1<<20)
			must(r, err)
			for _, ch := range pending {
				if rapid.IntRange(0, 5).Draw(r, "refused") == 0 && c.seq[ch.ID] == 0 || refuse[ch.ID] {
					refuse[ch.ID] = true
					must(r, s.Rejected(ctx, ch.ID, record.CodeNoRight, ""))
					continue
				}
				must(r, s.Accepted(ctx, c.place([]record.Change{ch})))
			}
			from, err := s.Cursor(ctx)
			must(r, err)
			_, err = s.Receive(ctx, c.log[from.Seq:], record.Cursor{History: "h", Seq: uint64(len(c.log))})
			must(r, err)
		}
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			s := rapid.SampledFrom(desks).Draw(r, "desk")
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0, 1, 2:
				e := publication(rapid.SampledFrom([]string{"a", "b"}).Draw(r, "form"), fmt.Sprint(rapid.IntRange(1, 12).Draw(r, "version")),
					rapid.SampledFrom([]string{"x", "y"}).Draw(r, "content"), rapid.Bool().Draw(r, "retired"))
				if _, err := s.Apply(ctx, e); err == nil {
					published[refOf(e)] = true
				}
			case 3, 4:
				exchange(s)
			case 5:
				must(r, s.Rewind(ctx, "h"))
			}
			sound(r, s)
		}
		for range 3 {
			for _, s := range desks {
				exchange(s)
			}
		}
		var known [2]map[string]bool
		kept := map[record.FormRef]bool{}
		for i, s := range desks {
			sound(r, s)
			known[i] = map[string]bool{}
			rows, err := s.Forms(ctx)
			must(r, err)
			for _, f := range rows {
				kept[f.Form] = true
				if f.Delivery != record.DeliveryRejected {
					known[i][fmt.Sprint(f.Form, f.Retired, f.Delivery == record.DeliveryConflict)] = true
				}
			}
		}
		if !maps.Equal(known[0], known[1]) {
			r.Fatalf("the desks differ:\n%s", cmp.Diff(known[0], known[1]))
		}
		for ref := range published {
			if !kept[ref] {
				r.Fatalf("lost: %v", ref)
			}
		}
	})
}

func must(r *rapid.T, err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// An older program made nameless cases of the changes about forms. The migration takes them away.
func TestFormsLeaveTheCasesOfAnOlderProgram(t *testing.T) {
	ctx := t.Context()
	s, c := desk(t, 1), newCentre()
	other := desk(t, 2)
	submit(t, other, "Weber", "Ina", "Rex")
	_, err := other.Apply(ctx, publication("hund", "1", "x", false), publication("hund", "2", "x", true))
	check(t, err)
	for c.push(t, other, 9) > 0 {
	}
	c.pull(t, s, 9)
	before := everything(t, s)
	// Put back what version 2 had made of it.
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
		b := x.batch()
		w, err := b.load(ctx, record.FormCase("hund"))
		if err != nil {
			return err
		}
		for _, q := range []string{
			`DELETE FROM form`, `UPDATE cases SET shelf = 1, seq = 2, updated = 1 WHERE key = ?`,
			`UPDATE journal SET matter = ?, topic = NULL WHERE kind = 'form'`, `INSERT INTO case_body (key, body) VALUES (?, CAST('{}' AS BLOB))`,
		} {
			var a []any
			if q[0] != 'D' {
				a = args(w.key)
			}
			if err := x.exec(ctx, q, a...); err != nil {
				return err
			}
		}
		if err := x.exec(ctx, `DELETE FROM file WHERE key NOT IN (SELECT file FROM document_file)`); err != nil {
			return err
		}
		b.count(row{shelf: shelfOpen, updated: 1}, 1)
		return b.saveTally(ctx)
	}))
	if n, err := s.Counts(ctx, ""); err != nil || n.Office != 2 {
		t.Fatalf("%+v %v", n, err)
	}
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error { return x.moveForms(ctx) }))
	if diff := cmp.Diff(before, everything(t, s)); diff != "" {
		t.Error(diff)
	}
	wantShelf(t, "moved", s, "hund 1 centre missing", "hund 2 centre retired missing")
}
