package merge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/sync/merge"
)

// published makes the change that publishes a form's version with some content.
func published(t interface{ Fatal(...any) }, version, content string, retired bool) record.Change {
	h := record.HashOf([]byte(version + content))
	p := record.FormPublished{
		Form: record.FormRef{ID: "hund", Version: version, Hash: h}, Title: map[string]string{"de": "Hund"},
		File: record.BlobRef{Hash: h, Size: 10}, Retired: retired,
	}
	c, err := record.Seal(record.Edit{Case: record.FormCase("hund"), Kind: record.KindForm, User: "weber", Payload: p}, record.NewID(), record.Change{}, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func shown(all []merge.Published) []string {
	var out []string
	for _, p := range all {
		s := p.Form.Version
		if p.Clash {
			s += " clash"
		}
		if p.Retired {
			s += " retired"
		}
		out = append(out, s)
	}
	return out
}

func TestFormsFoldInTheirOrder(t *testing.T) {
	two, ten := published(t, "1.2", "a", false), published(t, "1.10", "a", false)
	alien := two
	alien.Case = record.NewID()
	broken := two
	broken.Payload = []byte(`{"form":`)
	for name, x := range map[string]struct {
		changes []record.Change
		want    []string
	}{
		"by number, not by letter":      {[]record.Change{ten, two}, []string{"1.2", "1.10"}},
		"twice the same":                {[]record.Change{two, two}, []string{"1.2"}},
		"withdrawn":                     {[]record.Change{two, published(t, "1.2", "a", true)}, []string{"1.2 retired"}},
		"offered again":                 {[]record.Change{two, published(t, "1.2", "a", true), two}, []string{"1.2"}},
		"the first content counts":      {[]record.Change{two, published(t, "1.2", "b", false), ten}, []string{"1.2", "1.2 clash", "1.10"}},
		"1 and 1.0 are one version":     {[]record.Change{published(t, "1", "a", false), published(t, "1.0", "a", false)}, []string{"1", "1.0 clash"}},
		"another form's case":           {[]record.Change{alien}, nil},
		"what cannot be read":           {[]record.Change{broken, ten}, []string{"1.10"}},
		"a clash that is withdrawn too": {[]record.Change{two, published(t, "1.2", "b", false), published(t, "1.2", "b", true)}, []string{"1.2", "1.2 clash retired"}},
	} {
		if got := shown(merge.Forms(x.changes)); !slices.Equal(got, x.want) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	for name, c := range map[string]record.Change{"another case": alien, "broken": broken} {
		if merge.Check(c) == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := merge.Check(two); err != nil {
		t.Error(err)
	}
}

func TestPublishable(t *testing.T) {
	all := merge.Forms([]record.Change{published(t, "1.2", "a", false), published(t, "1.10", "a", true)})
	for _, x := range []struct {
		version, content string
		want             record.Code
	}{
		{"1.11", "a", ""},
		{"2", "a", ""},
		{"1.10", "a", ""},
		{"1.2", "a", ""}, // what is there may be said again
		{"1.10", "b", record.CodeFormVersionTaken},
		{"1.10.0", "a", record.CodeFormVersionTaken},
		{"1.3", "a", record.CodeFormNotNewer},
		{"0.1", "a", record.CodeFormNotNewer},
	} {
		p, err := record.Decode[record.FormPublished](published(t, x.version, x.content, false))
		if err != nil {
			t.Fatal(err)
		}
		if err := merge.Publishable(all, p); record.CodeOf(err) != x.want {
			t.Errorf("%s %s: %v, want %q", x.version, x.content, err, x.want)
		}
	}
	if n, ok := merge.Newest(all); !ok || n.Form.Version != "1.10" {
		t.Errorf("newest is %+v", n)
	}
}

// Whatever was published in whatever order: each version counts once, its first content is the one that
// counts, nothing that a case may pin is lost, and the newest is the last that counts.
func TestFormsKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var changes []record.Change
		first := map[string]record.Hash{}
		pinned := map[record.FormRef]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			v := fmt.Sprintf("%d.%d", rapid.IntRange(0, 2).Draw(t, "major"), rapid.IntRange(0, 11).Draw(t, "minor"))
			c := published(t, v, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "content"), rapid.Bool().Draw(t, "retired"))
			p, err := record.Decode[record.FormPublished](c)
			if err != nil {
				t.Fatal(err)
			}
			if first[v] == "" {
				first[v] = p.Form.Hash
			}
			pinned[p.Form] = true
			changes = append(changes, c)
		}
		all := merge.Forms(changes)
		for i, p := range all {
			if p.Clash == (first[p.Form.Version] == p.Form.Hash) {
				t.Fatalf("%s: clash %v", p.Form.Version, p.Clash)
			}
			if i > 0 && record.CompareVersions(all[i-1].Form.Version, p.Form.Version) > 0 {
				t.Fatal("not in the order of the versions")
			}
			delete(pinned, p.Form)
		}
		if len(pinned) > 0 {
			t.Fatalf("lost: %v", pinned)
		}
		if n, ok := merge.Newest(all); ok {
			for v := range first {
				if record.CompareVersions(v, n.Form.Version) > 0 {
					t.Fatalf("%s is newer than %s", v, n.Form.Version)
				}
			}
		}
	})
}
