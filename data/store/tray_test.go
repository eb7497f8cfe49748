package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/sorting"
)

func trayPage(name string) sorting.Page {
	return sorting.Page{ID: record.NewID(), Original: record.Original{
		Name: name, MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf([]byte(name)), Size: 10},
	}}
}

// scanned puts a stack of n pages into the tray.
func scanned(t testing.TB, s *Store, n int) (sorting.Stack, []record.ID) {
	t.Helper()
	st := sorting.Stack{ID: record.NewID(), User: "weber", Made: s.clock(), Device: "Fujitsu fi-7160"}
	check(t, s.BeginTray(t.Context(), st))
	var ids []record.ID
	for i := range n {
		p, err := s.AddTrayPage(t.Context(), st.ID, trayPage(fmt.Sprint(st.ID, i)))
		check(t, err)
		if p.N != i {
			t.Errorf("page %d has the number %d", i, p.N)
		}
		ids = append(ids, p.ID)
	}
	check(t, s.EndTray(t.Context(), st.ID, false))
	return st, ids
}

func filing(c, doc record.ID, pages ...sorting.Page) record.Edit {
	d := record.Document{ID: doc, Title: "Nachweis", Source: record.SourceScan, MediaType: "application/pdf", Pages: len(pages), Shown: record.BlobRef{Hash: record.HashOf([]byte(doc)), Size: 9}}
	for _, p := range pages {
		d.Originals = append(d.Originals, p.Original)
	}
	return record.Edit{Case: c, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: d}}
}

func left(t testing.TB, s *Store) (out []sorting.Page) {
	t.Helper()
	all, err := s.Tray(t.Context())
	check(t, err)
	for _, st := range all {
		for _, p := range st.Pages {
			if p.Filed == "" {
				out = append(out, p)
			}
		}
	}
	n, err := s.TrayPages(t.Context())
	check(t, err)
	c, err := s.Counts(t.Context(), "weber")
	check(t, err)
	if n != len(out) || c.Tray != n {
		t.Errorf("%d pages are counted, %d are there", n, len(out))
	}
	return out
}

// asNow are pages as they are in the tray.
func asNow(t testing.TB, s *Store, ids []record.ID) []sorting.Page {
	t.Helper()
	out := make([]sorting.Page, len(ids))
	for i, id := range ids {
		out[i].ID = id
		for _, p := range left(t, s) {
			if p.ID == id {
				out[i] = p
			}
		}
	}
	return out
}

// A page is put to another case while the document that was to be made of it is bound.
func TestTrayFilesOnlyWhatWasDecided(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	c := submit(t, s, "Müller", "Anna", "Bello")
	_, ids := scanned(t, s, 2)
	seen := asNow(t, s, ids)
	check(t, s.ChangeTray(ctx, ids[1:], func(p *sorting.Page) { p.Given = &sorting.Given{Group: record.NewID(), Number: "MS-1-26/00099"} }))
	wantCode(t, s.FileTray(ctx, seen, filing(c.ID, record.NewID(), seen...)), record.CodeTrayChanged)
	if got, err := s.Case(ctx, c.ID); err != nil || len(got.Documents) != 0 || len(left(t, s)) != 2 {
		t.Errorf("%d documents, %d pages left, %v", len(got.Documents), len(left(t, s)), err)
	}
	check(t, s.FileTray(ctx, asNow(t, s, ids), filing(c.ID, record.NewID(), seen...)))
	sound(t, s)
}

func TestTrayFilesOnce(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	c := submit(t, s, "Müller", "Anna", "Bello")
	_, ids := scanned(t, s, 3)
	all := left(t, s)
	doc := record.NewID()
	edit := filing(c.ID, doc, all[:2]...)
	check(t, s.FileTray(ctx, asNow(t, s, ids[:2]), edit))
	check(t, s.FileTray(ctx, asNow(t, s, ids[:2]), edit)) // the answer was lost
	got, err := s.Case(ctx, c.ID)
	check(t, err)
	if len(got.Documents) != 1 || len(got.Documents[0].Originals) != 2 || len(left(t, s)) != 1 {
		t.Errorf("%d documents, %d pages left", len(got.Documents), len(left(t, s)))
	}
	wantCode(t, s.FileTray(ctx, asNow(t, s, ids[1:]), filing(c.ID, record.NewID(), all[1:]...)), record.CodeTrayGone)
	if got, _ := s.Case(ctx, c.ID); len(got.Documents) != 1 || len(left(t, s)) != 1 {
		t.Error("a page was filed twice, or one was lost with it")
	}
	stacks, err := s.Tray(ctx)
	check(t, err)
	if len(stacks) != 1 || len(stacks[0].Pages) != 3 || stacks[0].Pages[0].Filed != doc || stacks[0].Pages[2].Filed != "" {
		t.Errorf("what is filed does not count for the rest: %+v", stacks)
	}
	check(t, s.FileTray(ctx, asNow(t, s, ids[2:]), filing(c.ID, record.NewID(), all[2])))
	if stacks, err := s.Tray(ctx); err != nil || len(stacks) != 0 {
		t.Errorf("a stack of which nothing is left: %v, %v", stacks, err)
	}
	var rows int
	check(t, s.read(ctx, func(ctx context.Context, x *tx) error {
		_, err := x.one(ctx, `SELECT count(*) FROM tray_stack`, nil, &rows)
		return err
	}))
	if rows != 0 {
		t.Error("the stack's row is still there")
	}
	sound(t, s)
}

