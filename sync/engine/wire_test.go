package engine

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/memory"
	"schalter/sync/server/tlsca"
	"schalter/sync/transport"
)

// house is a real centre on the loopback: sync/server with its TLS, its rules in memory.
type house struct {
	address string
	keys    *tlsca.Keys
	journal *memory.Journal
	number  int
}

func newHouse(t testing.TB) *house {
	keys, err := tlsca.Open(t.TempDir(), record.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := keys.Config([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{address: l.Addr().String(), keys: keys, journal: freshJournal(t)}
	h.serve(t, l, cfg)
	return h
}

func (h *house) serve(t testing.TB, l net.Listener, cfg *tls.Config) {
	c := server.New(server.Config{Journal: h.journal, Files: memory.NewFiles(), CA: h.keys.CA(), Limits: server.Limits{
		EnrolBurst: 1000, FailBurst: 1000, PerDesk: 1000,
	}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Serve(ctx, l, cfg, time.Second) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("centre: %v", err)
		}
	})
}

// invite makes an enrolment code as the administrator would get it.
func (h *house) invite(t testing.TB) string {
	h.number++
	code, err := protocol.NewEnrolCode("https://"+h.address, tenant, h.keys.CA())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.journal.Invite(t.Context(), server.Invitation{
		Tenant: tenant, Number: h.number, Secret: record.HashOf([]byte(code.SecretText())), Centre: code.URL, Expires: time.Now().Add(time.Hour),
	}); err != nil {
		t.Fatal(err)
	}
	return code.String()
}

// wired is a desk that speaks HTTPS to the house.
type wired struct {
	*memStore
	client *transport.Client
	e      *Engine
}

func (h *house) desk(t testing.TB, o transport.Options) *wired {
	s := newMemStore()
	if o.Probe == "" {
		o.Probe = "http://127.0.0.1:1/"
	}
	given, err := transport.Enrol(t.Context(), h.invite(t), s.device, s.key, transport.Options{Probe: o.Probe})
	if err != nil {
		t.Fatal(err)
	}
	return wire(t, s, given, o)
}

func wire(t testing.TB, s *memStore, given record.Enrolment, o transport.Options) *wired {
	c, err := transport.New(record.Identity{Device: s.device, Key: s.key.Seed(), Centre: given.Centre, CA: given.CA, Tenant: given.Tenant}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	d := &wired{memStore: s, client: c}
	d.e = New(Config{Store: s, Blobs: Files(s.blobs), Centre: c, Retry: time.Millisecond, RetryMax: 10 * time.Millisecond})
	return d
}

func (d *wired) once(t testing.TB) {
	t.Helper()
	if err := d.e.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *wired) scan(id record.ID, size int) record.BlobRef {
	data := make([]byte, size)
	_, _ = rand.Read(data)
	ref, text := d.blobs.put(data), d.blobs.put([]byte(fmt.Sprintf(`["Seite %s"]`, record.HashOf(data))))
	d.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{ID: record.NewID(), Shown: ref, Text: text}})
	return ref
}

// start records a case as a desk does on submitting a form.
func (d *wired) start() record.ID {
	id := record.NewID()
	d.apply(id, record.KindOpen, record.Opened{Service: "hundesteuer-anmelden", Title: map[string]string{"de": "Hundesteuer anmelden", "en": "Register a dog"}})
	d.apply(id, record.KindFields, record.Fields{Groups: []record.GroupEdit{
		{Group: "halter", Values: record.Values{"halter/name": "Yıldız", "halter/vorname": "Emre", "halter/geburt": "1988-04-02"}},
		{Group: "hund", Values: record.Values{"hund/name": "Bello", "hund/chip": "276098106234567"}},
	}})
	return id
}

func TestTwoDesksThroughARealCentre(t *testing.T) {
	h := newHouse(t)
	a, b := h.desk(t, transport.Options{}), h.desk(t, transport.Options{})
	id := a.start()
	var refs []record.BlobRef
	for _, size := range []int{0, 1, small, small + 1, 300 << 10, 2 << 20} {
		refs = append(refs, a.scan(id, size))
	}
	a.once(t)
	b.once(t)
	if !maps.Equal(a.cases(t), b.cases(t)) || len(b.cases(t)) != 1 {
		t.Error("the desks show different cases")
	}
	for _, ref := range refs {
		x, e1 := a.blobs.ReadAll(ref.Hash, 1<<30)
		y, e2 := b.blobs.ReadAll(ref.Hash, 1<<30)
		if e1 != nil || e2 != nil || string(x) != string(y) {
			t.Errorf("file of %d bytes: %v %v", ref.Size, e1, e2)
		}
	}
	if len(b.indexed) != len(refs) {
		t.Errorf("%d of %d texts in the index", len(b.indexed), len(refs))
	}
	if a.waiting()+b.waiting() != "" {
		t.Errorf("left: %s %s", a.waiting(), b.waiting())
	}
}

// counting counts requests by the responses that come back: one per HTTP exchange.
type counting struct {
	Centre
	mu sync.Mutex
	n  int
}

func (c *counting) one() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *counting) Push(ctx context.Context, ch []record.Change) (protocol.PushAnswer, error) {
	c.one()
	return c.Centre.Push(ctx, ch)
}

