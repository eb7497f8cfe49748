package letter

import (
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

func dogCase(t *testing.T) (record.Case, *form.Form) {
	t.Helper()
	lib, err := form.Load(assets.Files)
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Latest("hundesteuer-anmelden")
	if err != nil {
		t.Fatal(err)
	}
	c := record.Case{
		Number: "MS-1-26-00001-X", Form: f.Ref(), Roles: f.Roles, User: "weber", Created: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Title: map[string]string{"de": "Hund anmelden", "en": "Register a dog"}, Groups: map[string]record.Group{},
	}
	set := func(r record.Role, v string) {
		p := f.Roles[r]
		g := c.Groups[record.GroupOf(p)]
		if g.Values == nil {
			g.Values = record.Values{}
		}
		g.Values[p] = v
		c.Groups[record.GroupOf(p)] = g
	}
	set(record.RoleFamily, "Yıldız")
	set(record.RoleGiven, "Emre")
	set(record.RoleBirth, "1988-05-02")
	return c, f
}

func TestConfirmationSaysWhatWasAnsweredAndNothingElse(t *testing.T) {
	c, f := dogCase(t)
	proof := f.Proofs[0]
	c.Documents = []record.Document{{ID: "d", Proof: proof.ID, Pages: 2}}
	out := Of(c, f, record.Identity{Authority: "Musterstadt"}, c.Created, "de")
	var all strings.Builder
	for _, g := range out.Groups {
		if len(g.Rows) == 0 {
			t.Errorf("empty heading %q", g.Title)
		}
		for _, r := range g.Rows {
			all.WriteString(r.Label + "=" + r.Value + "\n")
		}
	}
	for _, want := range []string{"=Yıldız\n", "=Emre\n", "=02.05.1988\n"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%q is missing in\n%s", want, all.String())
		}
	}
	if out.Service != "Hund anmelden" || out.Authority != "Musterstadt" || out.QR != c.Number {
		t.Errorf("%+v", out)
	}
	found := false
	for _, p := range out.Proofs {
		if p.Label == proof.Label.In("de") {
			found = p.State == ProofPresent && p.Note == "2 Seiten"
		}
	}
	if !found {
		t.Errorf("proofs: %+v", out.Proofs)
	}
	if en := Of(c, f, record.Identity{}, c.Created, "en"); en.Service != "Register a dog" {
		t.Errorf("English: %q", en.Service)
	}
}

func TestConfirmationWithoutTheFormStillShowsTheAnswers(t *testing.T) {
	c, _ := dogCase(t)
	out := Of(c, nil, record.Identity{}, c.Created, "de")
	var n int
	for _, g := range out.Groups {
		n += len(g.Rows)
	}
	if n != 3 {
		t.Errorf("%d answers, want 3: %+v", n, out.Groups)
	}
}