func TestTrayNeverBringsADeletedCaseBack(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	c := submit(t, s, "Müller", "Anna", "Bello")
	_, ids := scanned(t, s, 1)
	_, err := s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Reason: "doppelt", Base: c.Last}})
	check(t, err)
	wantCode(t, s.FileTray(ctx, asNow(t, s, ids), filing(c.ID, record.NewID(), left(t, s)...)), record.CodeTrayDeleted)
	wantCode(t, s.FileTray(ctx, asNow(t, s, ids), filing(record.NewID(), record.NewID(), left(t, s)...)), record.CodeNotFound)
	if got, err := s.Case(ctx, c.ID); err != nil || !got.Deleted || len(left(t, s)) != 1 {
		t.Errorf("deleted %v, %d pages left, %v", got.Deleted, len(left(t, s)), err)
	}
	other := record.NewID()
	if s.FileTray(ctx, asNow(t, s, ids), filing(c.ID, other), record.Edit{Case: other, Kind: record.KindNote, Payload: record.Note{Text: "x"}}) == nil {
		t.Error("edits of two cases were taken")
	}
}

func TestTrayUndo(t *testing.T) {
	for _, whole := range []bool{false, true} {
		s, ctx := desk(t, 1), t.Context()
		c := submit(t, s, "Müller", "Anna", "Bello")
		_, ids := scanned(t, s, 3)
		if !whole {
			ids = ids[:2]
		}
		before, err := s.Tray(ctx)
		check(t, err)
		doc := record.NewID()
		check(t, s.FileTray(ctx, asNow(t, s, ids), filing(c.ID, doc, before[0].Pages[:len(ids)]...)))
		trash := record.Edit{Case: c.ID, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: doc}}
		check(t, s.UnfileTray(ctx, before[0], ids, trash))
		got, err := s.Case(ctx, c.ID)
		check(t, err)
		if len(got.Documents) != 1 || got.Documents[0].Trashed == nil || len(left(t, s)) != 3 {
			t.Errorf("%+v, %d pages", got.Documents, len(left(t, s)))
		}
		after, err := s.Tray(ctx)
		check(t, err)
		for i, p := range after[0].Pages {
			if w := before[0].Pages[i]; p.ID != w.ID || p.N != w.N || p.Filed != "" {
				t.Errorf("page %d is %+v, was %+v", i, p, w)
			}
		}
		check(t, s.FileTray(ctx, asNow(t, s, ids), filing(c.ID, record.NewID(), after[0].Pages[:len(ids)]...)))
		sound(t, s)
	}
}

func TestTrayChanges(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	_, ids := scanned(t, s, 3)
	g := sorting.Given{Group: record.NewID(), Number: "MS-1-26-00001-8"}
	check(t, s.ChangeTray(ctx, ids[:2], func(p *sorting.Page) { p.Given = &g; p.N = 99; p.ID = "x"; p.Filed = "y" }))
	check(t, s.ChangeTray(ctx, ids[1:], func(p *sorting.Page) { p.Read, p.Codes = true, []string{"schalter1:x"} }))
	all := left(t, s)
	if len(all) != 3 || all[0].Given == nil || all[1].Given == nil || !all[1].Read || all[2].Given != nil || all[1].N != 1 {
		t.Errorf("%+v", all)
	}
	wantCode(t, s.ChangeTray(ctx, []record.ID{ids[0], record.NewID()}, func(p *sorting.Page) { p.Given = nil }), record.CodeTrayGone)
	if left(t, s)[0].Given == nil {
		t.Error("a part of the pages was changed")
	}
	check(t, s.DropTray(ctx, "weber", ids))
	if len(left(t, s)) != 0 {
		t.Error("thrown away, and there")
	}
	_, err := s.AddTrayPage(ctx, record.NewID(), trayPage("x"))
	wantCode(t, err, record.CodeTrayGone)
	wantCode(t, s.BeginTray(ctx, sorting.Stack{}), record.CodeBadID)
}

