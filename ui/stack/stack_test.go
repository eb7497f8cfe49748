package stack_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/data/store"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/stack"
)

// desk has a real store and a scanner that sends so many pages, with what is noticed at one of them.
type desk struct {
	t      *testing.T
	store  *store.Store
	texts  *i18n.Texts
	forms  *form.Library
	pages  int
	odd    int // the page at which something is noticed, from 1
	order  []int
	fail   error
	device string
	during func() // after each page
	clock  time.Time
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, device: "fi-7160", clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	var err error
	d.store, err = store.Create(t.Context(), t.TempDir(), store.Options{Key: [32]byte{1}, ID: [16]byte{2}, Clock: d.now})
	check(t, err)
	t.Cleanup(func() { check(t, d.store.Close()) })
	id, err := d.store.Identity(t.Context())
	check(t, err)
	id.Office, id.Desk = "MS", 1
	check(t, d.store.SetIdentity(t.Context(), id))
	d.texts, err = i18n.Load(assets.Files, "de")
	check(t, err)
	d.forms, err = form.Load(assets.Files)
	check(t, err)
	return d
}

func (d *desk) now() time.Time { d.clock = d.clock.Add(time.Second); return d.clock }

func (d *desk) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	b, err := io.ReadAll(r)
	return record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}, err
}

func (d *desk) Read(context.Context, record.Original, int) (stack.Seen, error) {
	return stack.Seen{Skew: 2}, nil
}

func (d *desk) Bind(_ context.Context, doc record.Document) (record.BlobRef, int, error) {
	return record.BlobRef{Hash: record.HashOf([]byte(doc.ID)), Size: 3}, len(doc.Sheets), nil
}

func (d *desk) Profiles(string) []stack.Profile { return []stack.Profile{{ID: "feeder"}} }

func (d *desk) Scan(_ context.Context, _ string, sink func(stack.Event) error) error {
	for i := range d.pages {
		e := stack.Event{Kind: stack.Received, Page: i + 1, Name: fmt.Sprintf("seite-%d.jpg", i+1), MediaType: "image/jpeg", Data: []byte(fmt.Sprint(d.now(), i)), Device: d.device}
		if i+1 == d.odd {
			if err := sink(stack.Event{Kind: stack.Warning, Page: i + 1, Trouble: record.E(record.CodeScanBadData, nil)}); err != nil {
				return err
			}
		}
		if err := sink(e); err != nil {
			return err
		}
		if d.during != nil {
			d.during()
		}
	}
	if d.fail != nil {
		return d.fail
	}
	return sink(stack.Event{Kind: stack.Done, Order: d.order})
}

// room is a desk's room, new as after a start.
func (d *desk) room() *stack.Room {
	return stack.New(stack.Needs{
		Clock: d.now, Run: control.Inline, Do: func(f func()) { f() }, User: "weber", Store: d.store, Forms: d.forms, Blobs: d, Scanner: d, Reader: d, Binder: d,
	})
}

func (d *desk) matter() record.Case {
	d.t.Helper()
	f, err := d.forms.Latest("hundesteuer-anmelden")
	check(d.t, err)
	id := record.NewID()
	c, err := d.store.Submit(d.t.Context(), "", []record.Edit{{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles}}})
	check(d.t, err)
	return c
}

// items reads and sorts the tray after every page was looked at.
func (d *desk) items(r *stack.Room) []stack.Item {
	d.t.Helper()
	for {
		all, err := r.Items(d.t.Context(), d.texts)
		check(d.t, err)
		looked := false
		for _, i := range all {
			for _, p := range i.Pages() {
				if !p.Read {
					check(d.t, r.Look(d.t.Context(), p))
					looked = true
				}
			}
		}
		if !looked {
			return all
		}
	}
}

