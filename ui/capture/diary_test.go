package capture

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"schalter/data/record"
)

// ledger is a calendar.
type ledger struct {
	mu    sync.Mutex
	all   []record.Booking
	fails error
	asked int
}

func (l *ledger) Bookings(_ context.Context, resource, from, to string) (out []record.Booking, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	for _, b := range l.all {
		if b.Resource == resource && from <= b.Day && b.Day <= to {
			out = append(out, b)
		}
	}
	return out, l.fails
}

func (l *ledger) book(b ...record.Booking) {
	l.mu.Lock()
	l.all = append(l.all, b...)
	l.mu.Unlock()
}

func hallWorld(t testing.TB, service string) (*world, *Tab, *ledger) {
	t.Helper()
	w := newWorld(t, newMemory(), nil)
	l := &ledger{}
	w.m.w.Forms, w.m.diary.bookings = festLibrary(t), l
	w.m.w.Clash = func(thing string, b record.Booking) string {
		return thing + " " + b.Day + " " + b.Number + " " + b.Party
	}
	tab, err := w.m.Start(service)
	if err != nil {
		t.Fatal(err)
	}
	return w, tab, l
}

func (w *world) book(tab *Tab, at string, answers ...string) {
	for i := 0; i < len(answers); i += 2 {
		w.write(tab, at+answers[i], answers[i+1])
	}
	w.settle()
}

func clashTexts(tab *Tab) (out []string) {
	for _, f := range tab.Findings() {
		if strings.HasPrefix(f.Rule, bookingRule) {
			out = append(out, f.Text)
		}
	}
	return out
}

func TestAClashIsSaidAndPassesWithAReason(t *testing.T) {
	for service, at := range map[string]string{"saal": "saal/", "feier": "saal.saal/"} {
		w, tab, l := hallWorld(t, service)
		b := booked("2027-06-12", "18:00", "23:00")
		l.book(b, booked("2027-06-13", "10:00", "12:00"))
		if service == "feier" {
			w.book(tab, "umfang/", "fest", "nein", "saal", "ja")
		}
		w.book(tab, at, "welcher", "gross", "tag", "12.6.2027", "von", "19")
		if got := clashTexts(tab); len(got) != 0 {
			t.Errorf("%s: before the end is known: %q", service, got)
		}
		w.book(tab, at, "bis", "22")
		want := []string{"Großer Saal 2027-06-12 MS-2-26-00031-K TSV Musterstadt"}
		if got := clashTexts(tab); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", service, got, want)
		}
		if f := (fields{tab}).Field(at + "bis"); len(f.Warnings) != 1 || f.Warnings[0].Text != want[0] {
			t.Errorf("%s: beneath the field: %+v", service, f.Warnings)
		}
		for _, other := range [][]string{{"welcher", "klein"}, {"welcher", "gross", "tag", "14.6.2027"}, {"tag", "12.6.2027", "von", "8", "bis", "18"}} {
			w.book(tab, at, other...)
			if got := clashTexts(tab); len(got) != 0 {
				t.Errorf("%s: %v: %q", service, other, got)
			}
		}
		w.book(tab, at, "von", "18", "bis", "20")
		w.book(tab, strings.TrimSuffix(at, "saal/")+"mieter/", "name", "Yıldız")
		f, open := tab.Submit()
		if !open || f.Kind != FindingWarning || f.Path != at+"bis" {
			t.Fatalf("%s: %+v %v", service, f, open)
		}
		tab.Override(f.Rule, "gemeinsames Fest")
		if f, open := tab.Submit(); open {
			t.Fatalf("%s: %+v", service, f)
		}
		w.settle()
		ids, by := w.store.made()
		if tab.Phase() != Done || len(ids) != 1 || !slices.Contains(notesOf(by[ids[0]]), want[0]+"|gemeinsames Fest") {
			t.Errorf("%s: phase %v, notes %q", service, tab.Phase(), notesOf(by[ids[0]]))
		}
	}
}

