package capture

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

// clubForm asks a person and a thing everything that has a role.
const clubForm = `{
  "format": "schalter-form/1", "id": "verein", "version": "1.0.0", "languages": ["de"], "title": {"de": "Verein melden"},
  "groups": [
    {"group": "wer", "label": {"de": "Person"}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Nachname"}}, {"field": "vorname", "type": "text", "label": {"de": "Vorname"}},
      {"field": "geboren", "type": "date", "label": {"de": "Geboren"}}, {"field": "strasse", "type": "text", "label": {"de": "Straße"}},
      {"field": "plz", "type": "postcode", "label": {"de": "PLZ"}}, {"field": "telefon", "type": "phone", "label": {"de": "Telefon"}},
      {"field": "iban", "type": "iban", "label": {"de": "IBAN"}}, {"field": "chip", "type": "chip", "label": {"de": "Chipnummer"}}]}
  ],
  "roles": {"party.family": "wer/name", "party.given": "wer/vorname", "party.birth": "wer/geboren", "party.street": "wer/strasse",
    "party.postcode": "wer/plz", "party.phone": "wer/telefon", "party.iban": "wer/iban", "subject.id": "wer/chip"}
}`

// asking is a register that answers what it is told to and remembers what it was asked.
type asking struct {
	asked []record.Party
	found []record.Likeness
	err   error
}

func (a *asking) Parties(context.Context, string, int) ([]record.PartyHit, error) { return nil, a.err }

func (a *asking) Alike(_ context.Context, p record.Party, _ string, _ record.ID, _ int) ([]record.Likeness, error) {
	a.asked = append(a.asked, p)
	return a.found, a.err
}

