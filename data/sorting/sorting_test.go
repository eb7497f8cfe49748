package sorting_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/sorting"
)

const here = "k7w2q9ha"

func number(seq int) string {
	return record.Number{Office: "MS", Desk: 1, Year: 26, Seq: seq}.String()
}

var office = sorting.Office{Authority: here, Case: func(n string) (sorting.Known, bool) {
	p, err := record.ParseNumber(n)
	if err != nil || p.Seq > 5 {
		return sorting.Known{}, false
	}
	return sorting.Known{
		ID: record.ID("case-" + n), Number: n, Closed: p.Seq == 4, Deleted: p.Seq == 5, Proofs: []string{"impfpass", "haftpflicht"},
	}, true
}}

func cover(seq int, proof string) string {
	return sorting.Code{Kind: sorting.KindCover, Authority: here, Number: number(seq), Proof: proof}.String()
}

var separator = sorting.Code{Kind: sorting.KindSeparator, Authority: here}.String()

// stack makes pages of a short script: "c1" a cover of case 1, "c1/impfpass" with a proof, "s" a separator, "p" a
// page, "b" an empty one, "x" a sheet that cannot be read, "o" another authority's, "w" a wrong check, "2" two
// codes, "?" not looked at, "f" an empty form, "n1" a page with the number of case 1.
func stack(duplex bool, script string) sorting.Stack {
	s := sorting.Stack{ID: "stack", Duplex: duplex}
	for i, w := range strings.Fields(script) {
		p := sorting.Page{ID: record.ID(fmt.Sprintf("%02d%s", i, w)), N: i, Read: true}
		switch w[0] {
		case 'c':
			seq := int(w[1] - '0')
			_, proof, _ := strings.Cut(w, "/")
			p.Codes = []string{cover(seq, proof)}
		case 's':
			p.Codes = []string{separator}
		case 'b':
			p.Blank = true
		case 'x':
			p.Damaged = true
		case 'o':
			p.Codes = []string{strings.Replace(sorting.Code{Kind: sorting.KindCover, Authority: "aaaaaaaa", Number: number(1)}.String(), "", "", 1)}
		case 'w':
			p.Codes = []string{cover(1, "") + "0"}
		case '2':
			p.Codes = []string{cover(1, ""), cover(2, "")}
		case '?':
			p.Read = false
		case 'f':
			p.Codes = []string{"schalter-form:hundesteuer-anmelden:1:0123456789ab:1"}
		case 'n':
			p.Codes = []string{number(int(w[1] - '0'))}
		}
		s.Pages = append(s.Pages, p)
	}
	return s
}

// lines writes groups as a person would: where, then the pages, those not shown in brackets.
func lines(groups []sorting.Group) string {
	var all []string
	for _, g := range groups {
		where := string(g.Reason)
		if g.Sorted() {
			n, _ := record.ParseNumber(g.Number)
			where = fmt.Sprint(n.Seq)
			if g.Proof != "" {
				where += "/" + g.Proof
			}
		}
		for _, d := range g.Doubts {
			where += "!" + string(d)
		}
		where += ":"
		for _, l := range g.Leaves {
			name := string(l.Page.ID[2:])
			if l.Out() {
				name = "(" + name + ")"
			}
			where += " " + name
		}
		all = append(all, where)
	}
	return strings.Join(all, " | ")
}

