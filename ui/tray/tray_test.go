package tray

import (
	"bytes"
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

// world is a desk with a real store, and a scanner that reads words instead of paper: a page's bytes are its
// codes, or "blank".
type world struct {
	t       *testing.T
	store   *store.Store
	m       *model
	stack   []string
	order   []int
	fail    error // of the scanner, behind the stack
	kind    string
	bound   []record.Document
	unbound error
	said    []message
	forms   *form.Library
	bytes   map[record.Hash]string
	read    int
	during  func() // after each page
}

func (w *world) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	b, err := io.ReadAll(r)
	h := record.HashOf(b)
	w.bytes[h] = string(b)
	return record.BlobRef{Hash: h, Size: int64(len(b))}, err
}

func (w *world) Read(_ context.Context, o record.Original, _ int) (stack.Seen, error) {
	w.read++
	text := w.bytes[o.Blob.Hash]
	_, text, _ = strings.Cut(text, "|")
	switch text {
	case "", "page":
		return stack.Seen{}, nil
	case "blank":
		return stack.Seen{Blank: true}, nil
	case "lost":
		return stack.Seen{Lost: true}, nil
	case "broken":
		return stack.Seen{}, record.E(record.CodeScanBadData, nil)
	}
	return stack.Seen{Codes: strings.Fields(text), Skew: 1.5}, nil
}

func (w *world) Bind(_ context.Context, d record.Document) (record.BlobRef, int, error) {
	w.bound = append(w.bound, d)
	n := 0
	for _, s := range d.Sheets {
		if !s.Out {
			n++
		}
	}
	return record.BlobRef{Hash: record.HashOf([]byte(d.ID)), Size: 9}, n, w.unbound
}

func (w *world) Profiles(string) []stack.Profile {
	return []stack.Profile{{ID: "feeder", Label: "Einzug"}}
}

func (w *world) Scan(_ context.Context, _ string, sink func(stack.Event) error) error {
	for i, text := range w.stack {
		kind := w.kind
		if kind == "" {
			kind = "image/jpeg"
		}
		e := stack.Event{Kind: stack.Received, Page: i + 1, Name: fmt.Sprintf("seite-%03d.jpg", i+1), MediaType: kind, DPI: 300, Device: "Fujitsu fi-7160", Settings: "feeder gray 300 dpi A4"}
		e.Data = []byte(fmt.Sprint(time.Now().UnixNano(), i, "|", text))
		if err := sink(e); err != nil {
			return err
		}
		if w.during != nil {
			w.during()
		}
	}
	if w.fail != nil {
		return w.fail
	}
	return sink(stack.Event{Kind: stack.Done, Order: w.order})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	clock := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s, err := store.Create(t.Context(), t.TempDir(), store.Options{Key: [32]byte{1}, ID: [16]byte{2}, Clock: func() time.Time { clock = clock.Add(time.Second); return clock }})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	id, err := s.Identity(t.Context())
	check(t, err)
	id.Office, id.Desk, id.Authority, id.Tenant = "MS", 1, "Musterstadt", "ms"
	check(t, s.SetIdentity(t.Context(), id))
	texts, err := i18n.Load(assets.Files, "de")
	check(t, err)
	w := &world{t: t, store: s, bytes: map[record.Hash]string{}}
	w.forms, err = form.Load(assets.Files)
	check(t, err)
	n := Needs{
		Texts: texts, Clock: func() time.Time { return clock }, Run: control.Inline, Do: func(f func()) { f() }, User: "weber",
		Store: s, Room: stack.New(stack.Needs{
			Clock: func() time.Time { return clock }, Run: control.Inline, Do: func(f func()) { f() }, User: "weber",
			Store: s, Forms: w.forms, Blobs: w, Scanner: w, Reader: w, Binder: w,
		}),
	}
	w.m = newModel(n, func() {}, func(m message) { w.said = append(w.said, m) })
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// matter makes a submitted case.
func (w *world) matter(family string) record.Case {
	w.t.Helper()
	f, err := w.forms.Latest("hundesteuer-anmelden")
	check(w.t, err)
	id := record.NewID()
	c, err := w.store.Submit(w.t.Context(), "", []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: map[string]string{"de": "Hundesteuer anmelden"}, Roles: map[record.Role]string{record.RoleFamily: "h/name"}}},
		{Case: id, Kind: record.KindFields, User: "weber", Payload: record.Fields{Groups: []record.GroupEdit{{Group: "h", Values: record.Values{"h/name": family}}}}},
	})
	check(w.t, err)
	return c
}

