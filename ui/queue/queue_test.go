package queue

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

// numbered is a store whose cases are 0 … n-1, shifted by first.
type numbered struct {
	n, first int
	fail     error
}

func (s *numbered) Cases(_ context.Context, _ record.View, _ string, offset, limit int) ([]record.CaseRow, int, error) {
	if s.fail != nil {
		return nil, 0, s.fail
	}
	var out []record.CaseRow
	for i := offset; i < min(offset+limit, s.n); i++ {
		id := record.ID(fmt.Sprint(i + s.first))
		out = append(out, record.CaseRow{ID: id, Number: string(id), Updated: sample.Now})
	}
	return out, s.n, nil
}

func (s *numbered) Case(_ context.Context, id record.ID) (record.Case, error) {
	return record.Case{ID: id}, nil
}

func (s *numbered) Journal(context.Context, record.ID) ([]record.JournalEntry, error) {
	return nil, nil
}

func TestPagesArriveInAnyOrderAndShowTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store := &numbered{n: rapid.IntRange(1, 3000).Draw(t, "cases")}
		m := NewModel(store, record.ViewOffice, "w")
		var flying []Page
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				store.first += rapid.IntRange(0, 5).Draw(t, "shift")
				store.n = max(store.n+rapid.IntRange(-50, 50).Draw(t, "grow"), 1)
				m.Stale()
			case 1:
				for _, r := range m.Wanted(rapid.IntRange(0, 3000).Draw(t, "first"), rapid.IntRange(1, 300).Draw(t, "count")) {
					flying = append(flying, m.Fetch(context.Background(), r))
				}
			default:
				if len(flying) > 0 {
					i := rapid.IntRange(0, len(flying)-1).Draw(t, "which")
					m.Take(flying[i])
					flying = append(flying[:i], flying[i+1:]...)
				}
			}
		}
		for _, p := range flying {
			m.Take(p)
		}
		m.Stale()
		first := rapid.IntRange(0, store.n-1).Draw(t, "look at")
		for _, r := range m.Wanted(first, 20) {
			m.Take(m.Fetch(context.Background(), r))
		}
		for _, r := range m.Wanted(first, 20) { // the total may have moved what is in sight
			m.Take(m.Fetch(context.Background(), r))
		}
		if m.Total() != store.n {
			t.Fatalf("total %d, want %d", m.Total(), store.n)
		}
		for i := first; i < min(first+20, store.n); i++ {
			r, ok := m.Row(i)
			if !ok || string(r.ID) != fmt.Sprint(i+store.first) {
				t.Fatalf("row %d is %q (%v), want %d", i, r.ID, ok, i+store.first)
			}
		}
	})
}

func TestPagesFarAwayAreLetGo(t *testing.T) {
	m := NewModel(&numbered{n: 100_000}, record.ViewOffice, "w")
	for i := 0; i < 100_000; i += pageSize {
		for _, r := range m.Wanted(i, 10) {
			m.Take(m.Fetch(context.Background(), r))
		}
	}
	if len(m.pages) > pagesKept {
		t.Errorf("%d pages are kept", len(m.pages))
	}
	if _, ok := m.Row(99_999); !ok {
		t.Error("the last row was let go")
	}
}

func TestSelectionStaysOnItsCase(t *testing.T) {
	store := &numbered{n: 50, first: 10}
	m := NewModel(store, record.ViewOffice, "w")
	read := func() {
		for _, r := range m.Wanted(0, 50) {
			m.Take(m.Fetch(context.Background(), r))
		}
	}
	read()
	m.Select(5) // case 15
	store.first = 7
	m.Stale()
	read()
	if i, r, ok := m.Selected(); !ok || i != 8 || r.ID != "15" {
		t.Errorf("selected %d %q %v, want row 8 with case 15", i, r.ID, ok)
	}
}