func TestNumbered(t *testing.T) {
	s := desk(t, 1)
	c := submit(t, s, "Müller", "Anna", "Bello")
	got, found, err := s.Numbered(t.Context(), c.Number)
	if err != nil || !found || got.ID != c.ID {
		t.Errorf("%v, %v, %v", got.ID, found, err)
	}
	if _, found, err := s.Numbered(t.Context(), ""); err != nil || found {
		t.Errorf("no number: %v, %v", found, err)
	}
}

// Whatever is scanned, filed, taken back and thrown away in whatever order: each page is in the tray, in a
// document that is not in the trash, or thrown away, and only once.
func TestTrayKeepsEveryPage(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s, ctx := desk(t, 1), t.Context()
		c := submit(t, s, "Müller", "Anna", "Bello")
		type filed struct {
			st    sorting.Stack
			pages []record.ID
			doc   record.ID
		}
		var done []filed
		where := map[record.ID]string{}
		for range rapid.IntRange(1, 14).Draw(r, "steps") {
			all, err := s.Tray(ctx)
			check(t, err)
			switch what := rapid.IntRange(0, 4).Draw(r, "what"); {
			case what == 0 || len(all) == 0:
				_, ids := scanned(t, s, rapid.IntRange(1, 4).Draw(r, "pages"))
				for _, id := range ids {
					where[id] = "tray"
				}
			case what == 1 && len(done) > 0:
				f := done[len(done)-1]
				done = done[:len(done)-1]
				check(t, s.UnfileTray(ctx, f.st, f.pages, record.Edit{Case: c.ID, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: f.doc}}))
				for _, id := range f.pages {
					where[id] = "tray"
				}
			default:
				st := all[rapid.IntRange(0, len(all)-1).Draw(r, "stack")]
				f := filed{st: st, doc: record.NewID()}
				var pages []sorting.Page
				for _, p := range st.Pages {
					if p.Filed == "" && (len(pages) == 0 || rapid.Bool().Draw(r, "take")) {
						pages, f.pages = append(pages, p), append(f.pages, p.ID)
					}
				}
				if what == 2 {
					check(t, s.DropTray(ctx, "weber", f.pages))
					for _, id := range f.pages {
						where[id] = "gone"
					}
					if rapid.Bool().Draw(r, "taken back") {
						check(t, s.UndropTray(ctx, f.pages[:1]))
						where[f.pages[0]] = "tray"
					}
					continue
				}
				check(t, s.FileTray(ctx, asNow(t, s, f.pages), filing(c.ID, f.doc, pages...)))
				done = append(done, f)
				for _, id := range f.pages {
					where[id] = string(f.doc)
				}
			}
		}
		got := map[record.ID]string{}
		for _, p := range left(t, s) {
			got[p.ID] = "tray"
		}
		k, err := s.Case(ctx, c.ID)
		check(t, err)
		docs := map[record.ID]int{}
		for _, d := range k.Documents {
			if d.Trashed == nil {
				docs[d.ID] = len(d.Originals)
			}
		}
		for id, w := range where {
			switch w {
			case "tray":
				if got[id] != w {
					r.Fatalf("page %s is not in the tray", id)
				}
				delete(got, id)
			case "gone":
			default:
				docs[record.ID(w)]--
			}
		}
		if len(got) > 0 {
			r.Fatalf("pages that should not be in the tray: %v", got)
		}
		for id, n := range docs {
			if n != 0 {
				r.Fatalf("document %s differs by %d pages", id, n)
			}
		}
	})
}

func TestVerifyLooksIntoTheTray(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	scanned(t, s, 2)
	sound(t, s)
	check(t, s.write(ctx, func(ctx context.Context, x *tx) error {
		return x.exec(ctx, `UPDATE tray_page SET n = 7 WHERE n = 0`)
	}))
	r, err := s.Verify(ctx, nil)
	check(t, err)
	if len(r.Problems) != 1 {
		t.Errorf("found %q", r.Problems)
	}
}

func TestTrayOrder(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	st, ids := scanned(t, s, 5)
	c := submit(t, s, "Müller", "Anna", "Bello")
	all := left(t, s)
	check(t, s.FileTray(ctx, asNow(t, s, ids[1:2]), filing(c.ID, record.NewID(), all[1])))
	check(t, s.OrderTray(ctx, st.ID, []record.ID{ids[4], ids[0], ids[3], record.NewID()}))
	var got []int
	for _, p := range left(t, s) {
		got = append(got, slices.Index(ids, p.ID), p.N)
	}
	if want := []int{4, 0, 0, 2, 3, 3, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	p, err := s.AddTrayPage(ctx, st.ID, trayPage("late"))
	if check(t, err); p.N != 5 {
		t.Errorf("the next page is %d", p.N)
	}
	sound(t, s)
}