func TestSort(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"three cases", "c1 p p c2 p c3 p p", "1: (c1) p p | 2: (c2) p | 3: (c3) p p"},
		{"nothing before the first cover", "p p c1 p", "nocover: p p | 1: (c1) p"},
		{"proofs of one case", "c1/impfpass p c1/haftpflicht p", "1/impfpass: (c1/impfpass) p | 1/haftpflicht: (c1/haftpflicht) p"},
		{"a proof the case does not ask for", "c1/steuer p", "1/steuer!proof: (c1/steuer) p"},
		{"another document", "c1 p s p p", "1: (c1) p | 1: (s) p p"},
		{"a separator directly behind a cover", "c1 s p", "1: (c1) (s) p"},
		{"a separator at the end belongs to what it ended", "c1 p s c2 p s", "1: (c1) p (s) | 2: (c2) p (s)"},
		{"separators without a case", "s p s p", "nocover: (s) p | nocover: (s) p"},
		// The file before must not get the pages behind a sheet that was not understood.
		{"a sheet that cannot be read", "c1 p x p p c2 p", "1: (c1) p | damaged: (x) p p | 2: (c2) p"},
		{"documents behind it", "c1 p x p s p", "1: (c1) p | damaged: (x) p | damaged: (s) p"},
		{"a wrong check", "c1 p w p", "1: (c1) p | damaged: (w) p"},
		{"another authority's", "c1 p o p c1 p", "1: (c1) p | other: (o) p | 1: (c1) p"},
		{"two codes", "c1 p 2 p", "1: (c1) p | two: (2) p"},
		{"no such case", "c1 p c9 p", "1: (c1) p | unknown: (c9) p"},
		{"a closed and a deleted case", "c4 p c5 p", "closed: (c4) p | deleted: (c5) p"},
		{"not looked at yet", "c1 p ? p c2 p", "1: (c1) p | unread: ? p | 2: (c2) p"},
		{"an empty form", "f p c1 f", "form: f p | 1: (c1) f"},
		{"a confirmation of the case itself, and of another", "c1 n1 c2 n1", "1: (c1) n1 | 2!number: (c2) n1"},
		{"an empty page is a page", "c1 b p", "1: (c1) b p"},
		{"nothing behind a cover", "c1 c2 p c3", "empty: (c1) | 2: (c2) p | empty: (c3)"},
		{"the first page alone", "p", "nocover: p"},
		{"no page", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := lines(sorting.Sort(stack(false, c.script), office)); got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.script, got, c.want)
			}
		})
	}
}

// Of the document at which a scan broke off there may be more: it is not filed without being looked at.
func TestWhatWasCutOffIsNotSure(t *testing.T) {
	s := stack(false, "c1 p p c2 p")
	for _, cut := range []bool{false, true} {
		s.Cut = cut
		groups := sorting.Sort(s, office)
		if len(groups) != 2 || !groups[0].Sure() || groups[1].Sure() == cut {
			t.Errorf("cut %v: %+v", cut, groups)
		}
	}
}

// A stack that was scanned for a case goes there, as long as no sheet says something else: then it is asked.
func TestAStackThatGoesToACase(t *testing.T) {
	for _, c := range []struct {
		name, script string
		goes         int
		proof, want  string
	}{
		{"plain pages", "p p", 1, "impfpass", "1/impfpass: p p"},
		{"documents", "p p s p", 1, "", "1: p p | 1: (s) p"},
		{"its own cover sheet names the proof", "p c1/haftpflicht p", 1, "impfpass", "1/impfpass: p | 1/haftpflicht: (c1/haftpflicht) p"},
		{"another case's cover sheet", "p c2 p s p c1 p", 1, "", "1: p | 2!away: (c2) p | 2!away: (s) p | 1: (c1) p"},
		{"a sheet that cannot be read", "p x p", 1, "", "1: p | damaged: (x) p"},
		{"not looked at yet", "p ? p", 1, "", "1: p | unread: ? p"},
		{"a case that is done, which was chosen", "p s p c4 p", 4, "", "4!closed: p | 4!closed: (s) p | 4!closed: (c4) p"},
		{"another one that is done", "p c4 p", 1, "", "1: p | closed: (c4) p"},
		{"a case that is gone", "p", 5, "", "deleted: p"},
		{"a proof that the case does not ask for", "p", 1, "steuer", "1/steuer!proof: p"},
		{"nothing", "", 1, "", ""},
	} {
		s := stack(false, c.script)
		s.Goes = &sorting.Goes{Number: number(c.goes), Proof: c.proof}
		if got := lines(sorting.Sort(s, office)); got != c.want {
			t.Errorf("%s: %s:\n got %s\nwant %s", c.name, c.script, got, c.want)
		}
	}
}

