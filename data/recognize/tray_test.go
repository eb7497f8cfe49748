package recognize

import (
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/sorting"
)

// The program ended between a page's arrival in the tray and the look at it.
func TestPagesInTheTrayAreLookedAt(t *testing.T) {
	w := newWorld(t)
	w.ocr.missing = true // it needs no program
	st := sorting.Stack{ID: record.NewID(), Made: w.now}
	check(t, w.store.BeginTray(t.Context(), st))
	add := func(o record.Original, read bool) {
		_, err := w.store.AddTrayPage(t.Context(), st.ID, sorting.Page{ID: record.NewID(), Original: o, DPI: 100, Read: read})
		check(t, err)
	}
	blank := w.scan(255).Originals[0]
	broken, err := w.blobs.Put(t.Context(), strings.NewReader("no picture"))
	check(t, err)
	add(blank, false)
	add(record.Original{Name: "x.png", MediaType: "image/png", Blob: broken}, false)
	add(blank, true)
	release := w.q.Hold()
	if w.run(); w.pages()[0].Read {
		t.Error("looked at while paper is scanned")
	}
	release()
	w.run()
	if got := w.pages(); !got[0].Read || !got[0].Blank || got[1].Read || got[2].Blank {
		t.Errorf("%+v", got)
	}
}

// A clerk lays a page straight that nobody has looked at yet: it stays so.
func TestHowAPageWasLaidStraightStays(t *testing.T) {
	w := newWorld(t)
	w.ocr.missing = true
	st := sorting.Stack{ID: record.NewID(), Made: w.now}
	check(t, w.store.BeginTray(t.Context(), st))
	_, err := w.store.AddTrayPage(t.Context(), st.ID, sorting.Page{ID: record.NewID(), Original: w.scan(255).Originals[0], DPI: 100, Skew: 3})
	check(t, err)
	w.run()
	if got := w.pages(); !got[0].Read || got[0].Skew != 3 {
		t.Errorf("%+v", got)
	}
}

func (w *world) pages() []sorting.Page {
	w.Helper()
	all, err := w.store.Tray(w.Context())
	check(w, err)
	return all[0].Pages
}