func TestColumnsFitAndDropTheLeastImportant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := float32(rapid.IntRange(300, 2000).Draw(t, "width"))
		x, w := columns(width)
		end := float32(0)
		for i := range x {
			if w[i] < 0 || x[i] < end-0.01 {
				t.Fatalf("column %d at %v is %v wide, the one before ends at %v", i, x[i], w[i], end)
			}
			end = x[i] + w[i]
		}
		if width > 500 && end > width {
			t.Fatalf("columns end at %v of %v", end, width)
		}
		if w[colDue] > 0 && w[colLast] == 0 {
			t.Fatal("when it was last touched went before when it is due")
		}
	})
}

func screen(t testing.TB, store Store, view record.View, opened func(record.ID)) (*Screen, fyne.Window) {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Needs{Texts: texts, Clock: sample.Clock, Run: control.Inline, Open: opened, Print: func(record.ID) {}}, store, view, sample.User, "Heute")
	w := test.NewWindow(s.Object())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1150, 690))
	s.Shown()
	t.Cleanup(w.Close)
	return s, w
}

func town(t testing.TB, many int) *sample.Store {
	t.Helper()
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	return sample.New(lib, many)
}

func TestArrowsMoveAndEnterOpens(t *testing.T) {
	var opened []record.ID
	store := town(t, 0)
	s, w := screen(t, store, record.ViewToday, func(id record.ID) { opened = append(opened, id) })
	key := func(k fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }
	rows, _, _ := store.Cases(context.Background(), record.ViewToday, sample.User, 0, 10)
	if s.side.number.Text() != rows[0].Number {
		t.Errorf("the summary shows %q, want %q", s.side.number.Text(), rows[0].Number)
	}
	key(fyne.KeyDown)
	key(fyne.KeyDown)
	if s.side.number.Text() != rows[2].Number || s.side.pill.Text() != "In der Zentrale" {
		t.Errorf("the summary shows %q, %q", s.side.number.Text(), s.side.pill.Text())
	}
	key(fyne.KeyReturn)
	if len(opened) != 1 || opened[0] != rows[2].ID {
		t.Errorf("opened %v, want %s", opened, rows[2].ID)
	}
}

func TestTroubleIsSaidAndTheListStays(t *testing.T) {
	store := &numbered{n: 30}
	s, w := screen(t, store, record.ViewOffice, nil)
	before := w.Canvas().Focused()
	store.fail = record.E(record.CodeDiskFull, errors.New("x"))
	s.Changed()
	if s.banner.Text() == "" || s.list.Length() != 30 {
		t.Errorf("banner %q, %d rows", s.banner.Text(), s.list.Length())
	}
	if w.Canvas().Focused() != before || w.Canvas().Overlays().Top() != nil {
		t.Error("trouble took the focus or opened something")
	}
	store.fail = nil
	s.Changed()
	if s.banner.Text() != "" {
		t.Errorf("banner %q stayed", s.banner.Text())
	}
}

func TestEmptyListSaysWhatToDo(t *testing.T) {
	s, _ := screen(t, sample.Empty(), record.ViewToday, nil)
	if !s.empty.Visible() || s.side.object.Visible() {
		t.Error("an empty list shows no sentence, or an empty summary")
	}
}

func TestRowsShowWhatTheyAreFilledWith(t *testing.T) {
	s, _ := screen(t, town(t, 1000), record.ViewOffice, nil)
	s.list.ScrollTo(700)
	l := newLine()
	r, ok := s.model.Row(700)
	if !ok {
		t.Fatal("row 700 was not fetched on scrolling")
	}
	l.show(s.Texts, r, true, sample.Now)
	if got := test.WidgetRenderer(l).Objects()[colNumber].(*canvas.Text).Text; got != "" && got != r.Number {
		t.Errorf("row shows %q, want %q", got, r.Number)
	}
}

func BenchmarkJump100000Cases(b *testing.B) {
	s, _ := screen(b, town(b, 100_000), record.ViewOffice, nil)
	b.ResetTimer()
	for i := range b.N {
		s.list.ScrollTo((i * 7919) % 100_000)
	}
}
