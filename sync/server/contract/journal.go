package contract

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/server"
)

// Journal runs the suite. open gives an empty journal; reopen closes one and opens it again as after a
// restart, nil if nothing outlives the process.
func Journal(t *testing.T, open func(t *testing.T) server.Journal, reopen func(t *testing.T, j server.Journal) server.Journal) {
	for name, test := range map[string]func(*testing.T, server.Journal){
		"authorities": authorities, "invitations": invitations, "revoking": revoking, "seen": seen, "placing": placing, "repeating": repeating,
		"gap": gap, "fork": fork, "poison": poison, "alien": alien, "used id": usedID, "transactions": transactions, "history": history,
		"tenants": tenants, "together": together, "newer": newer, "rights": rights, "right by code": rightByCode,
		"own device": ownDevice, "own is no desk": ownIsNoDesk, "forms": forms, "lost files": lostFiles,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
	if reopen != nil {
		t.Run("restart", func(t *testing.T) { restart(t, open(t), reopen) })
	}
}

func wantCode(t *testing.T, what string, err error, code record.Code) {
	t.Helper()
	if record.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func authorities(t *testing.T, j server.Journal) {
	ctx := t.Context()
	b := AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	a := AddAuthority(t, j, "Musterstadt", "MS", "ms")
	for _, x := range []server.Authority{{Tenant: "ms", Office: "X", Name: "x", History: record.NewID()}, {Tenant: "x", Office: "MS", Name: "x", History: record.NewID()}} {
		if err := j.AddAuthority(ctx, x); !errors.Is(err, server.ErrExists) {
			t.Errorf("%+v: %v", x, err)
		}
	}
	got, err := j.Authorities(ctx)
	if err != nil || !slices.Equal(got, []server.Authority{a, b}) {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := j.Authority(ctx, "ns"); err != nil || got != b {
		t.Errorf("%+v %v", got, err)
	}
	_, err = j.Authority(ctx, "xx")
	wantCode(t, "unknown authority", err, record.CodeNotFound)
	if err := j.Ready(ctx); err != nil {
		t.Error(err)
	}
}

func invitations(t *testing.T, j server.Journal) {
	ctx := t.Context()
	AddAuthority(t, j, "Musterstadt", "MS", "ms")
	AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	first, second := record.HashOf([]byte("1")), record.HashOf([]byte("2"))
	i := server.Invitation{Tenant: "ms", Number: 7, Secret: first, Centre: "https://centre", Created: Now, Expires: Now.Add(time.Hour)}
	wantCode(t, "invite to nowhere", j.Invite(ctx, server.Invitation{Tenant: "xx", Number: 1, Secret: first}), record.CodeNotFound)
	if err := j.Invite(ctx, i); err != nil {
		t.Fatal(err)
	}
	i.Secret = second
	if err := j.Invite(ctx, i); err != nil {
		t.Fatal(err)
	}
	d, e := NewDesk(t), NewDesk(t)
	enrol := func(tenant string, s record.Hash, d *Desk, now time.Time) (server.Desk, error) {
		got, inv, err := j.Enrol(ctx, tenant, s, d.Device, d.Public(), "test 1", now)
		if err == nil && inv != i {
			t.Errorf("invitation %+v, want %+v", inv, i)
		}
		return got, err
	}
	_, err := enrol("ms", first, d, Now)
	wantCode(t, "a code that was replaced", err, record.CodeEnrolCode)
	_, err = enrol("ns", second, d, Now)
	wantCode(t, "another authority's code", err, record.CodeEnrolCode)
	_, err = enrol("ms", second, d, i.Expires)
	wantCode(t, "an expired code", err, record.CodeEnrolCode)
	_, err = j.Desk(ctx, d.Device)
	wantCode(t, "a desk that was refused", err, record.CodeDeskUnknown)

	want := server.Desk{Tenant: "ms", Number: 7, Device: d.Device, Key: d.Public(), Program: "test 1", Enrolled: Now, Seen: Now}
	for range 2 { // an answer can be lost; the second time is after the end of the code
		got, err := enrol("ms", second, d, Now)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%+v, want %+v: %v", got, want, err)
		}
	}
	if _, err := enrol("ms", second, d, i.Expires.Add(time.Hour)); err != nil {
		t.Errorf("repeating after expiry: %v", err)
	}
	_, err = enrol("ms", second, e, Now)
	wantCode(t, "a used code", err, record.CodeEnrolCode)
	thief := NewDesk(t)
	thief.Device = d.Device
	_, err = enrol("ms", second, thief, Now)
	wantCode(t, "the device with another key", err, record.CodeEnrolCode)
	if err := j.Invite(ctx, i); !errors.Is(err, server.ErrExists) {
		t.Errorf("a number that has a desk: %v", err)
	}
	third := server.Invitation{Tenant: "ns", Number: 1, Secret: first, Centre: "https://centre", Created: Now, Expires: Now.Add(time.Hour)}
	if err := j.Invite(ctx, third); err != nil {
		t.Fatal(err)
	}
	_, _, err = j.Enrol(ctx, "ns", first, d.Device, d.Public(), "", Now)
	wantCode(t, "a device enrolled elsewhere", err, record.CodeEnrolCode)
	if ds, err := j.Desks(ctx, "ms"); err != nil || len(ds) != 1 {
		t.Errorf("%+v %v", ds, err)
	}
	if ds, err := j.Desks(ctx, "ns"); err != nil || len(ds) != 0 {
		t.Errorf("%+v %v", ds, err)
	}
}

func revoking(t *testing.T, j server.Journal) {
	ctx := t.Context()
	AddAuthority(t, j, "Musterstadt", "MS", "ms")
	AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	d := NewDesk(t)
	Enrol(t, j, "ms", 1, d)
	wantCode(t, "another authority's desk", j.Revoke(ctx, "ns", 1, Now), record.CodeNotFound)
	wantCode(t, "no such desk", j.Revoke(ctx, "ms", 2, Now), record.CodeNotFound)
	for _, at := range []time.Time{Now.Add(time.Minute), Now.Add(time.Hour)} {
		if err := j.Revoke(ctx, "ms", 1, at); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := j.Desk(ctx, d.Device); err != nil || !got.Revoked.Equal(Now.Add(time.Minute)) {
		t.Errorf("%+v %v", got, err)
	}
}

func seen(t *testing.T, j server.Journal) {
	ctx := t.Context()
	AddAuthority(t, j, "Musterstadt", "MS", "ms")
	d := NewDesk(t)
	Enrol(t, j, "ms", 1, d)
	later := Now.Add(time.Hour)
	for _, at := range []time.Time{later, Now} {
		if err := j.Seen(ctx, map[record.ID]time.Time{d.Device: at, record.NewID(): at}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := j.Desk(ctx, d.Device); err != nil || !got.Seen.Equal(later) {
		t.Errorf("%+v %v", got, err)
	}
}
