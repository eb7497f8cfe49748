package contract

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// Publish makes the desk's next change, which publishes a form.
func (d *Desk) Publish(t testing.TB, form, version string) record.Change {
	t.Helper()
	h := record.HashOf([]byte(form + version))
	d.now = d.now.Add(time.Second)
	ch, err := record.Seal(record.Edit{Case: record.FormCase(form), Kind: record.KindForm, User: "amt", Payload: record.FormPublished{
		Form: record.FormRef{ID: form, Version: version, Hash: h}, Title: map[string]string{"de": form}, File: record.BlobRef{Hash: h, Size: 1},
	}}, d.Device, d.last, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.last = ch
	return ch
}

// rights: a publication of a desk that may not publish is refused, for good, and blocks nothing.
func rights(t *testing.T, j server.Journal) {
	ctx := t.Context()
	_, d, admin := setting(t, j)
	wantCode(t, "no such desk", j.Grant(ctx, "ms", 9, true), record.CodeNotFound)
	wantCode(t, "another authority's desk", j.Grant(ctx, "ns", 1, true), record.CodeNotFound)
	grant(t, j, 2, true)
	if got, err := j.Desk(ctx, admin.Device); err != nil || !got.Admin {
		t.Errorf("%+v %v", got, err)
	}
	refused, after := d.Publish(t, "hund", "1"), d.Write(t, 1)[0]
	a := push(t, j, d, refused, after)
	if a.Results[0].Code != record.CodeNoRight || a.Results[1].Seq != 1 {
		t.Fatalf("%+v", a)
	}
	if a := push(t, j, admin, admin.Publish(t, "hund", "1")); a.Results[0].Seq != 2 {
		t.Errorf("%+v", a)
	}
	// The right makes no difference to what was answered before.
	grant(t, j, 1, true)
	if a := push(t, j, d, refused, after, d.Publish(t, "hund", "2")); a.Results[0].Code != record.CodeNoRight || !a.Results[0].Had || a.Results[2].Seq != 3 {
		t.Errorf("%+v", a)
	}
	grant(t, j, 1, false)
	if a := push(t, j, d, d.Publish(t, "hund", "3")); a.Results[0].Code != record.CodeNoRight {
		t.Errorf("%+v", a)
	}
}

func grant(t *testing.T, j server.Journal, number int, admin bool) {
	t.Helper()
	if err := j.Grant(t.Context(), "ms", number, admin); err != nil {
		t.Fatal(err)
	}
}

// rightByCode: the right can come with the enrolment code.
func rightByCode(t *testing.T, j server.Journal) {
	ctx := t.Context()
	setting(t, j)
	e := NewDesk(t)
	secret := record.HashOf([]byte("secret"))
	i := server.Invitation{Tenant: "ms", Number: 3, Secret: secret, Centre: "https://centre", Created: Now, Expires: Now.Add(time.Hour), Admin: true}
	if err := j.Invite(ctx, i); err != nil {
		t.Fatal(err)
	}
	got, inv, err := j.Enrol(ctx, "ms", secret, e.Device, e.Public(), "test", Now)
	if err != nil || !got.Admin || inv != i {
		t.Errorf("%+v %+v %v", got, inv, err)
	}
	if a := push(t, j, e, e.Publish(t, "hund", "4")); a.Results[0].Seq != 1 {
		t.Errorf("%+v", a)
	}
}

// ownDevice: the centre's own chain lies in the history like every other, and nobody else can use it.
func ownDevice(t *testing.T, j server.Journal) {
	ctx := t.Context()
	_, d, _ := setting(t, j)
	own, second := NewDesk(t), NewDesk(t)
	_, err := j.Own(ctx, "xx", own.Device, own.Public(), Now)
	wantCode(t, "an unknown authority", err, record.CodeNotFound)
	got, err := j.Own(ctx, "ms", own.Device, own.Public(), Now)
	if err != nil || got.Number != 0 || got.Device != own.Device || !got.Key.Equal(own.Public()) || !got.Admin {
		t.Fatalf("%+v %v", got, err)
	}
	if again, err := j.Own(ctx, "ms", second.Device, second.Public(), Now); err != nil || again.Device != own.Device {
		t.Errorf("%+v %v", again, err)
	}
	push(t, j, d, d.Write(t, 1)...)
	wantLast(t, j, own, record.Change{})
	ch := own.Publish(t, "hund", "1")
	if a := push(t, j, own, ch); a.Results[0].Seq != 2 {
		t.Fatalf("%+v", a)
	}
	wantLast(t, j, own, ch)
	refused := own.Poison(t)
	if a := push(t, j, own, refused); a.Results[0].Code == "" {
		t.Fatalf("%+v", a)
	}
	wantLast(t, j, own, refused)
	wantLast(t, j, second, record.Change{})
}

func wantLast(t *testing.T, j server.Journal, d *Desk, want record.Change) {
	t.Helper()
	if last, err := j.Last(t.Context(), d.Device); err != nil || last.N != want.N || last.Hash() != want.Hash() || last.HLC != want.HLC {
		t.Errorf("the last change is %+v %v, want %+v", last, err, want)
	}
}

// ownIsNoDesk: it is not on the wire, not in the list, and its number cannot be shut out.
func ownIsNoDesk(t *testing.T, j server.Journal) {
	ctx := t.Context()
	setting(t, j)
	own := NewDesk(t)
	if _, err := j.Own(ctx, "ms", own.Device, own.Public(), Now); err != nil {
		t.Fatal(err)
	}
	_, err := j.Desk(ctx, own.Device)
	wantCode(t, "the own device as a desk", err, record.CodeDeskUnknown)
	wantCode(t, "revoking it", j.Revoke(ctx, "ms", 0, Now), record.CodeNotFound)
	wantCode(t, "its right", j.Grant(ctx, "ms", 0, false), record.CodeNotFound)
	if all, err := j.Desks(ctx, "ms"); err != nil || len(all) != 2 {
		t.Errorf("%+v %v", all, err)
	}
}

// forms: publications are found in their order, those of other authorities are not, refused ones neither.
func forms(t *testing.T, j server.Journal) {
	ctx := t.Context()
	_, d, e := setting(t, j)
	AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	other := NewDesk(t)
	Enrol(t, j, "ns", 1, other)
	for tenant, n := range map[string]int{"ms": 1, "ns": 1} {
		if err := j.Grant(ctx, tenant, n, true); err != nil {
			t.Fatal(err)
		}
	}
	one := d.Publish(t, "hund", "1")
	push(t, j, d, one, d.Write(t, 1)[0])
	push(t, j, other, other.Publish(t, "katze", "1"))
	push(t, j, e, e.Publish(t, "hund", "9"))
	two := d.Publish(t, "hund", "2")
	push(t, j, d, two)
	var got []record.ID
	var seqs []uint64
	if err := j.Forms(ctx, "ms", func(x server.Entry) error {
		l, err := protocol.ParseLine(bytes.Clone(x.Line))
		if err != nil || l.Change.ID != x.ID || l.Change.Device != x.Device || l.Change.N != x.N {
			t.Errorf("%+v %v", x, err)
		}
		got, seqs = append(got, l.Change.ID), append(seqs, x.Seq)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []record.ID{one.ID, two.ID}) || !slices.Equal(seqs, []uint64{1, 3}) {
		t.Errorf("%v at %v", got, seqs)
	}
	if n, err := j.Head(ctx, "ms"); err != nil || n != 3 {
		t.Errorf("head %d %v", n, err)
	}
	_, err := j.Head(ctx, "xx")
	wantCode(t, "the head of nothing", err, record.CodeNotFound)
	broken := errors.New("broken")
	if err := j.Forms(ctx, "ms", func(server.Entry) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
}