func (w *world) cover(c record.Case, proof string) string {
	id, err := w.store.Identity(w.t.Context())
	check(w.t, err)
	return sorting.Code{Kind: sorting.KindCover, Authority: sorting.Authority(id), Number: c.Number, Proof: proof}.String()
}

func (w *world) scan(pages ...string) {
	w.stack = pages
	w.m.startScan(stack.Profile{ID: "feeder"})
}

func (w *world) documents(c record.Case) []record.Document {
	w.t.Helper()
	c, err := w.store.Case(w.t.Context(), c.ID)
	check(w.t, err)
	return c.Documents
}

// list is the tray in a line: where the groups go, and how many pages.
func (w *world) list() string {
	var out []string
	for _, i := range w.m.items {
		name := string(i.Reason)
		if i.Sorted() {
			name = i.Case.Party
			if !i.Sure() {
				name += "?"
			}
		}
		out = append(out, fmt.Sprint(name, " ", i.Shown(), "/", len(i.Leaves)))
	}
	return strings.Join(out, ", ")
}

func (w *world) want(list string) {
	w.t.Helper()
	if got := w.list(); got != list {
		w.t.Fatalf("in the tray: %s\nwant: %s", got, list)
	}
}

func TestStackForSeveralCases(t *testing.T) {
	w := newWorld(t)
	a, b := w.matter("Müller"), w.matter("Yıldız")
	w.scan("page", w.cover(a, "versicherung"), "page", "blank", w.cover(b, ""), "page", "lost", "page")
	w.want("nocover 1/1, damaged 1/2, Müller? 2/3, Yıldız 1/2")
	// The service asks for no proof of that name: it is told, and she chooses.
	w.m.choose(w.m.items[2].Key)
	if why(w.m.n.Texts, w.m.items[2]) == "" {
		t.Error("nothing is said about the proof")
	}
	slot := w.m.items[2].Case.Slots[0]
	w.m.prove(slot.ID)
	w.want("nocover 1/1, damaged 1/2, Müller 2/3, Yıldız 1/2")
	if l := w.m.line(w.m.items[2], w.m.n.Clock()); !strings.Contains(l.head, "Müller") || !strings.Contains(l.head, a.Number) || !strings.Contains(l.what, slot.Label) || !strings.Contains(l.what, "2 Seiten · 1 wohl leer") {
		t.Errorf("%+v", l)
	}
	w.m.file(w.m.sure())
	w.want("nocover 1/1, damaged 1/2")
	docs := w.documents(a)
	if len(docs) != 1 || len(w.documents(b)) != 1 {
		t.Fatalf("%d and %d documents", len(docs), len(w.documents(b)))
	}
	d := docs[0]
	if d.Title != slot.Label || d.Proof != slot.ID || d.Pages != 2 || len(d.Originals) != 3 || len(d.Sheets) != 3 || !d.Sheets[0].Out || d.Sheets[1].Out || !d.Sheets[2].Blank || d.Sheets[0].Skew != 1.5 || d.Sheets[1].DPI != 300 {
		t.Errorf("%+v", d)
	}
	if title := w.documents(b)[0].Title; title != "Schriftstück vom 23.11.2026" {
		t.Errorf("a document that is no proof is called %q", title)
	}
	n := d.Transfer
	if n == nil || n.Device != "Fujitsu fi-7160" || n.Settings == "" || n.Pages != 3 || n.Out != 1 || !slices.Equal(n.Blank, []int{3}) || len(n.Originals) != 3 || len(n.Sig) == 0 {
		t.Errorf("transfer note %+v", n)
	}
	w.m.undo() // both: they were filed together
	w.want("nocover 1/1, damaged 1/2, Müller 2/3, Yıldız 1/2")
	if d := w.documents(a)[0]; d.Trashed == nil {
		t.Error("the document is not in the trash")
	}
}