// A reason given for one clash does not stand for another one.
func TestAReasonIsForOneClash(t *testing.T) {
	w, tab, l := hallWorld(t, "saal")
	l.book(booked("2027-06-12", "18:00", "23:00"))
	w.book(tab, "saal/", "welcher", "gross", "tag", "12.6.2027", "von", "19", "bis", "22")
	tab.Override(tab.clashes()[0].rule(), "gemeinsam")
	l.book(booked("2027-06-12", "21:00", "22:00"))
	w.m.StoreChanged()
	w.settle()
	var open []string
	for _, f := range tab.clashFindings() {
		if f.Open() {
			open = append(open, f.Rule)
		}
	}
	if len(tab.clashFindings()) != 2 || len(open) != 1 {
		t.Errorf("open %v", open)
	}
}

// What another desk has booked after it was typed here is seen as soon as it comes, and at last before the
// case is made.
func TestBookingsThatComeLaterAreSeen(t *testing.T) {
	w, tab, l := hallWorld(t, "saal")
	var parts Part
	changed := w.m.w.Changed
	w.m.w.Changed = func(t *Tab, p Part, paths []string) { parts |= p; changed(t, p, paths) }
	w.book(tab, "mieter/", "name", "Yıldız")
	w.book(tab, "saal/", "welcher", "gross", "tag", "12.6.2027", "von", "19", "bis", "22")
	b := booked("2027-06-12", "18:00", "23:00")
	l.book(b)
	parts = 0
	w.m.StoreChanged()
	w.settle()
	if len(clashTexts(tab)) != 1 || parts&PartCalendar == 0 {
		t.Fatalf("not seen: %q, parts %b", clashTexts(tab), parts)
	}
	tab.Override(tab.clashes()[0].rule(), "zusammen")
	l.book(booked("2027-06-12", "20:00", "21:00"))
	if f, open := tab.Submit(); open {
		t.Fatalf("%+v", f)
	}
	w.settle()
	if tab.Phase() != Filling || w.store.edits != nil || len(clashTexts(tab)) != 2 {
		t.Fatalf("phase %v, %d edits, clashes %q", tab.Phase(), len(w.store.edits), clashTexts(tab))
	}
	if len(w.said) == 0 || w.said[len(w.said)-1].Key != "calendar.late" {
		t.Errorf("said %+v", w.said)
	}
	w.write(tab, "saal/anlass", "noch da")
	w.settle()
	if got := w.store.stored(t, tab.ID()).Values["saal/anlass"]; got != "noch da" {
		t.Errorf("typed afterwards, stored %q", got)
	}
	for _, c := range tab.clashes() {
		tab.Override(c.rule(), "zusammen")
	}
	tab.Submit()
	w.settle()
	if tab.Phase() != Done {
		t.Errorf("phase %v", tab.Phase())
	}
}

// A calendar that cannot be read claims nothing and keeps nobody.
func TestACalendarThatFailsKeepsNobody(t *testing.T) {
	w, tab, l := hallWorld(t, "saal")
	l.fails = record.E(record.CodeStoreDamaged, nil)
	l.book(booked("2027-06-12", "18:00", "23:00"))
	w.book(tab, "mieter/", "name", "Yıldız")
	w.book(tab, "saal/", "welcher", "gross", "tag", "12.6.2027", "von", "19", "bis", "22")
	if got := clashTexts(tab); len(got) != 0 {
		t.Errorf("%q", got)
	}
	tab.Submit()
	w.settle()
	if tab.Phase() != Done {
		t.Errorf("phase %v", tab.Phase())
	}
}

// Typing elsewhere asks the calendar nothing.
func TestTheCalendarIsAskedOnlyAboutItsFields(t *testing.T) {
	w, tab, l := hallWorld(t, "saal")
	w.book(tab, "saal/", "welcher", "gross", "tag", "12.6.2027", "von", "19", "bis", "22")
	before := l.asked
	w.book(tab, "saal/", "anlass", "Sommerball", "von", "20")
	w.book(tab, "mieter/", "name", "Yıldız")
	if l.asked != before {
		t.Errorf("asked %d times more", l.asked-before)
	}
	if w.start(t); len(w.m.diary.pages(w.m.Active())) != 0 {
		t.Error("the dog tax has a calendar")
	}
}
