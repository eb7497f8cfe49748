package store

import (
	"cmp"
	"context"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/party"
	"schalter/data/record"
)

// askedFor is where the form of these tests asks for what.
var askedFor = map[record.Role]string{
	record.RoleFamily: "wer/name", record.RoleGiven: "wer/vorname", record.RoleBirth: "wer/geboren", record.RoleOrg: "wer/verein",
	record.RoleStreet: "wo/strasse", record.RoleHouse: "wo/nr", record.RolePostcode: "wo/plz", record.RoleTown: "wo/ort",
	record.RoleIBAN: "konto/iban", record.RoleSubject: "hund/name", record.RoleIdentity: "hund/chip",
}

type said map[record.Role]string

// groups are the answers as edits of their groups.
func (s said) groups(base map[string]record.ID) (f record.Fields) {
	by := map[string]record.Values{}
	for role, v := range s {
		path := askedFor[role]
		g := record.GroupOf(path)
		if by[g] == nil {
			by[g] = record.Values{}
		}
		by[g][path] = v
	}
	for _, g := range slices.Sorted(maps.Keys(by)) {
		f.Groups = append(f.Groups, record.GroupEdit{Group: g, Base: base[g], Values: by[g]})
	}
	return f
}

func (s said) party() (record.Party, string) {
	return record.PartyOf(func(r record.Role) string { return s[r] }), s[record.RoleIdentity]
}

func opened(id record.ID, s said) []record.Edit {
	return []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: "hund", Title: map[string]string{"de": "Hund"}, Roles: askedFor}},
		{Case: id, Kind: record.KindFields, User: "weber", Payload: s.groups(nil)},
	}
}

func take(t testing.TB, s *Store, x said) record.Case {
	t.Helper()
	c, err := s.Submit(t.Context(), "", opened(record.NewID(), x))
	check(t, err)
	return c
}

func indexed(t testing.TB, s *Store) {
	t.Helper()
	check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error {
		_, err := x.indexStale(ctx)
		return err
	}))
}

var emre = said{
	record.RoleFamily: "Yıldız", record.RoleGiven: "Emre", record.RoleBirth: "1988-05-02", record.RoleStreet: "Bahnhofstraße", record.RoleHouse: "12a",
	record.RolePostcode: "65428", record.RoleTown: "Musterstadt", record.RoleIBAN: "DE02120300000000202051", record.RoleSubject: "Balu",
	record.RoleIdentity: "276098104123344",
}

func but(s said, role record.Role, v string) said {
	s = maps.Clone(s)
	s[role] = v
	return s
}

func TestAlikeAndPartiesThroughALife(t *testing.T) {
	s := desk(t, 1)
	ctx := t.Context()
	first := take(t, s, emre)
	other := take(t, s, said{record.RoleFamily: "Koch", record.RoleGiven: "Ela", record.RoleBirth: "1990-01-01"})
	p, chip := but(emre, record.RoleFamily, "Yildis").party()
	alike := func(want ...record.Reason) {
		t.Helper()
		got, err := s.Alike(ctx, p, chip, "", 10)
		check(t, err)
		switch {
		case len(want) == 0 && len(got) == 0:
		case len(got) != 1 || got[0].Case.ID != first.ID || got[0].Level != record.LevelSame || !slices.Equal(got[0].Reasons, want):
			t.Errorf("alike: %+v, want %v", got, want)
		}
	}
	found := func(typed string, cases int) record.PartyHit {
		t.Helper()
		got, err := s.Parties(ctx, typed, 10)
		check(t, err)
		if cases == 0 && len(got) == 0 {
			return record.PartyHit{}
		}
		if len(got) != 1 || got[0].Cases != cases {
			t.Errorf("%q: %+v, want %d cases", typed, got, cases)
		}
		return append(got, record.PartyHit{})[0]
	}
	for range 2 { // right after saving, and from the index
		alike(record.ReasonIdentity, record.ReasonPerson, record.ReasonIBAN, record.ReasonAddress)
		for _, typed := range []string{"yıld", "Emre Yildiz", "Yildis", "2.5.88", "yildiz 2.5.1988", "bahnhofstr 12"} {
			if h := found(typed, 1); h.Number != first.Number || h.Case != first.ID || h.Party.Birth != "1988-05-02" || h.Title["de"] != "Hund" {
				t.Errorf("%q: %+v", typed, h)
			}
		}
		found("koch", 1)
		found("koch emre", 0)
		sound(t, s)
		indexed(t, s)
	}
	if got, err := s.Alike(ctx, p, chip, first.ID, 10); err != nil || len(got) > 0 {
		t.Errorf("the case itself is alike: %+v, %v", got, err)
	}

	moved := take(t, s, but(but(emre, record.RoleStreet, "Neue Straße"), record.RoleIdentity, ""))
	if h := found("yildiz", 2); h.Party.Street != "Neue Straße" || h.Number != moved.Number {
		t.Errorf("not the newest data: %+v", h)
	}
	indexed(t, s)
	// What is corrected is not found under what it was.
	_, err := s.Apply(ctx, record.Edit{Case: moved.ID, Kind: record.KindFields, User: "weber", Payload: record.Fields{Groups: []record.GroupEdit{{
		Group: "wer", Base: moved.Groups["wer"].Version, Values: record.Values{"wer/name": "Öztürk", "wer/vorname": "Emre", "wer/geboren": "1988-05-02"},
	}}}})
	check(t, err)
	for range 2 {
		found("yildiz", 1)
		if h := found("oztürk", 1); h.Party.Street != "Neue Straße" {
			t.Errorf("%+v", h)
		}
		indexed(t, s)
	}
	for _, c := range []record.Case{first, moved} {
		now, err := s.Case(ctx, c.ID)
		check(t, err)
		_, err = s.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Reason: "doppelt", Base: now.Last}})
		check(t, err)
	}
	for range 2 {
		alike()
		found("emre", 0)
		found("koch", 1)
		sound(t, s)
		indexed(t, s)
	}
	if got, err := s.Alike(ctx, record.Party{}, "", other.ID, 10); err != nil || got != nil {
		t.Errorf("nobody is alike: %+v, %v", got, err)
	}
}