func TestByHandAndBack(t *testing.T) {
	w := newWorld(t)
	a, b := w.matter("Müller"), w.matter("Yıldız")
	w.scan(w.cover(a, ""), "page", "page", "lost", "page", "page")
	w.want("damaged 2/3, Müller 2/3")
	w.m.choose(w.m.items[0].Key)
	w.m.assign(b.Number, "")
	w.want("Müller 2/3, Yıldız 2/3")
	w.m.undo()
	w.want("damaged 2/3, Müller 2/3")
	w.m.choose(w.m.items[0].Key)
	w.m.page = 1
	w.m.mark()
	w.m.assign(b.Number, "")
	w.want("damaged 1/2, Müller 2/3, Yıldız 1/1")
	w.m.choose(w.m.items[0].Key)
	w.m.join()
	w.want("Müller 3/5, Yıldız 1/1")
	w.m.page = 2
	w.m.split()
	w.want("Müller 1/2, Müller 2/3, Yıldız 1/1")
	w.m.page = 0
	w.m.aside()
	w.want("aside 1/1, Müller 1/2, Müller 1/2, Yıldız 1/1")
	w.m.choose(w.m.items[0].Key)
	w.m.aside()
	w.want("Müller 2/3, Müller 1/2, Yıldız 1/1")
	w.m.choose(w.m.items[0].Key)
	w.m.page = 2
	w.m.rotate()
	w.m.choose(w.m.items[0].Key)
	w.m.page = 2
	w.m.out()
	w.want("Müller 1/3, Müller 1/2, Yıldız 1/1")
	w.m.file(w.m.sure())
	if n := len(w.documents(a)) + len(w.documents(b)); n != 3 || len(w.m.items) != 0 {
		t.Errorf("%d documents, left: %s", n, w.list())
	}
	turns := 0
	for _, d := range w.bound {
		for _, s := range d.Sheets {
			turns += s.Turns
		}
	}
	if turns != 1 {
		t.Errorf("%d turns", turns)
	}
}

// What went wrong while filing or scanning loses nothing and is said.
func TestTrouble(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	w.fail = record.E(record.CodeScanJam, nil)
	w.scan(w.cover(a, ""), "page")
	w.want("Müller? 1/2")
	if last := w.said[len(w.said)-1]; record.CodeOf(last.err) != record.CodeScanJam {
		t.Errorf("said %+v", last)
	}
	w.unbound = record.E(record.CodeDiskFull, nil)
	w.m.file(w.m.items) // not among the sure ones: the jam may have kept pages back
	w.want("Müller? 1/2")
	if last := w.said[len(w.said)-1]; record.CodeOf(last.err) != record.CodeDiskFull || len(w.documents(a)) != 0 {
		t.Errorf("said %+v", last)
	}
	w.unbound, w.fail = nil, nil
	_, err := w.store.Apply(t.Context(), record.Edit{Case: a.ID, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Reason: "x", Base: a.Last}})
	check(t, err)
	w.m.file(w.m.items) // as she saw it before
	w.want("deleted 1/2")
	if last := w.said[len(w.said)-1]; record.CodeOf(last.err) != record.CodeTrayDeleted {
		t.Errorf("said %+v", last)
	}
	w.m.drop(w.m.items[0].IDs())
	w.want("")
	w.kind = "application/pdf"
	w.scan("page")
	if last := w.said[len(w.said)-1]; record.CodeOf(last.err) != record.CodeTrayFiles || len(w.m.items) != 0 {
		t.Errorf("said %+v", last)
	}
	w.kind = ""
	w.scan()
	if last := w.said[len(w.said)-1]; record.CodeOf(last.err) != record.CodeScanNoPaper {
		t.Errorf("said %+v", last)
	}
}

// A page that cannot be looked at keeps those behind it out of every case, and is looked at once.
func TestUnreadable(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	w.scan(w.cover(a, ""), "page", "broken", "page")
	w.want("unread 2/2, Müller 1/2")
	n := w.read
	w.m.load()
	if w.read != n || len(w.m.cannot) != 1 {
		t.Errorf("read %d times, cannot %v", w.read-n, w.m.cannot)
	}
}

