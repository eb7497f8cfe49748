package casefile

import (
	"context"
	"fmt"
	"image"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/data/store"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/pageview"
	"schalter/ui/stack"
)

// town is a desk with a real store, and a scanner that reads words instead of paper: what stands on a page is its
// codes, or nothing.
type town struct {
	t     *testing.T
	store *store.Store
	forms *form.Library
	texts *i18n.Texts
	clock time.Time
	paper []string // in the feeder
	fail  error    // of the scanner, behind the paper
	bytes map[record.Hash]string
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newTown(t *testing.T) *town {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	w := &town{t: t, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), bytes: map[record.Hash]string{}}
	var err error
	w.store, err = store.Create(t.Context(), t.TempDir(), store.Options{Key: [32]byte{1}, ID: [16]byte{2}, Clock: w.now})
	must(t, err)
	t.Cleanup(func() { must(t, w.store.Close()) })
	id, err := w.store.Identity(t.Context())
	must(t, err)
	id.Office, id.Desk, id.Authority, id.Tenant = "MS", 1, "Musterstadt", "ms"
	must(t, w.store.SetIdentity(t.Context(), id))
	w.texts, err = i18n.Load(assets.Files, "de")
	must(t, err)
	w.forms, err = form.Load(assets.Files)
	must(t, err)
	return w
}

func (w *town) now() time.Time { w.clock = w.clock.Add(time.Second); return w.clock }

// matter makes a case that lacks the contract of a shelter.
func (w *town) matter(family string) record.Case {
	w.t.Helper()
	f, err := w.forms.Latest("hundesteuer-anmelden")
	must(w.t, err)
	id := record.NewID()
	c, err := w.store.Submit(w.t.Context(), "", []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles}},
		{Case: id, Kind: record.KindFields, User: "weber", Payload: record.Fields{Groups: []record.GroupEdit{
			{Group: record.GroupOf(f.Roles[record.RoleFamily]), Values: record.Values{f.Roles[record.RoleFamily]: family}},
			{Group: "hund", Values: record.Values{"hund/herkunft": "tierheim"}},
		}}},
	})
	must(w.t, err)
	return c
}

func (w *town) cover(c record.Case) string {
	id, err := w.store.Identity(w.t.Context())
	must(w.t, err)
	return sorting.Code{Kind: sorting.KindCover, Authority: sorting.Authority(id), Number: c.Number}.String()
}

func (w *town) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	b, err := io.ReadAll(r)
	h := record.HashOf(b)
	w.bytes[h] = string(b)
	return record.BlobRef{Hash: h, Size: int64(len(b))}, err
}

func (w *town) Read(_ context.Context, o record.Original, _ int) (stack.Seen, error) {
	_, text, _ := strings.Cut(w.bytes[o.Blob.Hash], "|")
	switch text {
	case "":
		return stack.Seen{}, nil
	case "broken":
		return stack.Seen{}, record.E(record.CodeScanBadData, nil)
	}
	return stack.Seen{Codes: strings.Fields(text)}, nil
}

// Bind makes a PDF of what the sheets say, in words.
func (w *town) Bind(ctx context.Context, d record.Document) (record.BlobRef, int, error) {
	var b strings.Builder
	n := 0
	for _, s := range d.AllSheets() {
		if !s.Out {
			n++
			fmt.Fprint(&b, d.Originals[s.Original].Blob.Hash[:8], s.Page, s.Turns, s.Skew, s.Crop, ";")
		}
	}
	ref, err := w.Put(ctx, strings.NewReader(b.String()))
	return ref, n, err
}

func (w *town) Draw(context.Context, record.Original, int, int) (*image.RGBA, error) {
	return image.NewRGBA(image.Rect(0, 0, 70, 100)), nil
}

func (w *town) Look(context.Context, record.Original, int, int) (page.Findings, error) {
	return page.Findings{}, nil
}

func (w *town) Profiles(string) []stack.Profile {
	return []stack.Profile{{ID: "feeder", Label: "Einzug"}, {ID: "glass", Label: "Glas"}}
}

func (w *town) Scan(_ context.Context, _ string, sink func(stack.Event) error) error {
	paper := w.paper
	w.paper = nil
	for i, text := range paper {
		if err := sink(stack.Event{
			Kind: stack.Received, Page: i + 1, Name: fmt.Sprintf("seite-%03d.jpg", i+1), MediaType: "image/jpeg", DPI: 300,
			Device: "Fujitsu fi-7160", Settings: "feeder gray 300 dpi A4", Data: []byte(fmt.Sprint(w.now().UnixNano(), i, "|", text)),
		}); err != nil {
			return err
		}
	}
	if w.fail != nil {
		return w.fail
	}
	return sink(stack.Event{Kind: stack.Done})
}

// seat is a case file at this desk. Another one is what a clerk has after a restart, or beside.
type seat struct {
	*Screen
	w    *town
	keys *command.List
	win  fyne.Window
}

func (w *town) open(c record.Case) *seat {
	w.t.Helper()
	at := func(f func()) { f() }
	s := &seat{w: w, keys: command.NewList(), win: test.NewWindow(nil)}
	s.win.Resize(fyne.NewSize(1200, 720))
	s.Screen = New(Needs{
		Texts: w.texts, Clock: w.now, Run: control.Inline, Forms: w.forms, User: "weber", Back: func() {}, Do: at, Keys: s.keys, Pictures: w,
		Paper: func(d record.Document, page int) Paper {
			v := pageview.New(w.texts, at, at)
			v.ShowAt(func(context.Context, string) (pageview.Document, error) { return blankPaper{d.Pages}, nil }, page-1)
			return v
		},
		Room: stack.New(stack.Needs{
			Clock: w.now, Run: control.Inline, Do: at, User: "weber", Store: w.store, Forms: w.forms, Blobs: w, Scanner: w, Reader: w, Binder: w,
		}),
		Rebind: func() {
			if s.Screen != nil {
				s.keys.Enter("x", s.Commands())
			}
		},
	}, w.store, c.ID, "", 0)
	s.win.SetContent(s.Object())
	s.keys.Bind(s.win.Canvas())
	s.keys.Enter("x", s.Commands())
	w.t.Cleanup(func() { s.Closed(); s.keys.Release(); s.win.Close() })
	s.Shown()
	return s
}

// press types a key, with what is held.
func (s *seat) press(name fyne.KeyName, mod fyne.KeyModifier) {
	s.w.t.Helper()
	if !s.keys.Type(name, mod) {
		s.w.t.Fatalf("nothing is on %v %s", mod, name)
	}
}

// documents are those of a case that are not in the trash.
func (w *town) documents(c record.Case) []record.Document {
	w.t.Helper()
	c, err := w.store.Case(w.t.Context(), c.ID)
	must(w.t, err)
	return c.Kept()
}

func (w *town) left() int {
	w.t.Helper()
	n, err := w.store.TrayPages(w.t.Context())
	must(w.t, err)
	return n
}
