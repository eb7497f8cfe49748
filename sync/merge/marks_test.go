package merge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
)

// Marks go with their pages, also those that somebody puts on a version another one has just replaced.
func TestMarksGoWithTheirPages(t *testing.T) {
	sheets := func(order ...int) (out []record.Sheet) {
		for _, o := range order {
			out = append(out, record.Sheet{Original: o, Aspect: .7})
		}
		return out
	}
	pages := func(id, dev, of, shown string, s []record.Sheet) record.Change {
		return edition(id, dev, record.WhyPages, of, shown, s, "p1", "p2", "p3")
	}
	put := func(id, dev, of, name string, page int) record.Change {
		return change(id, dev, record.KindMark, record.DocumentMarked{Document: "doc", Of: blob(of).Hash, Mark: record.Mark{
			ID: record.ID(name), Kind: record.MarkBlack, Page: page, Boxes: []record.Box{{X0: .1, Y0: .1, X1: .4, Y1: .2}},
		}})
	}
	gone := func(id, name string) record.Change { return marking(id, "c", name, "", true) }
	swapped, less := sheets(2, 1, 0), sheets(1, 2)
	turned := []record.Sheet{{Original: 0, Turns: 1}, {Original: 1}, {Original: 2}}
	for name, x := range map[string]struct {
		then []record.Change
		want string // marks with their pages
	}{
		"moved":                           {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", swapped)}, "m2"},
		"moved by two":                    {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", swapped), pages("3", "b", "s1", "s2", sheets(0, 1, 2))}, "m0"},
		"put on what was replaced":        {[]record.Change{pages("2", "a", "s0", "s1", swapped), put("1", "b", "s0", "m", 0)}, "m2"},
		"put on the version that lost":    {[]record.Change{pages("1", "b", "s0", "s2", swapped), put("2", "b", "s2", "m", 0), pages("3", "a", "s0", "s1", sheets(0, 1, 2))}, "m2"},
		"put on words":                    {[]record.Change{edition("1", "a", record.WhyText, "s0", "s1", nil), put("2", "b", "s0", "m", 1), put("3", "b", "s1", "n", 2)}, "m1 n2"},
		"left out":                        {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", less)}, ""},
		"left out and back":               {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", less), pages("3", "a", "s1", "s2", swapped)}, "m2"},
		"left out, taken away, back":      {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", less), gone("3", "m"), pages("4", "a", "s1", "s2", swapped)}, ""},
		"put on what comes only now":      {[]record.Change{put("1", "b", "s1", "m", 0), pages("2", "a", "s0", "s1", swapped), pages("3", "a", "s1", "s2", sheets(0, 1, 2))}, "m2"},
		"put on what never came":          {[]record.Change{put("1", "b", "s9", "m", 0)}, "m0 m1 m2"},
		"turned":                          {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", turned)}, "m0"},
		"the same version a second time":  {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", swapped), pages("2", "a", "s0", "s1", swapped)}, "m2"},
		"the first pages restored":        {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", less), pages("3", "a", "s1", "s0", sheets(0, 1, 2))}, "m0"},
		"a second mark after the version": {[]record.Change{put("1", "a", "s0", "m", 0), pages("2", "a", "s0", "s1", swapped), put("3", "a", "s1", "n", 0)}, "m2 n0"},
	} {
		t.Run(name, func(t *testing.T) {
			c := replay(t, append([]record.Change{opened("o"), scan("paper", "p1", "p2", "p3")}, x.then...)...)
			var got []string
			for _, m := range c.Documents[0].Marks {
				got = append(got, fmt.Sprint(m.ID, m.Page))
			}
			if strings.Join(got, " ") != x.want {
				t.Errorf("%q, want %q", strings.Join(got, " "), x.want)
			}
			late := replay(t, append(append([]record.Change{opened("o")}, x.then...), scan("paper", "p1", "p2", "p3"))...)
			if d := cmp.Diff(c.Documents, late.Documents); d != "" {
				t.Errorf("the document came last: %s", d)
			}
		})
	}
}

func TestAnOlderVersionShowsItsMarks(t *testing.T) {
	all := []record.Sheet{{Original: 0}, {Original: 1}}
	put := record.DocumentMarked{Document: "doc", Of: blob("s0").Hash, Mark: record.Mark{ID: "m", Kind: record.MarkBlack, Page: 1, Boxes: []record.Box{{X1: .5, Y1: .5}}}}
	d := replay(t, opened("o"), scan("paper", "p1", "p2"), change("1", "a", record.KindMark, put),
		edition("2", "a", record.WhyPages, "s0", "s1", []record.Sheet{all[0]}, "p1", "p2")).Documents[0]
	if len(d.Marks) != 0 {
		t.Fatalf("%+v", d.Marks)
	}
	if got := MarksOn(d, d.Versions[0]); len(got) != 1 || got[0].Page != 1 {
		t.Errorf("%+v", got)
	}
	if got := MarksOn(d, Shown(d)); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestVersionsMadeAtOnceAreTold(t *testing.T) {
	pages := func(id, dev, of, shown string) record.Change {
		return edition(id, dev, record.WhyPages, of, shown, []record.Sheet{{}}, "p1")
	}
	words := func(id, of, shown string) record.Change {
		return edition(id, "a", record.WhyText, of, shown, nil)
	}
	for name, x := range map[string]struct {
		then []record.Change
		want int
	}{
		"one":                        {[]record.Change{pages("1", "a", "s0", "s1")}, 0},
		"one after the other":        {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s1", "s2")}, 0},
		"at once":                    {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s2")}, 1},
		"at once, one saw the words": {[]record.Change{words("0", "s0", "s3"), pages("1", "a", "s3", "s1"), pages("2", "b", "s0", "s2")}, 1},
		"at once, with words since":  {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s2"), words("3", "s2", "s3")}, 1},
		"looked after":               {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s2"), pages("3", "a", "s2", "s3")}, 0},
		"three at once":              {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s2"), pages("3", "c", "s0", "s3")}, 2},
		"the same at once":           {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s1")}, 0},
	} {
		c := replay(t, append([]record.Change{opened("o"), scan("paper", "p1")}, x.then...)...)
		if got := Beside(c.Documents[0]); len(got) != x.want {
			t.Errorf("%s: %+v, want %d", name, got, x.want)
		}
	}
}

// A version that brings a page does not let one it knows nothing of into what was shown before.
func TestAllPagesAreThoseOfThen(t *testing.T) {
	d := replay(t, opened("o"), scan("paper", "p1", "p2"),
		edition("1", "a", record.WhyPages, "s0", "s1", []record.Sheet{{Original: 2}, {Original: 0}, {Original: 1}}, "p1", "p2", "p3")).Documents[0]
	if got := d.Versions[0].Sheets; len(got) != 2 || got[0].Original != 0 || got[1].Original != 1 {
		t.Errorf("%+v", got)
	}
}