// After a crash in the middle of a stack the pages are there, and are looked at when somebody comes.
func TestResumes(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	st := sorting.Stack{ID: record.NewID(), User: "weber"}
	check(t, w.store.BeginTray(t.Context(), st))
	for i, text := range []string{w.cover(a, ""), "page"} {
		ref, err := w.Put(t.Context(), bytes.NewReader([]byte(fmt.Sprint(i, "|", text))))
		check(t, err)
		_, err = w.store.AddTrayPage(t.Context(), st.ID, sorting.Page{ID: record.NewID(), Original: record.Original{Blob: ref, MediaType: "image/jpeg"}})
		check(t, err)
	}
	w.m.load()
	w.want("Müller? 1/2")
	if i := w.m.items[0]; !i.Ready() || !i.Stack.Done || i.Sure() || !slices.Equal(i.Doubts, []sorting.Doubt{sorting.DoubtCut}) {
		t.Errorf("a stack that was cut off stays open for ever, or its last document passes for whole: %+v", i.Group)
	}
}

// What the clerk vouches for goes into the note; anything she does with the pages takes it back.
func TestVouched(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	w.scan(w.cover(a, ""), "page", "page")
	w.m.vouch()
	if !w.m.items[0].Match() {
		t.Fatal("not noted")
	}
	w.m.rotate()
	if w.m.items[0].Match() {
		t.Error("turned after it was compared")
	}
	w.m.undo()
	if !w.m.items[0].Match() {
		t.Error("not as it was")
	}
	w.m.vouch()
	w.m.vouch()
	w.m.file(w.m.sure())
	if d := w.documents(a)[0]; !d.Transfer.Match || len(d.Transfer.Sig) == 0 {
		t.Errorf("%+v", d.Transfer)
	}
}

// What was thrown away is taken back by the next key, or later from the list.
func TestThrownAwayPagesComeBack(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	w.scan(w.cover(a, ""), "page", "page")
	w.m.page = 2
	w.m.drop(w.m.these())
	w.want("Müller 1/2")
	w.m.undo()
	w.want("Müller 2/3")
	w.m.drop(w.m.items[0].IDs()[1:])
	w.want("empty 0/1")
	pages, err := w.store.DroppedTray(t.Context())
	check(t, err)
	all := thrownTogether(pages)
	if len(all) != 1 || len(all[0].pages) != 2 || all[0].User != "weber" {
		t.Fatalf("%+v", all)
	}
	w.m.undrop(all[0].pages)
	w.want("Müller 2/3")
}

func TestTwoPasses(t *testing.T) {
	w := newWorld(t)
	a, b := w.matter("Müller"), w.matter("Yıldız")
	w.order = []int{0, 3, 1, 2}
	w.scan(w.cover(a, ""), w.cover(b, ""), "page", "page")
	w.want("Müller 1/2, Yıldız 1/2")
}

// Nothing of a stack is filed while more of it may come, and nobody who reads the tray meanwhile takes it for one
// that broke off.
func TestNotWhileScanning(t *testing.T) {
	w := newWorld(t)
	a := w.matter("Müller")
	seen := 0
	w.during = func() {
		other := newModel(w.m.n, func() {}, func(message) {}) // reads the tray for the first time
		other.load()
		if len(other.items) == 0 {
			return
		}
		seen++
		i := other.items[len(other.items)-1]
		if i.Stack.Done || !i.Scanning || i.Ready() || len(other.sure()) != 0 {
			t.Errorf("it could be filed, or is taken for broken off: %+v", i)
		}
		other.file(other.items)
		if len(w.documents(a)) != 0 {
			t.Error("it was filed")
		}
	}
	w.scan(w.cover(a, ""), "page")
	if last := w.said; len(last) != 0 || seen != 2 {
		t.Errorf("said %+v, seen %d times", last, seen)
	}
	w.want("Müller 1/2")
}

// The first way to scan is one for stacks; all of them stand in the order in which they were given.
func TestTheFirstWayIsForStacks(t *testing.T) {
	for want, all := range [][]stack.Profile{
		{},
		{{Single: true}, {}, {}},
		{{Single: true}, {}, {Sorts: true}},
		{{Single: true}, {Single: true}},
	} {
		if want == 3 {
			want = 0
		}
		if got := preferred(all); got != want {
			t.Errorf("%+v: %d, want %d", all, got, want)
		}
	}
}