func club(t testing.TB) (*world, *Tab) {
	t.Helper()
	w := newWorld(t, newMemory(), nil)
	f, err := form.Parse([]byte(clubForm))
	if err != nil {
		t.Fatal(err)
	}
	lib, err := form.Load(assets.Files)
	if err == nil {
		err = lib.Add(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.m.w.Forms = lib
	tab, err := w.m.Start("verein")
	if err != nil {
		t.Fatal(err)
	}
	return w, tab
}

func emre() record.PartyHit {
	return record.PartyHit{
		Case: "c1", Number: "MS-1-26-00131-0", Party: record.Party{
			Family: "Yıldız", Given: "Emre", Birth: "1988-05-02", Street: "Bahnhofstraße", Postcode: "65428", Phone: "0614283100", IBAN: "DE02120300000000202051",
		},
	}
}

func TestTakeFillsTheParty(t *testing.T) {
	w, tab := club(t)
	w.write(tab, "wer/name", "Yil")
	w.write(tab, "wer/telefon", "06142 999")
	if n := tab.Take(Taking{Hit: emre(), Purpose: "Verein melden"}); n != 6 {
		t.Errorf("%d fields", n)
	}
	for path, want := range map[string]string{
		"wer/name": "Yıldız", "wer/vorname": "Emre", "wer/geboren": "02.05.1988", "wer/strasse": "Bahnhofstraße", "wer/plz": "65428", "wer/iban": "", "wer/chip": "",
	} {
		if got := tab.Text(path); got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
	if p := tab.Party(); p.Birth != "1988-05-02" || p.Phone == "" || p.IBAN != "" {
		t.Errorf("%+v", p)
	}
	w.settle()
	want := []record.Taken{{Paths: []string{"wer/name", "wer/vorname", "wer/geboren", "wer/strasse", "wer/plz", "wer/telefon"}, Case: "c1", Number: "MS-1-26-00131-0", Purpose: "Verein melden"}}
	if d := w.store.stored(t, tab.ID()); !equalTaken(d.Taken, want) || d.Values["wer/name"] != "Yıldız" || d.Title != "Yıldız, Emre" {
		t.Errorf("stored %+v", d)
	}
	// The next key stroke in a field is a step of its own, and the field's own undo brings back what was typed.
	if !tab.Undo("wer/name") || tab.Text("wer/name") != "Yil" {
		t.Errorf("undone to %q", tab.Text("wer/name"))
	}
	tab.Redo("wer/name")

	// Somebody else of whom less is known: nothing of the first person stays.
	ela := record.PartyHit{Case: "c2", Number: "n2", Party: record.Party{Family: "Koch", Given: "Ela", IBAN: "DE02120300000000202051"}}
	if n := tab.Take(Taking{Hit: ela, Account: true, Purpose: "p"}); n != 3 {
		t.Errorf("%d fields", n)
	}
	if p := tab.Party(); p != (record.Party{Family: "Koch", Given: "Ela", IBAN: "DE02120300000000202051"}) {
		t.Errorf("%+v", p)
	}
	if d := tab.draft.Taken; !equalTaken(d, []record.Taken{{Paths: []string{"wer/name", "wer/vorname", "wer/iban"}, Case: "c2", Number: "n2", Purpose: "p"}}) {
		t.Errorf("%+v", d)
	}
	tab.Type("wer/vorname", "Elâ")
	if !tab.Untake() || tab.Text("wer/name") != "Yıldız" || tab.Text("wer/vorname") != "Elâ" || tab.Text("wer/iban") != "" || !equalTaken(tab.draft.Taken, want) {
		t.Errorf("untaken: %q %q %+v", tab.Text("wer/name"), tab.Text("wer/vorname"), tab.draft.Taken)
	}
	if !tab.Untake() || tab.Text("wer/name") != "Yil" || tab.Text("wer/telefon") == "" || tab.Untake() {
		t.Errorf("untaken: %q", tab.Text("wer/name"))
	}
	if len(tab.draft.Taken) > 0 {
		t.Errorf("%+v", tab.draft.Taken)
	}
}

func TestWhatWasTakenIsInTheHistory(t *testing.T) {
	w, tab := club(t)
	tab.Take(Taking{Hit: emre(), Purpose: "Verein melden"})
	tab.Submit()
	w.settle()
	for _, e := range w.store.edits {
		if v, ok := e.Payload.(record.Event); ok && v.What == "taken" {
			if v.Args["number"] != "MS-1-26-00131-0" || v.Args["purpose"] != "Verein melden" || v.Args["case"] != "c1" {
				t.Errorf("%+v", v)
			}
			return
		}
	}
	t.Errorf("no event among %d edits", len(w.store.edits))
}

// What the clerk has typed over is hers: it stays when somebody else is taken, and is not said to be taken.
func TestWhatWasTypedOverIsNotTaken(t *testing.T) {
	w, tab := club(t)
	tab.Take(Taking{Hit: emre(), Purpose: "p"})
	w.write(tab, "wer/telefon", "06142 999")
	w.write(tab, "wer/geboren", "2.5.1988") // the same once more
	taken := func() []string {
		w.settle()
		w.pass(time.Second)
		w.settle()
		d := w.store.stored(t, tab.ID())
		if len(d.Taken) != 1 {
			t.Fatalf("%+v", d.Taken)
		}
		return d.Taken[0].Paths
	}
	if p := taken(); slices.Contains(p, "wer/telefon") || !slices.Contains(p, "wer/geboren") {
		t.Errorf("taken are %v", p)
	}
	if !tab.Undo("wer/telefon") || !slices.Contains(taken(), "wer/telefon") {
		t.Errorf("back to what was taken: %v", taken())
	}
	tab.Redo("wer/telefon")
	taken()

	// So it is for a draft that is opened again.
	later := newWorld(t, w.store, nil)
	later.m.w.Forms = w.m.w.Forms
	again, err := later.m.Resume(w.store.stored(t, tab.ID()))
	if err != nil {
		t.Fatal(err)
	}
	for _, tab := range []*Tab{tab, again} {
		w.write(tab, "wer/strasse", "Gasse")
		tab.Take(Taking{Hit: record.PartyHit{Case: "c2", Number: "n2", Party: record.Party{Family: "Koch", Given: "Ela"}}, Purpose: "p"})
		if p := tab.Party(); p.Phone != "+496142999" || p.Street != "Gasse" || p.Birth != "" || p.Family != "Koch" {
			t.Errorf("%+v", p)
		}
		if got := tab.taken(); !equalTaken(got, []record.Taken{{Paths: []string{"wer/name", "wer/vorname"}, Case: "c2", Number: "n2", Purpose: "p"}}) {
			t.Errorf("%+v", got)
		}
	}
	tab.Type("wer/vorname", "Elâ")
	tab.Submit()
	w.settle()
	for _, e := range w.store.edits {
		if v, ok := e.Payload.(record.Event); ok && v.What == "taken" && v.Args["paths"] != "wer/name" {
			t.Errorf("the history says %+v", v)
		}
	}
}

func equalTaken(a, b []record.Taken) bool {
	return slices.EqualFunc(a, b, func(a, b record.Taken) bool {
		return a.Case == b.Case && a.Number == b.Number && a.Purpose == b.Purpose && slices.Equal(a.Paths, b.Paths)
	})
}

// After any typing, taking and taking back: undoing a taking at once brings everything back, and what is said
// to be taken is in the fields of the party and named once.
func TestTakingBackBringsEverythingBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, tab := club(t)
		words := rapid.SampledFrom([]string{"", "Koch", "Ela", "2.5.1988", "DE02120300000000202051"})
		hit := rapid.Custom(func(r *rapid.T) record.PartyHit {
			return record.PartyHit{Case: record.ID(words.Draw(r, "case")), Party: record.Party{
				Family: words.Draw(r, "family"), Given: words.Draw(r, "given"), Birth: rapid.SampledFrom([]string{"", "1988-05-02"}).Draw(r, "birth"),
				Phone: rapid.SampledFrom([]string{"", "0614283100"}).Draw(r, "phone"), IBAN: words.Draw(r, "iban"),
			}}
		})
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				tab.Type(rapid.SampledFrom([]string{"wer/name", "wer/geboren", "wer/iban"}).Draw(r, "path"), words.Draw(r, "text"))
			case 1:
				tab.Untake()
			default:
				texts, taken := maps.Clone(tab.texts), slices.Clone(tab.draft.Taken)
				k := Taking{Hit: hit.Draw(r, "hit"), Account: rapid.Bool().Draw(r, "account"), Purpose: "p"}
				tab.Take(k)
				if !tab.Untake() || !maps.Equal(texts, tab.texts) || !equalTaken(taken, tab.draft.Taken) {
					r.Fatalf("%v became %v, %v became %v", texts, tab.texts, taken, tab.draft.Taken)
				}
				tab.Take(k)
			}
			seen := map[string]bool{}
			for _, k := range tab.draft.Taken {
				for _, p := range k.Paths {
					if seen[p] || !slices.Contains(slices.Collect(maps.Values(tab.form.Roles)), p) {
						r.Fatalf("%s: %+v", p, tab.draft.Taken)
					}
					seen[p] = true
				}
			}
		}
	})
}