// Pages a clerk has laid in an order stand in it, and what comes later behind them.
func TestPagesLieAsTheyWereLaid(t *testing.T) {
	s := stack(false, "p p p p")
	s.Goes = &sorting.Goes{Number: number(1)}
	for i, place := range []int{3, 1, 2} {
		s.Pages[i].Given = &sorting.Given{Group: "g", Number: number(1), Place: place}
	}
	var got []int
	for _, l := range sorting.Sort(s, office)[0].Leaves {
		got = append(got, l.Page.N)
	}
	if fmt.Sprint(got) != "[1 2 0]" {
		t.Error(got)
	}
}

func TestSortDuplex(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"backs of sheets", "c1 b p p c2 b p b", "1: (c1) (b) p p | 2: (c2) (b) p b"},
		{"something on the back", "c1 p p p", "1!back: (c1) p p p"},
		{"a sheet with its face down", "c1 b p b b c2 p p", "1: (c1) (b) p b | 2: (b) (c2) p p"},
		{"face down first", "b c1 p p", "1: (b) (c1) p p"},
		{"the back of a page is no back of a sheet", "c1 b p b", "1: (c1) (b) p b"},
		{"back of a separator", "c1 b p p s b p b", "1: (c1) (b) p p | 1: (s) (b) p b"},
		{"back of a separator at the end", "c1 b p p s b", "1: (c1) (b) p p (s) (b)"},
		{"back of a sheet that cannot be read", "c1 b p b x b p p", "1: (c1) (b) p b | damaged: (x) (b) p p"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := lines(sorting.Sort(stack(true, c.script), office)); got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.script, got, c.want)
			}
		})
	}
}

// What a clerk decides about pages.
func TestByHand(t *testing.T) {
	no, yes := false, true
	give := func(s sorting.Stack, g sorting.Given, at ...int) {
		for _, i := range at {
			s.Pages[i].Given = &g
		}
	}
	for _, c := range []struct {
		name, script, want string
		decide             func(s sorting.Stack)
	}{
		{"pages to a case", "p p p", "2: p p | nocover: p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(2)}, 0, 1)
		}},
		{"an unreadable sheet and its pages", "c1 p x p p", "1: (c1) p | 2: (x) p p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(2)}, 2, 3, 4)
		}},
		{"only the sheet: what lay behind it stays", "c1 p x p p", "1: (c1) p | 2: x | damaged: p p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(2)}, 2)
			s.Pages[2].Given.Out = &no
		}},
		{"a good cover for something else", "c1 p c2 p", "1: (c1) p | 3!sheet: c2 | moved: p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(3), Out: &no}, 2)
		}},
		{"another proof for the first document of two", "c1 p s p", "1/impfpass: (c1) p | 1: (s) p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(1), Proof: "impfpass"}, 0, 1)
		}},
		{"to the group before", "c1 p x p", "1: (c1) p (x) p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: s.Pages[0].ID}, 2, 3)
		}},
		{"a part of a group becomes a document of its own", "c1 p p p", "1: (c1) p | 1: p p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(1)}, 2, 3)
		}},
		{"aside", "c1 p p p", "1: (c1) p p | aside: p", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Aside: true}, 2)
		}},
		{"a closed case, by hand", "p", "4!closed: p", func(s sorting.Stack) { give(s, sorting.Given{Group: "g", Number: number(4)}, 0) }},
		{"a deleted one never", "p", "deleted: p", func(s sorting.Stack) { give(s, sorting.Given{Group: "g", Number: number(5)}, 0) }},
		{"a group that is gone", "p", "gone: p", func(s sorting.Stack) { give(s, sorting.Given{Group: "g"}, 0) }},
		{"before it was looked at", "?", "1!unread: ?", func(s sorting.Stack) { give(s, sorting.Given{Group: "g", Number: number(1)}, 0) }},
		{"taken out", "p p", "1: p (p)", func(s sorting.Stack) {
			give(s, sorting.Given{Group: "g", Number: number(1)}, 0)
			give(s, sorting.Given{Group: "g", Number: number(1), Out: &yes}, 1)
		}},
		{"what is filed counts for the rest", "c1 p s p c2 p", "1: (s) p | 2: (c2) p", func(s sorting.Stack) {
			s.Pages[0].Filed, s.Pages[1].Filed = "d", "d"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stack(false, c.script)
			c.decide(s)
			if got := lines(sorting.Sort(s, office)); got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.script, got, c.want)
			}
		})
	}
}

