package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"schalter/data/record"
)

// clock is a test's clock; it goes on by a second at every reading.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time { return time.UnixMilli(c.at.Add(1000)).UTC() }

func testOptions() Options {
	return Options{Key: [32]byte{1, 2, 3}, ID: [16]byte{4, 5, 6}, Clock: newClock().now}
}

// desk makes a store that is enrolled as a desk.
func desk(t testing.TB, number int) *Store {
	t.Helper()
	s, err := Create(t.Context(), t.TempDir(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, s.Close()) })
	enrol(t, s, number)
	return s
}

func enrol(t testing.TB, s *Store, number int) {
	t.Helper()
	id, err := s.Identity(t.Context())
	check(t, err)
	id.Office, id.Desk, id.Centre, id.Tenant, id.Authority = "MS", number, "https://centre.example", "ms", "Musterstadt"
	check(t, s.SetIdentity(t.Context(), id))
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code record.Code) {
	t.Helper()
	if record.CodeOf(err) != code {
		t.Fatalf("error is %v, want %s", err, code)
	}
}

// dog is how a case of the dog tax begins.
func dog(id record.ID, family, given, name string) []record.Edit {
	return []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{
			Service: "hundesteuer-anmelden", Title: map[string]string{"de": "Hundesteuer anmelden", "en": "Register a dog"},
			Form: record.FormRef{ID: "hundesteuer-anmelden", Version: "1", Hash: record.HashOf([]byte("form"))},
			Roles: map[record.Role]string{
				record.RoleFamily: "halter/name", record.RoleGiven: "halter/vorname", record.RoleSubject: "hund/rufname",
				record.RoleStreet: "anschrift/strasse",
			},
		}},
		fields(id, "", "halter", "name", family, "vorname", given),
		fields(id, "", "hund", "rufname", name, "rasse", "Labrador Retriever", "chip", "276098100123456"),
		fields(id, "", "anschrift", "strasse", "Große Gasse", "nummer", "12a"),
	}
}

func fields(id, base record.ID, group string, pairs ...string) record.Edit {
	v := record.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v[group+"/"+pairs[i]] = pairs[i+1]
	}
	return record.Edit{
		Case: id, Kind: record.KindFields, User: "weber",
		Payload: record.Fields{Groups: []record.GroupEdit{{Group: group, Base: base, Values: v}}},
	}
}

func paper(id record.ID, title string) (record.Edit, record.Document) {
	d := record.Document{
		ID: record.NewID(), Title: title, Source: record.SourceScan, MediaType: "application/pdf", Pages: 2,
		Shown:     record.BlobRef{Hash: record.HashOf([]byte(title)), Size: 1000},
		Originals: []record.Original{{Name: title + ".jpg", MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf([]byte(title + "o")), Size: 300_000}}},
		Text:      record.BlobRef{Hash: record.HashOf([]byte(title + "t")), Size: 200},
	}
	return record.Edit{Case: id, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: d}}, d
}

// submit makes a submitted case.
func submit(t testing.TB, s *Store, family, given, name string) record.Case {
	t.Helper()
	c, err := s.Submit(t.Context(), "", dog(record.NewID(), family, given, name))
	check(t, err)
	return c
}

// tester is a test or one run of a property.
type tester interface {
	Helper()
	Error(a ...any)
	Fatal(a ...any)
}

// sound fails the test when the store's own check finds anything.
func sound(t tester, s *Store) {
	t.Helper()
	r, err := s.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
}

// centre is a sequence that gives places, as the centre does.
type centre struct {
	log  []record.Sequenced
	seq  map[record.ID]uint64
	hash record.Hash
}

func newCentre() *centre { return &centre{seq: map[record.ID]uint64{}} }

func (c *centre) place(changes []record.Change) (placed []record.Placed) {
	for _, ch := range changes {
		if _, ok := c.seq[ch.ID]; !ok {
			c.hash = record.NextLogHash(c.hash, ch)
			c.log = append(c.log, record.Sequenced{Seq: uint64(len(c.log) + 1), Change: ch})
			c.seq[ch.ID] = uint64(len(c.log))
		}
		placed = append(placed, record.Placed{ID: ch.ID, Seq: c.seq[ch.ID]})
	}
	return placed
}

func (c *centre) push(t testing.TB, s *Store, limit int) int {
	t.Helper()
	changes, err := s.Pending(t.Context(), limit, 1<<20)
	check(t, err)
	check(t, s.Accepted(t.Context(), c.place(changes)))
	return len(changes)
}

// pull gives the desk up to limit changes, its own ones as stubs.
func (c *centre) pull(t testing.TB, s *Store, limit int) int {
	t.Helper()
	cur, err := s.Cursor(t.Context())
	check(t, err)
	id, err := s.Identity(t.Context())
	check(t, err)
	some := c.log[cur.Seq:min(int(cur.Seq)+limit, len(c.log))]
	sent := make([]record.Sequenced, len(some))
	for i, x := range some {
		sent[i] = x
		if x.Change.Device == id.Device {
			sent[i].Change = record.Change{ID: x.Change.ID, Device: x.Change.Device, N: x.Change.N}
		}
	}
	_, err = s.Receive(t.Context(), sent, record.Cursor{History: "h", Seq: cur.Seq + uint64(len(some)), Hash: record.HashOf(fmt.Append(nil, cur.Seq))})
	check(t, err)
	return len(some)
}
