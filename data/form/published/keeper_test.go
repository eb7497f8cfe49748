package published_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"schalter/data/blob"
	"schalter/data/form"
	"schalter/data/form/published"
	"schalter/data/record"
	"schalter/data/store"
)

func file(id, version, title string) []byte {
	return fmt.Appendf(nil, `{"format": "schalter-form/1", "id": %q, "version": %q, "title": {"de": %q},
		"groups": [{"group": "g", "label": {"de": "G"}, "items": [{"field": "a", "type": "text", "label": {"de": "A"}}]}]}`, id, version, title)
}

// office is a desk's store and files, and the forms that came with the program.
type office struct {
	t       *testing.T
	store   *store.Store
	blobs   *blob.Store
	builtin *form.Library
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s, err := store.Create(t.Context(), t.TempDir(), store.Options{Key: [32]byte{1}, ID: [16]byte{2}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	b, err := blob.Open(t.TempDir(), [32]byte{3})
	if err != nil {
		t.Fatal(err)
	}
	l, err := form.Load(fstest.MapFS{"forms/a.json": {Data: file("hund", "1", "eingebaut")}})
	if err != nil {
		t.Fatal(err)
	}
	return &office{t, s, b, l}
}

// publish records a publication; here tells whether its file lies on the desk.
func (o *office) publish(b []byte, here, retired bool) record.FormRef {
	o.t.Helper()
	f, err := form.Parse(b)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.publishAs(f.Ref(), b, here, retired)
}

func (o *office) publishAs(ref record.FormRef, b []byte, here, retired bool) record.FormRef {
	o.t.Helper()
	p := record.FormPublished{Form: ref, Title: map[string]string{"de": "x"}, File: record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}, Retired: retired}
	if here {
		o.put(b)
	}
	e := record.Edit{Case: record.FormCase(ref.ID), Kind: record.KindForm, User: "amt", Payload: p}
	if here {
		if _, err := o.store.Apply(o.t.Context(), e); err != nil {
			o.t.Fatal(err)
		}
		return ref
	}
	// As it comes from another desk.
	ch, err := record.Seal(e, record.NewID(), record.Change{}, record.SystemClock())
	if err != nil {
		o.t.Fatal(err)
	}
	c, err := o.store.Cursor(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	c.Seq++
	if _, err := o.store.Receive(o.t.Context(), []record.Sequenced{{Seq: c.Seq, Change: ch}}, c); err != nil {
		o.t.Fatal(err)
	}
	return ref
}

// placed has the centre take everything that waits.
func (o *office) placed() {
	o.t.Helper()
	changes, err := o.store.Pending(o.t.Context(), 99, 1<<20)
	if err != nil {
		o.t.Fatal(err)
	}
	var placed []record.Placed
	for i, ch := range changes {
		placed = append(placed, record.Placed{ID: ch.ID, Seq: uint64(i + 1)})
	}
	if err := o.store.Accepted(o.t.Context(), placed); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) put(b []byte) {
	o.t.Helper()
	if _, err := o.blobs.Put(o.t.Context(), strings.NewReader(string(b))); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) arrive(b []byte) {
	o.t.Helper()
	o.put(b)
	if err := o.store.FileFetched(o.t.Context(), record.HashOf(b)); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) keeper() *published.Keeper {
	o.t.Helper()
	k, err := published.New(o.t.Context(), o.builtin, o.store, o.blobs)
	if err != nil {
		o.t.Fatal(err)
	}
	return k
}

func refresh(t *testing.T, k *published.Keeper) {
	t.Helper()
	if err := k.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantOffered(t *testing.T, what string, k *published.Keeper, want ...string) {
	t.Helper()
	var got []string
	for _, f := range k.Library().All() {
		got = append(got, f.ID+" "+f.Version+" "+f.Title.In("de"))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func wantKnown(t *testing.T, k *published.Keeper, refs ...record.FormRef) {
	t.Helper()
	for _, ref := range refs {
		if f, err := k.Library().Get(ref); err != nil || f.Ref() != ref {
			t.Errorf("%s %s: %v", ref.ID, ref.Version, err)
		}
	}
}

func TestAFormIsOfferedWhenItsFileIsHere(t *testing.T) {
	o := newOffice(t)
	k := o.keeper()
	var wanted []record.Hash
	k.Want = func(h record.Hash) { wanted = append(wanted, h) }
	refresh(t, k)
	wantOffered(t, "at first", k, "hund 1 eingebaut")
	old := k.Library().All()[0].Ref()

	two := file("hund", "2", "neu")
	ref := o.publish(two, false, false)
	refresh(t, k)
	wantOffered(t, "told", k, "hund 1 eingebaut")
	if !slices.Equal(wanted, []record.Hash{record.HashOf(two)}) {
		t.Errorf("wanted %v", wanted)
	}
	o.arrive(two)
	refresh(t, k)
	wantOffered(t, "arrived", k, "hund 2 neu")
	wantKnown(t, k, old, ref)

	o.publish(file("katze", "1", "Katze"), true, false)
	three := o.publish(file("hund", "3", "noch neuer"), true, false)
	refresh(t, k)
	wantOffered(t, "more", k, "hund 3 noch neuer", "katze 1 Katze")
	wantKnown(t, k, old, ref, three)

	// A new start: cases find their versions before anything was loaded.
	k = o.keeper()
	wantKnown(t, k, old, ref, three)
	wantOffered(t, "before loading", k, "hund 1 eingebaut")
	refresh(t, k)
	wantOffered(t, "again", k, "hund 3 noch neuer", "katze 1 Katze")

	o.publish(file("hund", "3", "noch neuer"), true, true)
	refresh(t, k)
	wantOffered(t, "withdrawn", k, "katze 1 Katze")
	wantKnown(t, k, old, ref, three)
	if _, err := k.Library().Latest("hund"); record.CodeOf(err) != record.CodeFormRetired {
		t.Error(err)
	}
	wantOffered(t, "withdrawn, at a new start", o.keeper())
	four := o.publish(file("hund", "4", "wieder"), false, false)
	refresh(t, k)
	wantOffered(t, "a newer one is on its way: what was withdrawn stays so", k, "katze 1 Katze")
	wantOffered(t, "on its way, at a new start", o.keeper())
	o.arrive(file("hund", "4", "wieder"))
	refresh(t, k)
	wantOffered(t, "here", k, "hund 4 wieder", "katze 1 Katze")
	wantKnown(t, k, four)
}

func TestAFileThatIsNotThePublishedFormIsNeverUsed(t *testing.T) {
	o := newOffice(t)
	k := o.keeper()
	told := 0
	k.Told = func() { told++ }
	good := file("hund", "2", "gut")
	ref := o.publish(good, true, false)
	refresh(t, k)
	wrong := record.FormRef{ID: "hund", Version: "3", Hash: record.HashOf([]byte("another"))}
	o.publishAs(wrong, file("hund", "3", "böse"), true, false)
	refresh(t, k)
	wantOffered(t, "wrong", k, "hund 2 gut")
	if e := k.Trouble(); e == nil || e.Code != record.CodeFormRefused || e.Args["version"] != "3" {
		t.Errorf("%v", e)
	}
	if told != 2 {
		t.Errorf("told %d times", told)
	}
	if _, err := k.Library().Get(wrong); record.CodeOf(err) != record.CodeFormUnknown {
		t.Errorf("a case got the wrong form: %v", err)
	}
	newer := record.FormRef{ID: "katze", Version: "1", Hash: record.HashOf([]byte("x"))}
	o.publishAs(newer, []byte(`{"format": "schalter-form/9"}`), true, false)
	refresh(t, k)
	if e := k.Trouble(); e == nil || e.Code != record.CodeFormRefused {
		t.Errorf("the worse trouble is hidden: %v", e)
	}
	// The right one ends the trouble.
	o.publish(file("hund", "4", "besser"), true, false)
	refresh(t, k)
	wantOffered(t, "mended", k, "hund 4 besser")
	if e := k.Trouble(); e == nil || e.Code != record.CodeFormTooNew {
		t.Errorf("%v", e)
	}
	wantKnown(t, k, ref)
}

func TestRefusedFormsStayForTheirCases(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	k := o.keeper()
	ref := o.publish(file("hund", "2", "vorschnell"), true, false)
	refresh(t, k)
	wantOffered(t, "made here", k, "hund 2 vorschnell")
	changes, err := o.store.Pending(ctx, 9, 1<<20)
	if err != nil || len(changes) != 1 {
		t.Fatalf("%v %v", changes, err)
	}
	if err := o.store.Rejected(ctx, changes[0].ID, record.CodeNoRight, ""); err != nil {
		t.Fatal(err)
	}
	refresh(t, k)
	wantOffered(t, "refused", k, "hund 1 eingebaut")
	wantKnown(t, k, ref)
}

// Where there is a centre it decides about a publication: until then nobody can make a case with the form,
// what was offered before stays, and what has the form finds it.
func TestAFormIsOfferedOnceTheCentreHasTakenIt(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	early := o.publish(file("karte", "1", "von früher"), true, false)
	id, err := o.store.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id.Centre = "https://centre"
	if err := o.store.SetIdentity(ctx, id); err != nil {
		t.Fatal(err)
	}
	k := o.keeper()
	refresh(t, k)
	wantOffered(t, "before the first line", k, "hund 1 eingebaut")
	two := o.publish(file("hund", "2", "zwei"), true, false)
	refresh(t, k)
	wantOffered(t, "waiting", k, "hund 1 eingebaut")
	wantKnown(t, k, early, two)
	o.placed()
	refresh(t, k)
	wantOffered(t, "taken", k, "hund 2 zwei", "karte 1 von früher")

	// Withdrawn is withdrawn at once; what the centre has once taken is offered again at once.
	o.publish(file("hund", "2", "zwei"), true, true)
	refresh(t, k)
	wantOffered(t, "withdrawn", k, "karte 1 von früher")
	o.publish(file("hund", "2", "zwei"), true, false)
	refresh(t, k)
	wantOffered(t, "offered again", k, "hund 2 zwei", "karte 1 von früher")
}

// What another goroutine publishes is offered while the keeper follows, and following ends with its ctx.
func TestFollow(t *testing.T) {
	o := newOffice(t)
	k := o.keeper()
	news := make(chan struct{}, 16)
	k.Told = func() { news <- struct{}{} }
	ctx, stop := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { k.Follow(ctx) })
	for i := range 5 {
		o.publish(file("hund", fmt.Sprint(i+2), "neu"), true, false)
		for {
			if f, err := k.Library().Latest("hund"); err == nil && f.Version == fmt.Sprint(i+2) {
				break
			}
			<-news
		}
	}
	stop()
	following.Wait()
}