func mixture(t *rapid.T) sorting.Stack {
	word := rapid.SampledFrom([]string{"p", "p", "p", "b", "b", "c1", "c2", "c3/impfpass", "c1/steuer", "c4", "c5", "c9", "s", "x", "o", "w", "2", "?", "f", "n1", "n2"})
	s := stack(rapid.Bool().Draw(t, "duplex"), strings.Join(rapid.SliceOfN(word, 0, 24).Draw(t, "pages"), " "))
	if len(s.Pages) == 0 {
		return s
	}
	if rapid.Bool().Draw(t, "for a case") {
		s.Goes = &sorting.Goes{Number: number(rapid.IntRange(1, 9).Draw(t, "goes"))}
	}
	for i := range s.Pages {
		if rapid.IntRange(0, 5).Draw(t, "decided") > 0 {
			continue
		}
		g := sorting.Given{Group: record.ID(rapid.SampledFrom([]string{"g", "h", string(s.Pages[0].ID), string(s.Pages[len(s.Pages)/2].ID)}).Draw(t, "group"))}
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			g.Aside = true
		case 1:
			g.Number = number(rapid.IntRange(1, 9).Draw(t, "case"))
		}
		s.Pages[i].Given = &g
	}
	return s
}

// Whatever lies in a stack: every page is in one place, and in a case only where a sheet or a clerk has put it.
func TestEveryPageHasOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := mixture(t)
		groups := sorting.Sort(s, office)
		seen := map[record.ID]int{}
		keys := map[record.ID]bool{}
		for _, g := range groups {
			if keys[g.Key] {
				t.Fatalf("two groups with the key %s: %s", g.Key, lines(groups))
			}
			keys[g.Key] = true
			last := -1
			for _, l := range g.Leaves {
				seen[l.Page.ID]++
				if l.Page.N <= last {
					t.Fatalf("not in the order of the stack: %s", lines(groups))
				}
				last = l.Page.N
				if l.Page.Given == nil && g.Sorted() && !g.ByHand {
					mayLie(t, s, l, g, lines(groups))
				}
			}
		}
		for _, p := range s.Pages {
			if seen[p.ID] != 1 {
				t.Fatalf("page %s is in %d places: %s", p.ID, seen[p.ID], lines(groups))
			}
		}
		if again := sorting.Sort(s, office); lines(again) != lines(groups) {
			t.Fatalf("not the same again: %s, %s", lines(groups), lines(again))
		}
	})
}

// mayLie looks back from a page to the nearest sheet that says anything about a case: it has to be a good cover
// of the group's case, and nobody may have put it elsewhere.
func mayLie(t *rapid.T, s sorting.Stack, l sorting.Leaf, g sorting.Group, all string) {
	i := l.Page.N
	if l.Role == sorting.RoleBack && i%2 == 0 {
		i++ // the empty front of a cover that lay with its face down
	}
	for ; i >= 0; i-- {
		p := s.Pages[i]
		switch w := word(p); w {
		case "p", "b", "s", "f", "n":
			continue
		case "c":
			if p.Codes[0] == cover(seqOf(g.Number), coverProof(p)) && (p.Given == nil || p.Given.Number == g.Number && !p.Given.Aside) {
				return
			}
			t.Fatalf("page %s lies in case %s behind %s: %s", l.Page.ID, g.Number, p.ID, all)
		default:
			t.Fatalf("page %s lies in case %s behind %s: %s", l.Page.ID, g.Number, p.ID, all)
		}
	}
	if s.Goes != nil && s.Goes.Number == g.Number {
		return
	}
	t.Fatalf("page %s lies in case %s behind nothing: %s", l.Page.ID, g.Number, all)
}

func word(p sorting.Page) string { return string(p.ID[2]) }

func seqOf(n string) int {
	x, err := record.ParseNumber(n)
	if err != nil {
		panic(err)
	}
	return x.Seq
}

func coverProof(p sorting.Page) string {
	c, err := sorting.ParseCode(p.Codes[0])
	if err != nil {
		panic(err)
	}
	return c.Proof
}