func TestRegisterOfAnotherDesk(t *testing.T) {
	a, b, c := desk(t, 1), desk(t, 2), newCentre()
	first := take(t, a, emre)
	c.push(t, a, 10)
	c.pull(t, b, 10)
	p, _ := emre.party()
	got, err := b.Alike(t.Context(), p, "", "", 5)
	check(t, err)
	if len(got) != 1 || got[0].Case.ID != first.ID || got[0].Reasons[0] != record.ReasonPerson {
		t.Errorf("%+v", got)
	}
	hits, err := b.Parties(t.Context(), "yildiz", 5)
	check(t, err)
	if len(hits) != 1 || hits[0].Number != first.Number {
		t.Errorf("%+v", hits)
	}
	sound(t, b)
}

// A store that was made before there was a register gets one.
func TestRegisterOfAnOlderStore(t *testing.T) {
	s := desk(t, 1)
	first := take(t, s, emre)
	steps, err := migrations(migrationFiles)
	check(t, err)
	check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error {
		for _, name := range []string{"party_key", "party", "find_party"} {
			check(t, x.exec(ctx, `DROP TABLE `+name))
		}
		for _, m := range steps {
			if m.name == fillsParties {
				return x.migrate(ctx, m)
			}
		}
		t.Fatal("no such migration")
		return nil
	}))
	check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error {
		return x.exec(ctx, `UPDATE cases SET stale = 0`) // so that it is the register that answers
	}))
	p, chip := emre.party()
	got, err := s.Alike(t.Context(), p, chip, "", 5)
	check(t, err)
	if len(got) != 1 || got[0].Case.ID != first.ID {
		t.Errorf("%+v", got)
	}
	hits, err := s.Parties(t.Context(), "yild", 5)
	if err != nil || len(hits) != 1 {
		t.Errorf("%+v, %v", hits, err)
	}
}

// The store's own check finds a register that does not say what the cases say.
func TestVerifyLooksIntoTheRegister(t *testing.T) {
	for _, damage := range []string{
		`UPDATE party SET given = 'Emil'`, `DELETE FROM party_key WHERE hash = (SELECT min(hash) FROM party_key)`, `DELETE FROM find_party`,
		`INSERT INTO party_key SELECT 1, key FROM party`, `INSERT INTO find_party (rowid, name) VALUES (77, 'x')`,
	} {
		s := desk(t, 1)
		take(t, s, emre)
		indexed(t, s)
		check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error { return x.exec(ctx, damage) }))
		if r, err := s.Verify(t.Context(), nil); err != nil || len(r.Problems) == 0 {
			t.Errorf("%s: %+v, %v", damage, r, err)
		}
	}
}

// somebody draws what a citizen says out of few values, so that many have something in common.
func somebody() *rapid.Generator[said] {
	pool := map[record.Role][]string{
		record.RoleFamily: {"Müller", "Mueller", "Meier", "Müller-Meier", "Emre", ""}, record.RoleGiven: {"Emre", "Ina", "I.", "Müller", ""},
		record.RoleBirth: {"1988-05-02", "1970-01-01", ""}, record.RoleOrg: {"TSV", "", "", ""}, record.RoleStreet: {"Hauptstr.", "Hauptstraße", ""},
		record.RoleHouse: {"1", "2"}, record.RolePostcode: {"35039", ""}, record.RoleTown: {"Marburg", ""}, record.RoleIBAN: {"DE02120300000000202051", "", ""},
		record.RoleIdentity: {"276098104123344", "276098104123345", "", ""},
	}
	roles := slices.Sorted(maps.Keys(pool))
	return rapid.Custom(func(t *rapid.T) said {
		s := said{}
		for _, r := range roles {
			s[r] = rapid.SampledFrom(pool[r]).Draw(t, string(r))
		}
		return s
	})
}