func (c *counting) Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	c.one()
	return c.Centre.Pull(ctx, q)
}

func (c *counting) Offset(ctx context.Context, ref record.BlobRef) (int64, bool, error) {
	c.one()
	return c.Centre.Offset(ctx, ref)
}

func (c *counting) Send(ctx context.Context, ref record.BlobRef, o int64, r io.Reader, n int64) (int64, bool, error) {
	c.one()
	return c.Centre.Send(ctx, ref, o, r, n)
}

func (c *counting) Fetch(ctx context.Context, ref record.BlobRef, o int64, w io.Writer) (int64, error) {
	c.one()
	return c.Centre.Fetch(ctx, ref, o, w)
}

// TestOneEditIsCheap holds the budget for a thin line: one edit of a case that has a scan costs at most
// four requests and 1.5 kB in both directions, TLS included.
func TestOneEditIsCheap(t *testing.T) {
	h := newHouse(t)
	d := h.desk(t, transport.Options{})
	n := &counting{Centre: d.client}
	d.e = New(Config{Store: d.memStore, Blobs: Files(d.blobs), Centre: n})
	id := d.start()
	d.scan(id, 300<<10)
	d.once(t)
	for i := range 3 {
		up, down := d.client.Traffic()
		before := n.n
		d.apply(id, record.KindFields, record.Fields{Groups: []record.GroupEdit{{
			Group: "hund", Base: d.view(t, id).Groups["hund"].Version,
			Values: record.Values{"hund/name": fmt.Sprintf("Bello %d", i), "hund/chip": "276098106234567"},
		}}})
		d.once(t)
		up2, down2 := d.client.Traffic()
		bytes, requests := up2-up+down2-down, n.n-before
		t.Logf("edit %d: %d bytes up, %d down, %d requests", i, up2-up, down2-down, requests)
		if bytes > 1500 || requests > 4 {
			t.Errorf("%d bytes in %d requests; the budget is 1500 in 4", bytes, requests)
		}
	}
}

// TestEveryConnectionCutAfterNBytes goes through a small exchange with all connections cut after n bytes, for
// n over the whole exchange; afterwards, on a good line, everything is there once.
func TestEveryConnectionCutAfterNBytes(t *testing.T) {
	step := int64(199)
	if os.Getenv("SCHALTER_LONG") != "" {
		step = 1
	}
	n, places := int64(1), 0
	for ; cutAfter(t, n); n += step {
		places++
	}
	t.Logf("a connection of the exchange has at most %d bytes; cut at %d places", n, places)
	if n < 2000 {
		t.Error("nothing was exchanged")
	}
}