func TestCode(t *testing.T) {
	c := sorting.Code{Kind: sorting.KindCover, Authority: here, Number: number(417), Proof: "impfpass"}
	got, err := sorting.ParseCode(c.String())
	if err != nil || got != c {
		t.Fatalf("%v, %v", got, err)
	}
	if len(c.String()) > 62 {
		t.Errorf("%q has %d letters; more make a finer code", c, len(c.String()))
	}
	for _, text := range []string{
		"", "RX123456789DE", "https://www.elster.de/", "MS-1-26-00417-A", "ms-1-26-00417-" + number(417)[14:], "DV 08 0,85 Deutsche Post", "Code:schalter1",
	} {
		if _, err := sorting.ParseCode(text); !errors.Is(err, sorting.ErrForeign) {
			t.Errorf("%q: %v, want foreign", text, err)
		}
	}
	for _, text := range []string{
		"schalter1", "schalter2:c:" + here + ":" + number(1) + "::abcdef", "SCHALTER1:C:X", strings.ToUpper(c.String()), c.String() + " ", "schalter1:z:a:b:c:d",
	} {
		if _, err := sorting.ParseCode(text); !errors.Is(err, sorting.ErrDamaged) {
			t.Errorf("%q: %v, want damaged", text, err)
		}
	}
	if n, err := sorting.ParseCode(number(7)); err != nil || n.Kind != sorting.KindNumber {
		t.Errorf("a case number: %v, %v", n, err)
	}
	if ours := sorting.Ours([]string{"RX1", separator, "schalter1:broken", separator}); len(ours) != 2 {
		t.Errorf("kept %q", ours)
	}
}

// Any letter that is read wrong is found, wherever it stands.
func TestCodeMisread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := sorting.Code{
			Kind: rapid.SampledFrom([]sorting.Kind{sorting.KindCover, sorting.KindSeparator}).Draw(t, "kind"), Authority: here,
			Number: number(rapid.IntRange(1, 9_999_999).Draw(t, "number")), Proof: rapid.StringMatching(`[a-z][a-z0-9_]{0,11}`).Draw(t, "proof"),
		}
		text := []byte(c.String())
		if got, err := sorting.ParseCode(string(text)); err != nil || got != c {
			t.Fatalf("%s: %v, %v", text, got, err)
		}
		i := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		was := text[i]
		text[i] = rapid.SampledFrom([]byte("0123456789abcdefghijklmnopqrstuvwxyzABCXYZ:-_ ")).Draw(t, "letter")
		if got, err := sorting.ParseCode(string(text)); err == nil && text[i] != was {
			t.Fatalf("%s is read as %v", text, got)
		}
	})
}

func TestAuthority(t *testing.T) {
	ids := []record.Identity{
		{Device: "d1"},
		{Device: "d2"},
		{Authority: "Musterstadt"},
		{Authority: "Musterdorf"},
		{Tenant: "ms", Centre: "https://a"},
		{Tenant: "ms", Centre: "https://b"},
		{Tenant: "md", Centre: "https://a"},
	}
	seen := map[string]bool{}
	for _, id := range ids {
		a := sorting.Authority(id)
		if seen[a] || len(a) != 8 || strings.Contains(a, ":") {
			t.Errorf("%v is %q", id, a)
		}
		seen[a] = true
	}
	desk1 := record.Identity{Tenant: "ms", Centre: "https://a", Device: "d1", Desk: 1}
	desk2 := record.Identity{Tenant: "ms", Centre: "https://a", Device: "d2", Desk: 2, Authority: "Stadt Musterstadt"}
	if sorting.Authority(desk1) != sorting.Authority(desk2) {
		t.Error("two desks of one authority do not know each other's sheets")
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add(separator)
	f.Add("schalter-form:x")
	f.Add("MS-1-26-00417-K")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := sorting.ParseCode(text)
		if err == nil && letters(c.Kind) && c.String() != text {
			t.Errorf("%q is read as %q", text, c)
		}
	})
}

func letters(k sorting.Kind) bool { return k == sorting.KindCover || k == sorting.KindSeparator }
