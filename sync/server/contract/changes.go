// Package contract is the test suite that every implementation of the centre's interfaces passes, the one
// in memory too.
//
// It promises to find an implementation that places a change twice, shows half a transaction, forgets what
// it acknowledged or hands one authority's data to another.
//
// It never looks behind the interfaces.
package contract

import (
	"crypto/ed25519"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// Now is the time at which the suites play.
var Now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// Desk is a made-up desk that writes changes.
type Desk struct {
	Device record.ID
	Key    ed25519.PrivateKey
	last   record.Change
	now    time.Time
}

// NewDesk makes a desk that has written nothing.
func NewDesk(t testing.TB) *Desk {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Desk{Device: record.NewID(), Key: key, now: Now}
}

// Public is the desk's public key.
func (d *Desk) Public() ed25519.PublicKey { return d.Key.Public().(ed25519.PublicKey) }

// Write makes the desk's next n changes, notes in a new case.
func (d *Desk) Write(t testing.TB, n int) []record.Change {
	t.Helper()
	var out []record.Change
	c := record.NewID()
	for range n {
		d.now = d.now.Add(time.Second)
		ch, err := record.Seal(record.Edit{Case: c, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: "Marke ausgegeben"}}, d.Device, d.last, d.now)
		if err != nil {
			t.Fatal(err)
		}
		d.last = ch
		out = append(out, ch)
	}
	return out
}

// Clone copies the desk as a disk image would: both go on from the same place.
func (d *Desk) Clone() *Desk {
	e := *d
	return &e
}

// Poison makes the desk's next change with a payload that does not have the hash it claims.
func (d *Desk) Poison(t testing.TB) record.Change {
	t.Helper()
	c := d.Write(t, 1)[0]
	c.Payload = []byte(`{"text":"something else"}`)
	return c
}

// Lines is what arrives when the changes are pushed.
func Lines(t testing.TB, changes ...record.Change) []protocol.Line {
	t.Helper()
	var out []protocol.Line
	for _, c := range changes {
		b, err := protocol.AppendChange(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		l, err := protocol.ParseLine(b)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// AddAuthority adds an authority to a journal.
func AddAuthority(t testing.TB, j server.Journal, name, office, tenant string) server.Authority {
	t.Helper()
	a := server.Authority{Tenant: tenant, Name: name, Office: office, History: record.NewID(), Created: Now}
	if err := j.AddAuthority(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return a
}

// Enrol enrols a desk.
func Enrol(t testing.TB, j server.Journal, tenant string, number int, d *Desk) {
	t.Helper()
	secret := record.HashOf([]byte(record.NewID()))
	i := server.Invitation{Tenant: tenant, Number: number, Secret: secret, Centre: "https://centre", Created: Now, Expires: Now.Add(time.Hour)}
	if err := j.Invite(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if _, _, err := j.Enrol(t.Context(), tenant, secret, d.Device, d.Public(), "test", Now); err != nil {
		t.Fatal(err)
	}
}
