package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/sorting"
)

// What was thrown away is out of the way at once, comes back as it was, and counts for where the others belong.
func TestThrownAwayAndTakenBack(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	st, ids := scanned(t, s, 3)
	check(t, s.ChangeTray(ctx, ids[1:2], func(p *sorting.Page) { p.Turns = 3 }))
	check(t, s.DropTray(ctx, "weber", ids[1:]))
	check(t, s.DropTray(ctx, "yilmaz", ids[1:2])) // once more says nothing new
	if n := len(left(t, s)); n != 1 {
		t.Errorf("%d pages are left", n)
	}
	stacks, err := s.Tray(ctx)
	check(t, err)
	if len(stacks[0].Pages) != 3 || stacks[0].Pages[1].Filed == "" {
		t.Errorf("%+v", stacks[0].Pages)
	}
	gone, err := s.DroppedTray(ctx)
	check(t, err)
	if len(gone) != 2 || gone[1].Dropped.User != "weber" || gone[0].Dropped.Time.IsZero() {
		t.Errorf("%+v", gone)
	}
	wantCode(t, s.ChangeTray(ctx, ids[1:2], func(*sorting.Page) {}), record.CodeTrayGone)
	check(t, s.DropTray(ctx, "weber", ids[:1]))
	if stacks, err := s.Tray(ctx); err != nil || len(stacks) != 0 {
		t.Errorf("an empty stack is shown: %v, %v", stacks, err)
	}
	check(t, s.UndropTray(ctx, ids))
	back := left(t, s)
	if len(back) != 3 || back[1].Turns != 3 || back[1].ID != ids[1] {
		t.Errorf("%+v", back)
	}
	wantCode(t, s.UndropTray(ctx, []record.ID{record.NewID()}), record.CodeTrayGone)
	if _, err := s.AddTrayPage(ctx, st.ID, trayPage("more")); err != nil {
		t.Error("its stack is gone")
	}
	sound(t, s)
}

// After a while what was thrown away goes for good, but no file that anything else speaks of.
func TestReleasedFilesAreNobodysElse(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	c := submit(t, s, "Müller", "Anna", "Bello")
	page := func(name string) sorting.Page { return trayPage(name) }
	st := sorting.Stack{ID: record.NewID()}
	check(t, s.BeginTray(ctx, st))
	names := []string{"alone", "alone twice", "alone twice", "filed", "older version", "draft", "in the tray", "taken back"}
	var ids []record.ID
	for _, n := range names {
		p, err := s.AddTrayPage(ctx, st.ID, page(n))
		check(t, err)
		ids = append(ids, p.ID)
	}
	_, err := s.AddTrayPage(ctx, st.ID, page("in the tray"))
	check(t, err)
	check(t, s.EndTray(ctx, st.ID, false))
	hash := func(name string) record.BlobRef { return page(name).Original.Blob }
	doc := record.Document{ID: record.NewID(), Title: "x", Source: record.SourceScan, Shown: hash("older version"), Pages: 1, Originals: []record.Original{{Blob: hash("filed")}}}
	_, err = s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindDocument, User: "w", Payload: record.DocumentAdded{Document: doc}},
		record.Edit{Case: c.ID, Kind: record.KindVersion, User: "w", Payload: record.DocumentVersion{Document: doc.ID, Of: doc.Shown.Hash, Why: record.WhyPages, Shown: hash("newer"), Pages: 1}})
	check(t, err)
	check(t, s.SaveDraft(ctx, record.Draft{ID: record.NewID(), Documents: []record.Document{{Originals: []record.Original{{Blob: hash("draft")}}}}}))
	check(t, s.DropTray(ctx, "weber", ids))
	check(t, s.UndropTray(ctx, ids[7:]))

	files, err := released(t, s, -time.Hour)
	if err != nil || len(files) != 0 {
		t.Fatalf("released %v at once, %v", files, err)
	}
	files, err = released(t, s, time.Hour)
	check(t, err)
	slices.Sort(files)
	want := []record.Hash{hash("alone").Hash, hash("alone twice").Hash}
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("released %v, want %v", files, want)
	}
	if gone, err := s.DroppedTray(ctx); err != nil || len(gone) != 0 {
		t.Errorf("still there: %v, %v", gone, err)
	}
	if n := len(left(t, s)); n != 2 {
		t.Errorf("%d pages are left", n)
	}
	if files, err := released(t, s, time.Hour); err != nil || len(files) != 0 {
		t.Errorf("again: %v, %v", files, err)
	}
	sound(t, s)
}