// Whatever order answers come in, what is shown is the answer to the newest question that was answered.
func TestAnOlderAnswerIsNeverShown(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var work []func()
		var shown []int
		running := 0
		l := latest[int, int]{
			rt:  Runtime{Go: func(f func()) { work = append(work, f) }, Do: func(f func()) { f() }},
			ask: func(_ context.Context, q int) (int, error) { running++; return q, nil },
		}
		l.show = func(a int, err error) {
			if a != l.want || err != nil {
				r.Fatalf("%d is shown, wanted is %d", a, l.want)
			}
			shown = append(shown, a)
		}
		n := 0
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "type") {
				n += rapid.IntRange(0, 1).Draw(r, "more")
				l.Want(n)
			} else if len(work) > 0 {
				f := work[0]
				work = work[1:]
				f()
			}
			if len(work) > 1 {
				r.Fatal("two questions at once")
			}
		}
		l.Want(n)
		for len(work) > 0 {
			f := work[0]
			work = work[1:]
			f()
		}
		if len(shown) == 0 || shown[len(shown)-1] != n || l.Waiting() {
			r.Fatalf("shown are %v, wanted is %d", shown, n)
		}
	})
}

func TestLookingForDuplicatesWaitsForTypingToRest(t *testing.T) {
	w, tab := club(t)
	a := &asking{found: []record.Likeness{{Case: record.CaseRow{ID: "c1"}, Reasons: []record.Reason{record.ReasonPerson}}}}
	changed := 0
	l := newLookout(w.m, a, func(*Tab) { changed++ })
	w.m.w.Changed = func(t *Tab, _ Part, _ []string) { l.Look(t) }
	w.write(tab, "wer/name", "Yıldız")
	w.write(tab, "wer/vorname", "Emre")
	w.pass(time.Second)
	w.settle()
	if len(a.asked) != 0 || len(l.Found(tab)) != 0 {
		t.Errorf("a name alone is asked for: %v", a.asked)
	}
	w.write(tab, "wer/geboren", "2.5.1988")
	w.settle()
	w.pass(alikeDelay / 2)
	w.settle()
	if len(a.asked) != 0 {
		t.Errorf("asked while typing: %v", a.asked)
	}
	w.pass(time.Second)
	w.settle()
	if len(a.asked) != 1 || a.asked[0].Birth != "1988-05-02" || len(l.Found(tab)) != 1 || changed == 0 {
		t.Errorf("asked %v, found %v", a.asked, l.Found(tab))
	}
	w.write(tab, "wer/telefon", "06142 83100") // nobody is alike because of it
	w.pass(time.Second)
	w.settle()
	if len(a.asked) != 1 {
		t.Errorf("asked %v", a.asked)
	}
	l.Not(tab, "c1")
	if len(l.Found(tab)) != 0 {
		t.Error("what is another matter is still warned of")
	}
	a.err = errors.New("cannot be read")
	w.write(tab, "wer/strasse", "Gasse 1")
	w.write(tab, "wer/plz", "65428")
	w.pass(time.Second)
	w.settle()
	if len(a.asked) < 2 || len(l.Found(tab)) != 0 {
		t.Errorf("asked %v, found %v", a.asked, l.Found(tab))
	}
	// A draft that is gone is not looked after any more.
	asked := len(a.asked)
	w.write(tab, "wer/plz", "65429")
	w.m.remove(tab)
	w.pass(time.Second)
	w.settle()
	l.forget()
	if len(a.asked) != asked || len(l.by) != 0 {
		t.Errorf("asked %v", a.asked)
	}
}

// Whoever was taken from the register was here before: that alone is no news.
func TestWhoWasTakenIsNoDuplicate(t *testing.T) {
	w, tab := club(t)
	of := func(service string, why record.Reason) record.Likeness {
		return record.Likeness{Case: record.CaseRow{ID: record.ID(service + string(why)), Service: service}, Reasons: []record.Reason{why}}
	}
	a := &asking{found: []record.Likeness{of("hund", record.ReasonIdentity), of("hund", record.ReasonPerson), of("verein", record.ReasonPerson)}}
	l := newLookout(w.m, a, func(*Tab) {})
	tab.Take(Taking{Hit: emre(), Purpose: "p"})
	l.Look(tab)
	w.pass(time.Second)
	w.settle()
	if got := l.Found(tab); len(got) != 2 || got[0].Reasons[0] != record.ReasonIdentity || got[1].Case.Service != "verein" {
		t.Errorf("%+v", got)
	}
	tab.Untake()
	if got := l.Found(tab); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}
