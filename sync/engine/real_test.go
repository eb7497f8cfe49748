package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schalter/data/blob"
	"schalter/data/record"
	"schalter/data/store"
	"schalter/sync/transport"
)

// real is a desk with its real encrypted store and files.
type real struct {
	*store.Store
	blobs *blob.Store
	e     *Engine
	id    record.Identity
}

func newReal(t testing.TB, device *memStore) *real {
	dir := t.TempDir()
	r := &real{id: record.Identity{Device: device.device, Key: device.key.Seed(), Authority: "Musterstadt", Tenant: tenant, Office: "MS", Desk: 1}}
	var err error
	if r.Store, err = store.Create(t.Context(), dir, store.Options{Key: [32]byte{1}, ID: [16]byte{2}, Clock: record.SystemClock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if r.blobs, err = blob.Open(filepath.Join(dir, "blobs"), [32]byte{3}); err != nil {
		t.Fatal(err)
	}
	return r
}

// through gives the desk a way to the centre.
func (r *real) through(t testing.TB, c Centre, centre string) *real {
	r.id.Centre = centre
	if err := r.SetIdentity(t.Context(), r.id); err != nil {
		t.Fatal(err)
	}
	r.e = New(Config{Store: r.Store, Blobs: Files(r.blobs), Centre: c, Retry: time.Millisecond, RetryMax: 10 * time.Millisecond})
	return r
}

func (h *house) real(t testing.TB) *real {
	d := newMemStore()
	given, err := transport.Enrol(t.Context(), h.invite(t), d.device, d.key, transport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := newReal(t, d)
	r.id.CA, r.id.Centre, r.id.Desk = given.CA, given.Centre, given.Desk
	c, err := transport.New(r.id, transport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return r.through(t, c, given.Centre)
}

func (r *real) do(t testing.TB, id record.ID, kind record.Kind, payload any) {
	t.Helper()
	if _, err := r.Apply(t.Context(), record.Edit{Case: id, Kind: kind, User: "weber", Payload: payload}); err != nil {
		t.Fatal(err)
	}
}

func (r *real) set(t testing.TB, id record.ID, base record.ID, name string) {
	t.Helper()
	r.do(t, id, record.KindFields, record.Fields{Groups: []record.GroupEdit{{Group: "hund", Base: base, Values: record.Values{"hund/name": name}}}})
}

func (r *real) scan(t testing.TB, id record.ID, data []byte, words string) record.Document {
	t.Helper()
	text, err := json.Marshal([]string{words})
	if err != nil {
		t.Fatal(err)
	}
	d := record.Document{ID: record.NewID(), Title: "Nachweis", Source: record.SourceScan, MediaType: "application/pdf", Pages: 1, Made: time.Now(), User: "weber"}
	if d.Shown, err = r.blobs.Put(t.Context(), bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if d.Text, err = r.blobs.Put(t.Context(), bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	r.do(t, id, record.KindDocument, record.DocumentAdded{Document: d})
	return d
}

func (r *real) once(t testing.TB) {
	t.Helper()
	if err := r.e.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// left is what has not reached the centre.
func (r *real) left(t testing.TB) string {
	t.Helper()
	c, err := r.Counts(t.Context(), "weber")
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.FilesToFetch(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if c.Outbox+c.Files+len(f) == 0 {
		return ""
	}
	return fmt.Sprintf("%d changes, %d files to send, %d to fetch", c.Outbox, c.Files, len(f))
}

func sameCase(t *testing.T, id record.ID, desks ...*real) record.Case {
	t.Helper()
	first, err := desks[0].Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range desks[1:] {
		c, err := d.Case(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, c); diff != "" {
			t.Errorf("desk %d differs from the first:\n%s", i+1, diff)
		}
	}
	return first
}

func TestRealDesks(t *testing.T) {
	h := newHouse(t)
	a, b := h.real(t), h.real(t)
	id := record.NewID()
	a.do(t, id, record.KindOpen, record.Opened{Service: "hundesteuer-anmelden", Roles: map[record.Role]string{record.RoleSubject: "hund/name"}})
	a.set(t, id, "", "Bello")
	doc := a.scan(t, id, bytes.Repeat([]byte("%PDF"), 80<<10), "Impfausweis Rottweiler")
	a.once(t)
	b.once(t)
	base := sameCase(t, id, a, b).Groups["hund"].Version
	if a.left(t)+b.left(t) != "" {
		t.Errorf("left: %s %s", a.left(t), b.left(t))
	}
	got, err := b.blobs.ReadAll(doc.Shown.Hash, 1<<30)
	if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("%PDF"), 80<<10)) {
		t.Errorf("the scan on the other desk: %d bytes, %v", len(got), err)
	}
	if hits, err := b.Find(t.Context(), "rottweiler", 10); err != nil || len(hits) != 1 {
		t.Errorf("the other desk finds %d, %v", len(hits), err)
	}

	// Both edit the same group without knowing of each other.
	a.set(t, id, base, "Rex")
	b.set(t, id, base, "Max")
	for _, d := range []*real{a, b, a} {
		d.once(t)
	}
	c := sameCase(t, id, a, b)
	if len(c.Conflicts) != 1 || c.Groups["hund"].Values["hund/name"] != "Rex" || c.Conflicts[0].Other.Values["hund/name"] != "Max" {
		t.Fatalf("after both edited: %+v", c.Conflicts)
	}
	b.do(t, id, record.KindResolve, record.Resolved{
		Conflict: c.Conflicts[0].ID, Group: "hund", Base: c.Groups["hund"].Version, Values: record.Values{"hund/name": "Max"},
	})
	b.once(t)
	a.once(t)
	if c = sameCase(t, id, a, b); len(c.Conflicts) != 0 || c.Groups["hund"].Values["hund/name"] != "Max" {
		t.Errorf("after deciding: %+v", c)
	}
}

// version replaces what is shown of a document by other bytes, with words of their own.
func (r *real) version(t testing.TB, id record.ID, d record.Document, why record.Why, data, words string) {
	t.Helper()
	v := record.DocumentVersion{Document: d.ID, Of: d.Shown.Hash, Why: why, MediaType: d.MediaType, Pages: 1}
	text, err := json.Marshal([]string{words})
	if err != nil {
		t.Fatal(err)
	}
	if v.Shown, err = r.blobs.Put(t.Context(), strings.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if v.Text, err = r.blobs.Put(t.Context(), bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	r.do(t, id, record.KindVersion, v)
}

// TestRealDesksShareWhatBecomesOfADocument: versions made at once, words that came too late, marks, a check and the
// trash are the same on both desks, with all their files; and only the words of what is shown are found.
func TestRealDesksShareWhatBecomesOfADocument(t *testing.T) {
	h := newHouse(t)
	a, b := h.real(t), h.real(t)
	id := record.NewID()
	a.do(t, id, record.KindOpen, record.Opened{Service: "hundesteuer-anmelden"})
	doc := a.scan(t, id, bytes.Repeat([]byte("%PDF"), 1000), "Impfausweis")
	a.once(t)
	b.once(t)
	mark := record.Mark{ID: record.NewID(), Kind: record.MarkStamp, Boxes: []record.Box{{X1: 1, Y1: .1}}, Text: "Eingegangen"}
	a.version(t, id, doc, record.WhyPages, "a pages", "Rottweiler")
	a.do(t, id, record.KindMark, record.DocumentMarked{Document: doc.ID, Mark: mark})
	b.version(t, id, doc, record.WhyText, "b text", "Schnauzer")
	b.version(t, id, doc, record.WhyPages, "b pages", "Terrier")
	b.do(t, id, record.KindTrash, record.DocumentTrashed{Document: doc.ID, Reason: "doppelt"})
	for _, d := range []*real{a, b, a, b} {
		d.once(t)
	}
	a.do(t, id, record.KindMark, record.DocumentMarked{Document: doc.ID, Mark: mark, Gone: true})
	a.do(t, id, record.KindTrash, record.DocumentTrashed{Document: doc.ID, Back: true})
	b.do(t, id, record.KindMark, record.DocumentMarked{Document: doc.ID, Mark: mark})
	b.do(t, id, record.KindCheck, record.DocumentChecked{Document: doc.ID, Of: record.HashOf([]byte("b pages")), OK: true})
	for _, d := range []*real{a, b, a, b} {
		d.once(t)
	}
	c := sameCase(t, id, a, b)
	d := c.Documents[0]
	if d.Shown.Hash != record.HashOf([]byte("b pages")) || len(d.Versions) != 3 || len(d.Marks) != 0 || len(d.Checks) != 1 || d.Trashed != nil {
		t.Errorf("%+v", d)
	}
	if a.left(t)+b.left(t) != "" {
		t.Errorf("left: %s %s", a.left(t), b.left(t))
	}
	for i, desk := range []*real{a, b} {
		for _, f := range d.Blobs() {
			if r, err := desk.blobs.Open(f.Hash); err != nil {
				t.Errorf("desk %d lacks a file: %v", i, err)
			} else if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
		for word, want := range map[string]int{"impfausweis": 0, "rottweiler": 0, "schnauzer": 0, "terrier": 1} {
			if hits, err := desk.Find(t.Context(), word, 10); err != nil || len(hits) != want {
				t.Errorf("desk %d finds %q %d times, %v", i, word, len(hits), err)
			}
		}
		if r, err := desk.Verify(t.Context(), nil); err != nil || len(r.Problems) > 0 {
			t.Errorf("desk %d: %v, %v", i, r.Problems, err)
		}
	}
}

// TestRealDesksAfterTheCentreWasRestored: the centre comes back from a backup that knows nothing of them.
func TestRealDesksAfterTheCentreWasRestored(t *testing.T) {
	for _, rejected := range []bool{false, true} {
		t.Run(fmt.Sprintf("rejected %v", rejected), func(t *testing.T) { restored(t, rejected) })
	}
}

func restored(t *testing.T, rejected bool) {
	w := newWorld(t)
	mems := []*memStore{newMemStore(), newMemStore()}
	var desks []*real
	for i, m := range mems {
		w.enrol(t, m, i+1)
		desks = append(desks, newReal(t, m).through(t, &network{w: w, device: m.device}, "https://centre.example"))
	}
	a, b := desks[0], desks[1]
	id, other := record.NewID(), record.NewID()
	a.do(t, id, record.KindOpen, record.Opened{Service: "fundsache"})
	a.do(t, other, record.KindOpen, record.Opened{Service: "fundsache"})
	doc := a.scan(t, id, []byte("Schein"), "Schlüsselbund")
	if rejected {
		// It keeps its place in the device's chain: the restored centre asks for it too.
		a.do(t, other, record.KindNote, record.Note{Text: strings.Repeat("x", 1<<20)})
	}
	a.set(t, id, "", "Schlüssel")
	a.once(t)
	b.once(t)
	w.restore(t, mems...)
	if rejected && !rewindQueuesRejected(t, a) {
		t.Fatal("the store does not queue rejected changes again after a restore")
	}
	a.set(t, id, sameCase(t, id, a, b).Groups["hund"].Version, "Schlüsselbund")
	for _, d := range []*real{b, a, b, a} {
		d.once(t)
	}
	c := sameCase(t, id, a, b)
	if len(c.Documents) != 1 || c.Groups["hund"].Values["hund/name"] != "Schlüsselbund" || a.left(t)+b.left(t) != "" {
		t.Errorf("after the restore: %+v, left %q %q", c, a.left(t), b.left(t))
	}
	_, files, _ := w.now()
	if st, err := files.State(t.Context(), tenant, doc.Shown.Hash); err != nil || !st.Complete {
		t.Errorf("the restored centre lacks the scan: %+v %v", st, err)
	}
}

// rewindQueuesRejected tells whether the store gives back the whole chain of the device.
func rewindQueuesRejected(t *testing.T, r *real) bool {
	t.Helper()
	if err := r.Rewind(t.Context(), record.NewID()); err != nil {
		t.Fatal(err)
	}
	p, err := r.Pending(t.Context(), 1000, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range p {
		if c.N != uint64(i+1) {
			return false
		}
	}
	return true
}

// BenchmarkExchange sends 200 scans of 300 kB and 1,000 cases to a centre and on to a second desk, with real
// encrypted stores on all sides but the centre's.
func BenchmarkExchange(b *testing.B) {
	data := make([]byte, 300<<10)
	for b.Loop() {
		b.StopTimer()
		h := newHouse(b)
		x, y := h.real(b), h.real(b)
		var edits []record.Edit
		for i := range 1000 {
			id := record.NewID()
			edits = append(edits, record.Edit{Case: id, Kind: record.KindOpen, User: "w", Payload: record.Opened{Service: "fundsache"}},
				record.Edit{Case: id, Kind: record.KindFields, User: "w", Payload: record.Fields{Groups: []record.GroupEdit{
					{Group: "fund", Values: record.Values{"fund/was": fmt.Sprintf("Schlüssel %d", i), "fund/ort": "Marktplatz"}},
				}}})
		}
		if _, err := x.Apply(b.Context(), edits...); err != nil {
			b.Fatal(err)
		}
		for i := range 200 {
			copy(data, fmt.Sprint(i))
			x.scan(b, edits[2*i].Case, data, "Seite")
		}
		b.StartTimer()
		begun := time.Now()
		x.once(b)
		b.ReportMetric(time.Since(begun).Seconds(), "up-s")
		begun = time.Now()
		y.once(b)
		b.ReportMetric(time.Since(begun).Seconds(), "down-s")
	}
}