// cutAfter runs one exchange between two desks and reports whether the limit was reached at all.
func cutAfter(t *testing.T, n int64) bool {
	h := newHouse(t)
	c := newCutter(t, h.address)
	d, reader := h.desk(t, transport.Options{Dial: c.dial, Idle: 5 * time.Second}), h.desk(t, transport.Options{Dial: c.dial, Idle: 5 * time.Second})
	id := d.start()
	ref := d.scan(id, 3000)
	c.limit.Store(n)
	for _, w := range []*wired{d, reader} {
		err := w.e.Once(t.Context())
		if err == nil && w.waiting() != "" && (w == d || d.waiting() == "") {
			t.Fatalf("cut after %d bytes: reported complete with %s left", n, w.waiting())
		}
		if err != nil && record.CodeOf(err) != record.CodeOffline {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		if w.e.Link().LastSync.IsZero() == (err == nil) && w.cursor == (record.Cursor{}) {
			t.Fatalf("cut after %d bytes: a synchronisation is reported: %+v", n, w.e.Link())
		}
	}
	cut := c.cuts.Load() > 0
	c.limit.Store(1 << 40)
	d.client.Close()
	reader.client.Close()
	d.once(t)
	reader.once(t)
	if d.waiting() != "" || !reader.blobs.Has(ref.Hash) || reader.cases(t)[id] != d.cases(t)[id] || len(reader.cases(t)) != 1 {
		t.Fatalf("cut after %d bytes: left %q, other desk has the file: %v", n, d.waiting(), reader.blobs.Has(ref.Hash))
	}
	d.client.Close()
	reader.client.Close()
	return cut
}

func TestCutterForLongFiles(t *testing.T) {
	h := newHouse(t)
	c := newCutter(t, h.address)
	c.limit.Store(500 << 10)
	a := h.desk(t, transport.Options{Dial: c.dial})
	b := h.desk(t, transport.Options{Dial: c.dial})
	id := a.start()
	ref := a.scan(id, 3<<20)
	tries := 0
	for _, d := range []*wired{a, b} {
		for d.waiting() != "" || d == b && !b.blobs.Has(ref.Hash) {
			if tries++; tries > 60 {
				t.Fatalf("no end: %s", d.waiting())
			}
			switch err := d.e.Once(t.Context()); record.CodeOf(err) {
			case "", record.CodeOffline:
			case record.CodeCentreTrouble, record.CodeCentreBusy:
				// A question from a connection that was cut arrives late and ends the present upload.
			default:
				t.Fatal(err)
			}
		}
	}
	// What the proxy let through both ways; bytes that never left this machine's buffers do not count. A cut
	// costs the TLS record it falls into, and what the centre had not yet read of it: more where it is slow.
	total := c.passed.Load()
	t.Logf("3 MiB up and down over connections of 500 kB: %d bytes, %d attempts, %d cuts", total, tries, c.cuts.Load())
	if total > 6<<20*2 {
		t.Errorf("%d bytes for twice 3 MiB: it does not go on where it was", total)
	}
}

func TestEnrol(t *testing.T) {
	h, stranger := newHouse(t), newHouse(t)
	s := newMemStore()
	enrol := func(code string) (record.Enrolment, error) {
		return transport.Enrol(t.Context(), code, s.device, s.key, transport.Options{Probe: "http://127.0.0.1:1/"})
	}
	code := h.invite(t)
	given, err := enrol(code)
	if err != nil || given.Desk != 1 || given.Office != "MS" || given.Authority != "Musterstadt" || given.Centre != "https://"+h.address {
		t.Fatalf("%+v %v", given, err)
	}
	if again, err := enrol(code); err != nil || again.Desk != given.Desk {
		t.Errorf("a lost answer cannot be asked for again: %v", err)
	}
	other := newMemStore()
	if _, err := transport.Enrol(t.Context(), code, other.device, other.key, transport.Options{}); record.CodeOf(err) != record.CodeEnrolCode {
		t.Errorf("used code: %v", err)
	}
	if _, err := enrol("schalter://nonsense"); record.CodeOf(err) != record.CodeEnrolCode {
		t.Errorf("nonsense: %v", err)
	}
	// The right address, but the code was made by another centre: somebody sits in between.
	false1, err := protocol.NewEnrolCode("https://"+h.address, tenant, stranger.keys.CA())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := enrol(false1.String()); record.CodeOf(err) != record.CodeEnrolFinger {
		t.Errorf("other fingerprint: %v", err)
	}
	// An enrolled desk does not speak to another centre at its address.
	d := wire(t, s, record.Enrolment{Centre: given.Centre, CA: stranger.keys.CA()}, transport.Options{Probe: "http://127.0.0.1:1/"})
	if err := d.e.Once(t.Context()); record.CodeOf(err) != record.CodeCentreUntrusted {
		t.Errorf("other centre: %v", err)
	}
	if l := d.e.Link(); l.Online || !l.LastSync.IsZero() || l.Trouble == nil || l.Trouble.Code != record.CodeCentreUntrusted {
		t.Errorf("line: %+v", l)
	}
}

func TestRevokedAndForked(t *testing.T) {
	h := newHouse(t)
	a, b := h.desk(t, transport.Options{}), h.desk(t, transport.Options{})
	a.start()
	a.once(t)
	clone := wire(t, cloneOf(a.memStore), record.Enrolment{Centre: "https://" + h.address, CA: h.keys.CA()}, transport.Options{})
	a.start()
	a.once(t)
	clone.start()
	if err := clone.e.Once(t.Context()); record.CodeOf(err) != record.CodeForked {
		t.Errorf("clone: %v", err)
	}
	if l := clone.e.Link(); l.Online || l.Trouble == nil || l.Trouble.Code != record.CodeForked || !l.LastSync.IsZero() {
		t.Errorf("clone's line: %+v", l)
	}
	if err := h.journal.Revoke(t.Context(), tenant, 2, time.Now()); err != nil {
		t.Fatal(err)
	}
	b.start()
	if err := b.e.Once(t.Context()); record.CodeOf(err) != record.CodeDeskRevoked {
		t.Errorf("revoked: %v", err)
	}
	if b.waiting() == "" {
		t.Error("the revoked desk's changes were taken as sent")
	}
}

// cloneOf is a desk's disk, copied.
func cloneOf(s *memStore) *memStore {
	c := newMemStore()
	c.device, c.key, c.cursor = s.device, s.key, s.cursor
	c.own = append(c.own, s.own...)
	c.seq, c.others = maps.Clone(s.seq), maps.Clone(s.others)
	return c
}

// TestSetBackWithNothingToSend: a desk set back to an older state that only pulls gets its own later changes back.
func TestSetBackWithNothingToSend(t *testing.T) {
	h := newHouse(t)
	a := h.desk(t, transport.Options{})
	a.start()
	a.once(t)
	old := wire(t, cloneOf(a.memStore), record.Enrolment{Centre: "https://" + h.address, CA: h.keys.CA()}, transport.Options{})
	a.start()
	a.once(t)
	old.once(t)
	if !maps.Equal(a.cases(t), old.cases(t)) {
		t.Error("the desk that was set back lacks its own changes")
	}
}

func TestPoisonGoesToTheTray(t *testing.T) {
	h := newHouse(t)
	a, b := h.desk(t, transport.Options{}), h.desk(t, transport.Options{})
	id := a.start()
	a.apply("not-a-case-id", record.KindNote, record.Note{Text: "x"})
	a.apply(id, record.KindNote, record.Note{Text: strings.Repeat("a", protocol.MaxChange+1)})
	a.apply(id, record.KindNote, record.Note{Text: strings.Repeat("b", protocol.MaxLine+1)})
	a.apply(id, record.KindNote, record.Note{Text: "danach"})
	a.once(t)
	b.once(t)
	if len(a.rejected) != 3 || a.waiting() != "" {
		t.Errorf("%d rejected, left %q", len(a.rejected), a.waiting())
	}
	if c := b.view(t, id); len(c.Notes) != 1 || c.Notes[0].Text != "danach" {
		t.Errorf("what came after the rejected ones did not arrive: %d notes", len(c.Notes))
	}
	if !maps.Equal(a.cases(t), b.cases(t)) {
		t.Error("the desks differ")
	}
}

func TestDamagedFileDoesNotBlock(t *testing.T) {
	h := newHouse(t)
	a, b := h.desk(t, transport.Options{}), h.desk(t, transport.Options{})
	id := a.start()
	bad, lost, good := a.scan(id, 5000), a.scan(id, 5000), a.scan(id, 5000)
	a.blobs.files[bad.Hash] = make([]byte, 5000)
	delete(a.blobs.files, lost.Hash)
	err := a.e.Once(t.Context())
	if !errors.Is(err, &record.Error{Code: record.CodeHashMismatch}) || !errors.Is(err, &record.Error{Code: record.CodeBlobMissing}) {
		t.Errorf("not told: %v", err)
	}
	b.once(t)
	if !b.blobs.Has(good.Hash) || b.blobs.Has(bad.Hash) {
		t.Error("the good file did not arrive, or the bad one did")
	}
}