// What broke off with the program is ended when the next one reads the tray; what runs now is not.
func TestOnlyWhatBrokeOffIsEnded(t *testing.T) {
	d := newDesk(t)
	r := d.room()
	check(t, d.store.BeginTray(t.Context(), sorting.Stack{ID: record.NewID()}))
	old := sorting.Stack{ID: record.NewID()}
	check(t, d.store.BeginTray(t.Context(), old))
	_, err := d.store.AddTrayPage(t.Context(), old.ID, sorting.Page{ID: record.NewID(), Original: record.Original{Blob: record.BlobRef{Hash: record.HashOf([]byte("x")), Size: 1}}})
	check(t, err)
	looks := 0
	d.pages = 2
	d.during = func() {
		all, err := r.Stacks(t.Context())
		check(t, err)
		for _, st := range all {
			looks++
			if running := st.ID == r.Running(); running == st.Done || running == st.Cut {
				t.Errorf("%+v, running: %s", st, r.Running())
			}
		}
	}
	var said error
	_, err = r.Scan(stack.Profile{}, nil, stack.Observer{Ended: func(err error) { said = err }})
	check(t, err)
	if said != nil || looks != 4 || r.Running() != "" {
		t.Errorf("%v, %d looks, running %q", said, looks, r.Running())
	}
	if n, err := d.store.TrayPages(t.Context()); err != nil || n != 3 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// One scan runs at a time, whoever begins it.
func TestOneScanAtATime(t *testing.T) {
	d := newDesk(t)
	r := d.room()
	d.pages = 1
	d.during = func() {
		if _, err := r.Scan(stack.Profile{}, nil, stack.Observer{}); record.CodeOf(err) != record.CodeScanBusy {
			t.Errorf("a second scan: %v", err)
		}
	}
	_, err := r.Scan(stack.Profile{}, nil, stack.Observer{})
	check(t, err)
	d.during = nil
	if _, err := r.Scan(stack.Profile{}, nil, stack.Observer{}); err != nil {
		t.Errorf("after it: %v", err)
	}
	r.Stop() // nothing runs
}

// More paper goes behind what waits; where that was filed meanwhile, nothing that came is lost.
func TestMorePaper(t *testing.T) {
	d := newDesk(t)
	r, c := d.room(), d.matter()
	goes := &sorting.Goes{Number: c.Number}
	d.pages = 2
	_, err := r.Scan(stack.Profile{Duplex: true}, goes, stack.Observer{})
	check(t, err)
	st := d.items(r)[0].Stack
	d.pages, d.device = 1, "other"
	_, err = r.More(stack.Profile{}, st, stack.Observer{})
	check(t, err)
	all := d.items(r)
	if len(all) != 1 || len(all[0].Leaves) != 3 || all[0].Stack.Duplex || all[0].Stack.Device != "fi-7160; other" || all[0].Known.ID != c.ID || all[0].Leaves[0].Page.Skew != 2 {
		t.Fatalf("%+v", all)
	}
	_, err = r.File(t.Context(), d.texts, all[0])
	check(t, err)
	_, err = r.More(stack.Profile{}, all[0].Stack, stack.Observer{Ended: func(err error) { check(t, err) }})
	check(t, err)
	if all = d.items(r); len(all) != 1 || len(all[0].Leaves) != 1 || all[0].Known.ID != c.ID {
		t.Fatalf("%+v", all)
	}
	filed, err := r.File(t.Context(), d.texts, all[0])
	check(t, err)
	check(t, r.Unfile(t.Context(), d.texts, filed))
	if all = d.items(r); len(all) != 1 || len(all[0].Leaves) != 1 {
		t.Errorf("taken back: %+v", all)
	}
}

// What was noticed while scanning is in the note of the paper that it is about, by its place there, and in no other.
func TestWhatWasNoticedGoesWithItsPage(t *testing.T) {
	d := newDesk(t)
	r, c := d.room(), d.matter()
	d.pages, d.odd, d.fail = 3, 3, record.E(record.CodeScanJam, nil)
	var said []record.Code
	_, err := r.Scan(stack.Profile{}, &sorting.Goes{Number: c.Number}, stack.Observer{
		Say: func(err error) { said = append(said, record.CodeOf(err)) }, Ended: func(err error) { said = append(said, record.CodeOf(err)) },
	})
	check(t, err)
	if !slices.Equal(said, []record.Code{record.CodeScanBadData, record.CodeScanJam}) {
		t.Errorf("said %v", said)
	}
	i := d.items(r)[0]
	if !i.Stack.Cut || i.Sure() {
		t.Errorf("%+v", i)
	}
	first, rest := i, i
	first.Leaves, rest.Leaves = i.Leaves[:1], i.Leaves[1:]
	if n := r.Document(d.texts, first).Transfer; len(n.Anomalies) != 0 {
		t.Errorf("%v", n.Anomalies)
	}
	if got := strings.Join(r.Document(d.texts, rest).Transfer.Anomalies, " "); got != fmt.Sprintf("%s:2 %s:2", record.CodeScanBadData, record.CodeScanJam) {
		t.Errorf("%q", got)
	}
}

// More paper, of which both sides were scanned one pass after the other: it lies behind what was there, and what was
// noticed is said of the page that it is about.
func TestMorePaperLiesBehind(t *testing.T) {
	d := newDesk(t)
	r, c := d.room(), d.matter()
	d.pages = 2
	_, err := r.Scan(stack.Profile{}, &sorting.Goes{Number: c.Number}, stack.Observer{Ended: func(err error) { check(t, err) }})
	check(t, err)
	before := d.items(r)[0].IDs()
	d.pages, d.odd, d.order = 4, 2, []int{0, 3, 1, 2} // the third of four then
	_, err = r.More(stack.Profile{}, d.items(r)[0].Stack, stack.Observer{Ended: func(err error) { check(t, err) }})
	check(t, err)
	i := d.items(r)[0]
	if got := i.IDs(); len(got) != 6 || !slices.Equal(got[:2], before) {
		t.Errorf("%v do not begin with %v", got, before)
	}
	if name := i.Leaves[4].Page.Original.Name; name != "seite-2.jpg" {
		t.Errorf("the page lies elsewhere: %s", name)
	}
	if got := strings.Join(r.Document(d.texts, i).Transfer.Anomalies, " "); got != fmt.Sprintf("%s:5", record.CodeScanBadData) {
		t.Errorf("%q", got)
	}
}

func TestWithoutAScanner(t *testing.T) {
	r := stack.New(stack.Needs{Clock: time.Now})
	if _, err := r.Scan(stack.Profile{}, nil, stack.Observer{}); record.CodeOf(err) != record.CodeScanNoDevice {
		t.Error(err)
	}
	if len(r.Profiles("de")) != 0 {
		t.Error("ways to scan without a scanner")
	}
}