// Whatever is scanned, filed and thrown away: no file that is released is needed by a page or a document.
func TestNoNeededFileIsReleased(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s, ctx := desk(t, 1), t.Context()
		c := submit(t, s, "Müller", "Anna", "Bello")
		for range rapid.IntRange(1, 3).Draw(r, "stacks") {
			st := sorting.Stack{ID: record.NewID()}
			check(t, s.BeginTray(ctx, st))
			for range rapid.IntRange(1, 5).Draw(r, "pages") {
				p, err := s.AddTrayPage(ctx, st.ID, trayPage(fmt.Sprint(rapid.IntRange(0, 6).Draw(r, "bytes"))))
				check(t, err)
				switch rapid.IntRange(0, 3).Draw(r, "fate") {
				case 0:
					check(t, s.FileTray(ctx, asNow(t, s, []record.ID{p.ID}), filing(c.ID, record.NewID(), p)))
				case 1, 2:
					check(t, s.DropTray(ctx, "weber", []record.ID{p.ID}))
				}
			}
			check(t, s.EndTray(ctx, st.ID, false))
		}
		files, err := released(t, s, time.Hour)
		check(t, err)
		tray, err := s.TrayFiles(ctx)
		check(t, err)
		k, err := s.Case(ctx, c.ID)
		check(t, err)
		for _, h := range files {
			if slices.Contains(tray, h) {
				r.Fatalf("%s is in the tray", h)
			}
			for _, d := range k.Documents {
				if uses(d, h) {
					r.Fatalf("%s is in document %s", h, d.ID)
				}
			}
		}
		var rows int
		check(t, s.read(ctx, func(ctx context.Context, x *tx) error {
			_, err := x.one(ctx, `SELECT count(*) FROM tray_stack s WHERE NOT EXISTS (SELECT 1 FROM tray_page p WHERE p.stack = s.key)`, nil, &rows)
			return err
		}))
		if rows != 0 {
			r.Fatal("a stack of which nothing is left")
		}
		sound(t, s)
	})
}

// released lets go of what was thrown away longer ago than a time, and tells which files went.
func released(t *testing.T, s *Store, later time.Duration) (files []record.Hash, err error) {
	t.Helper()
	err = s.ReleaseTray(t.Context(), s.clock().Add(later), func(h record.Hash) error {
		files = append(files, h)
		return nil
	})
	return files, err
}

// A file that cannot be removed keeps its page listed: the next time it is tried again.
func TestAFileThatStaysKeepsItsPage(t *testing.T) {
	s, ctx := desk(t, 1), t.Context()
	st := sorting.Stack{ID: record.NewID()}
	check(t, s.BeginTray(ctx, st))
	p, err := s.AddTrayPage(ctx, st.ID, trayPage("stuck"))
	check(t, err)
	check(t, s.DropTray(ctx, "weber", []record.ID{p.ID}))
	stuck := errors.New("the disk says no")
	if err := s.ReleaseTray(ctx, s.clock().Add(time.Hour), func(record.Hash) error { return stuck }); !errors.Is(err, stuck) {
		t.Fatalf("released all the same: %v", err)
	}
	if gone, err := s.DroppedTray(ctx); err != nil || len(gone) != 1 {
		t.Fatalf("listed: %v, %v", gone, err)
	}
	if files, err := released(t, s, time.Hour); err != nil || len(files) != 1 {
		t.Errorf("then: %v, %v", files, err)
	}
	sound(t, s)
}