// After any history the register answers as if every case had been looked at.
func TestRegisterAgreesWithLookingAtEveryCase(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := t.Context()
		dir := tempDir(r)
		defer os.RemoveAll(dir)
		s, err := Create(ctx, dir, testOptions())
		check(t, err)
		defer s.Close()
		enrol(t, s, 1)
		var ids []record.ID
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			if len(ids) == 0 || rapid.IntRange(0, 2).Draw(r, "new") > 0 {
				ids = append(ids, take(t, s, somebody().Draw(r, "somebody")).ID)
				continue
			}
			id := rapid.SampledFrom(ids).Draw(r, "case")
			have, err := s.Case(ctx, id)
			check(t, err)
			base := map[string]record.ID{}
			for g, v := range have.Groups {
				base[g] = v.Version
			}
			e := record.Edit{Case: id, User: "weber"}
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0, 1:
				e.Kind, e.Payload = record.KindFields, somebody().Draw(r, "corrected").groups(base)
			case 2:
				e.Kind, e.Payload = record.KindFields, somebody().Draw(r, "collides").groups(nil)
			case 3:
				e.Kind, e.Payload = record.KindDelete, record.Deleted{Base: have.Last}
			case 4:
				indexed(t, s)
				continue
			}
			_, err = s.Apply(ctx, e)
			check(t, err)
		}
		var cases []record.Case
		for _, id := range ids {
			c, err := s.Case(ctx, id)
			check(t, err)
			cases = append(cases, c)
		}
		for range 3 {
			compareAlike(r, s, cases)
			compareParties(r, s, cases)
		}
		sound(r, s)
	})
}

func compareAlike(r *rapid.T, s *Store, cases []record.Case) {
	p, chip := somebody().Draw(r, "visitor").party()
	except := rapid.SampledFrom(cases).Draw(r, "except").ID
	got, err := s.Alike(context.Background(), p, chip, except, 1000)
	if err != nil {
		r.Fatal(err)
	}
	byID := map[record.ID]record.Likeness{}
	for _, l := range got {
		byID[l.Case.ID] = l
	}
	want := 0
	for _, c := range cases {
		level, why := party.Compare(party.Subject{Party: p, Identity: chip}, party.Of(c))
		if level == record.LevelNone || c.ID == except {
			continue
		}
		want++
		if l := byID[c.ID]; l.Level != level || !slices.Equal(l.Reasons, why) || l.Party != c.Party() || l.Case.Number != c.Number {
			r.Fatalf("%s is alike (%d, %v), said was %+v", c.ID, level, why, l)
		}
	}
	if len(got) != want {
		r.Fatalf("%d are alike, %d were found", want, len(got))
	}
	if !slices.IsSortedFunc(got, func(a, b record.Likeness) int {
		return cmp.Compare(slices.Index(strength, a.Reasons[0]), slices.Index(strength, b.Reasons[0]))
	}) {
		r.Fatalf("not the surest first: %+v", got)
	}
}

func compareParties(r *rapid.T, s *Store, cases []record.Case) {
	typed := rapid.SampledFrom([]string{"m", "müller", "meyer", "muller meier", "emre", "ina 1988", "2.5.88", "hauptstr 1", "35039", "tsv", "milla", "e m"}).Draw(r, "typed")
	got, err := s.Parties(context.Background(), typed, 1000)
	if err != nil {
		r.Fatal(err)
	}
	type who struct {
		cases int
		hit   bool
	}
	want := map[int64]who{}
	hits := 0
	for _, c := range cases {
		x := party.Of(c)
		p := want[x.Person()]
		p.cases++
		if hit := party.Parse(typed).Finds(x.Words(), party.ByEar); hit && !p.hit {
			p.hit = true
			hits++
		}
		want[x.Person()] = p
	}
	if len(got) != hits {
		r.Fatalf("%q finds %d, want %d: %+v", typed, len(got), hits, got)
	}
	for _, h := range got {
		x := party.Subject{Party: h.Party}
		if w := want[x.Person()]; !w.hit || w.cases != h.Cases {
			r.Fatalf("%q finds %+v, want %+v", typed, h, w)
		}
		i := slices.IndexFunc(cases, func(c record.Case) bool { return c.ID == h.Case })
		if i < 0 || cases[i].Party() != h.Party || cases[i].Number != h.Number {
			r.Fatalf("%+v is not what case %s says", h, h.Case)
		}
	}
}
