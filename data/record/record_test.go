package record

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNumberReadsWhatPeopleWrite(t *testing.T) {
	n := Number{Office: "MS", Desk: 1, Year: 26, Seq: 417}
	s := n.String()
	for _, in := range []string{s, strings.ToLower(s), strings.ReplaceAll(s, "-", " "), " " + s + " ", "ms-1-26-417-" + s[len(s)-1:]} {
		got, err := ParseNumber(in)
		if err != nil || got != n {
			t.Errorf("ParseNumber(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "MS", "MS-1-26-00418-" + s[len(s)-1:], "M1-1-26-1-A", "MS-1-26-x-A", "MS-1000-26-1-A"} {
		if _, err := ParseNumber(in); CodeOf(err) != CodeNumberBad {
			t.Errorf("ParseNumber(%q) error = %v, want %s", in, err, CodeNumberBad)
		}
	}
}

func TestNumberFindsEveryWrongCharacterAndSwap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Number{
			Office: rapid.StringMatching(`[A-Z]{1,4}`).Draw(t, "office"), Desk: rapid.IntRange(1, 999).Draw(t, "desk"),
			Year: rapid.IntRange(0, 99).Draw(t, "year"), Seq: rapid.IntRange(1, 99999).Draw(t, "seq"),
		}
		s := n.String()
		if got, err := ParseNumber(s); err != nil || got != n {
			t.Fatalf("%s: %v %v", s, got, err)
		}
		i := rapid.IntRange(0, len(s)-1).Draw(t, "at")
		c := checkAlphabet[rapid.IntRange(0, 35).Draw(t, "to")]
		wrong := func(why string, at ...int) {
			b, last := []byte(s), at[len(at)-1]
			if last >= len(s) || strings.Contains(s[at[0]:last+1], "-") {
				return
			}
			for k, j := range at {
				if b[j] = c; why != "wrong" {
					b[j] = s[at[len(at)-1-k]]
				}
			}
			if string(b) == s {
				return
			}
			if got, err := ParseNumber(string(b)); err == nil {
				t.Fatalf("%s: %s read as %v though %s was meant", why, b, got, s)
			}
		}
		wrong("wrong", i)
		wrong("swap", i, i+1)
		wrong("swap around one", i, i+2)
	})
}

func TestChainSurvivesErasureAndFindsTampering(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)
	a, err := Seal(Edit{Case: NewID(), Kind: KindNote, User: "w", Payload: Note{Text: "eins"}}, "d", Change{}, now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Seal(Edit{Case: a.Case, Kind: KindNote, User: "w", Payload: Note{Text: "zwei"}}, "d", a, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Change{a, b} {
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
	}
	if b.Prev != a.Hash() || b.N != 2 || b.HLC <= a.HLC {
		t.Fatalf("b does not follow a: %+v", b)
	}
	wire, _ := json.Marshal(b)
	var back Change
	if err := json.Unmarshal(wire, &back); err != nil || back.Hash() != b.Hash() || back.Check() != nil {
		t.Fatalf("a change is not the same after the wire: %v", err)
	}
	erased := b
	erased.Payload = nil
	if erased.Check() != nil || erased.Hash() != b.Hash() {
		t.Error("erasing the payload broke the chain")
	}
	tampered := b
	tampered.Payload = json.RawMessage(`{"text":"drei"}`)
	if CodeOf(tampered.Check()) != CodeChainBroken {
		t.Error("a changed payload was accepted")
	}
	tampered = b
	tampered.User = "x"
	if tampered.Hash() == b.Hash() {
		t.Error("a changed user keeps the hash")
	}
}

func TestErrorIsItsCode(t *testing.T) {
	err := error(E(CodeDiskFull, errors.New("no space"), "dir", "/x"))
	if !errors.Is(err, &Error{Code: CodeDiskFull}) || errors.Is(err, &Error{Code: CodeScanJam}) {
		t.Error("errors.Is does not go by the code")
	}
	if CodeOf(errors.New("x")) != CodeInternal || CodeOf(nil) != "" {
		t.Error("CodeOf")
	}
}

func TestPartyName(t *testing.T) {
	for want, p := range map[string]Party{
		"Yıldız, Emre": {Family: "Yıldız", Given: "Emre"}, "Weber": {Family: "Weber"}, "TSV 1898 e. V.": {Organisation: "TSV 1898 e. V."},
		"TSV (Weber, Ina)": {Organisation: "TSV", Family: "Weber", Given: "Ina"}, "": {},
	} {
		if p.Name() != want {
			t.Errorf("%+v: %q, want %q", p, p.Name(), want)
		}
	}
}

func TestPartyIsWhatItsRolesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.MapOf(rapid.SampledFrom([]Role{
			RoleFamily, RoleGiven, RoleOrg, RoleBirth, RoleStreet, RoleHouse, RolePostcode, RoleTown, RolePhone, RoleEmail, RoleIBAN, RoleSubject,
		}), rapid.String()).Draw(t, "said")
		p := PartyOf(func(r Role) string { return said[r] })
		for r, v := range said {
			if r != RoleSubject && p.Of(r) != v || r == RoleSubject && p.Of(r) != "" {
				t.Fatalf("%s is %q, said was %q", r, p.Of(r), v)
			}
		}
	})
}
