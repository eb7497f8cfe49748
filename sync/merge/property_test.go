package merge

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"schalter/data/record"
)

// desk is one of several that work on a case: what it has pulled and its own changes still to be placed.
type desk struct {
	name   string
	pulled int
	own    []record.Change
}

// town is desks around a centre, without any network: a desk pushes and pulls whenever the test draws it.
type town struct {
	log   []record.Change
	desks []*desk
	next  int
}

func (w *town) view(d *desk) record.Case {
	c, err := Replay(append(w.log[:d.pulled:d.pulled], d.own...))
	if err != nil {
		panic(err)
	}
	return c
}

func (w *town) act(d *desk, kind record.Kind, payload any) {
	w.next++
	d.own = append(d.own, change(fmt.Sprintf("%s%03d", d.name, w.next), d.name, kind, payload))
}

func (w *town) push(d *desk, n int) {
	w.log = append(w.log, d.own[:n]...)
	// The desk's own come back by pulling, in the centre's order.
	d.own = d.own[n:]
	d.pulled = len(w.log)
}

// work draws what one clerk does on what she sees.
func (w *town) work(t *rapid.T, d *desk) {
	c := w.view(d)
	group := rapid.SampledFrom([]string{"hund", "halter", "bank"}).Draw(t, "group")
	value := rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(t, "value")
	switch rapid.IntRange(0, 9).Draw(t, "act") {
	case 0:
		if len(c.Conflicts) > 0 {
			k := rapid.SampledFrom(c.Conflicts).Draw(t, "conflict")
			r := record.Resolved{Conflict: k.ID, Group: k.Group, Base: c.Groups[k.Group].Version, Values: record.Values{k.Group + "/x": value}}
			if k.Group == "" {
				r.Base, r.Values = c.Last, record.Values{ValueDelete: rapid.SampledFrom([]string{"true", ""}).Draw(t, "del")}
			}
			w.act(d, record.KindResolve, r)
		}
	case 1:
		w.act(d, record.KindNote, record.Note{Text: value})
	case 2:
		w.act(d, record.KindDelete, record.Deleted{Reason: "doppelt", Base: c.Last})
	case 3:
		w.act(d, record.KindState, record.StateStep{To: record.StateSubmitted, Number: "N" + d.name})
	case 4:
		d.pulled = max(d.pulled, len(w.log))
		if len(d.own) > 0 {
			w.push(d, rapid.IntRange(1, len(d.own)).Draw(t, "n"))
		}
	default:
		w.act(d, record.KindFields, record.Fields{Groups: []record.GroupEdit{
			{Group: group, Base: c.Groups[group].Version, Values: record.Values{group + "/x": value}},
		}})
	}
}

func drawLog(t *rapid.T) []record.Change {
	w := &town{log: []record.Change{opened("o")}}
	for _, n := range []string{"a", "b", "c"} {
		w.desks = append(w.desks, &desk{name: n, pulled: 1})
	}
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		w.work(t, rapid.SampledFrom(w.desks).Draw(t, "desk"))
	}
	for _, d := range w.desks {
		w.push(d, len(d.own))
	}
	return slices.Concat(w.log, drawPapers(t).log[1:])
}

func TestSameSequenceSameCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := drawLog(t)
		a, err := Replay(log)
		if err != nil {
			t.Fatal(err)
		}
		// Folded one by one, through JSON in between as a store keeps it, and with changes that come twice.
		var b record.Case
		for _, ch := range log {
			for range rapid.IntRange(1, 2).Draw(t, "times") {
				if err := Fold(&b, ch); err != nil {
					t.Fatal(err)
				}
			}
			b = stored(t, b)
		}
		if d := cmp.Diff(stored(t, a), b); d != "" {
			t.Fatal(d)
		}
	})
}

func stored(t *rapid.T, c record.Case) (back record.Case) {
	p, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(p, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// held are the values that the case shows or asks about, per group, by the change that wrote them.
func held(c record.Case) map[string]map[record.ID]string {
	h := map[string]map[record.ID]string{}
	put := func(group string, g record.Group) {
		if h[group] == nil {
			h[group] = map[record.ID]string{}
		}
		for _, id := range append([]record.ID{g.Version}, g.Also...) {
			h[group][id] = g.Values[group+"/x"]
		}
	}
	for name, g := range c.Groups {
		put(name, g)
	}
	for _, k := range c.Conflicts {
		if k.Group != "" {
			put(k.Group, k.Other)
		}
	}
	return h
}

// replaces tells which versions the author of a change had before her eyes when she replaced them.
func replaces(ch record.Change) map[record.ID]bool {
	out := map[record.ID]bool{}
	if f, err := record.Decode[record.Fields](ch); err == nil && ch.Kind == record.KindFields {
		for _, g := range f.Groups {
			out[g.Base] = true
		}
	}
	if r, err := record.Decode[record.Resolved](ch); err == nil && ch.Kind == record.KindResolve {
		out[r.Base], out[r.Conflict] = true, true
	}
	return out
}

func TestNoEditVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c record.Case
		for _, ch := range drawLog(t) {
			before := c
			if err := Fold(&c, ch); err != nil {
				t.Fatal(err)
			}
			seen, now := replaces(ch), held(c)
			for group, versions := range held(before) {
				for id, value := range versions {
					if now[group][id] == value || seenWithEquals(before, group, id, seen) {
						continue
					}
					t.Fatalf("change %s made %q of %s in %s vanish", ch.ID, value, id, group)
				}
			}
			checkOwnValues(t, c, ch)
			for _, k := range c.Conflicts {
				if k.Group != "" && (k.Kept.Values[k.Group+"/x"] != c.Groups[k.Group].Values[k.Group+"/x"] || same(k.Kept.Values, k.Other.Values)) {
					t.Fatalf("conflict %s does not show two different sides of the case", k.ID)
				}
			}
		}
	})
}

// seenWithEquals: the maker saw the version id or one with the same values.
func seenWithEquals(c record.Case, group string, id record.ID, seen map[record.ID]bool) bool {
	if seen[id] {
		return true
	}
	g := c.Groups[group]
	if !is(g, id) {
		return false
	}
	for s := range seen {
		if is(g, s) {
			return true
		}
	}
	return false
}

func checkOwnValues(t *rapid.T, c record.Case, ch record.Change) {
	f, err := record.Decode[record.Fields](ch)
	if ch.Kind != record.KindFields || err != nil {
		return
	}
	for _, g := range f.Groups {
		if v, ok := held(c)[g.Group][ch.ID]; !ok || v != g.Values[g.Group+"/x"] {
			t.Fatalf("change %s: own value %q is not in the case", ch.ID, g.Values[g.Group+"/x"])
		}
	}
}

func TestDifferentGroupsAlwaysMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "groups")
		log := []record.Change{opened("o")}
		var edits []record.Change
		for i := range n {
			g := fmt.Sprintf("g%d", i)
			log = append(log, set("v"+g, "a", g, "", "alt"))
			edits = append(edits, set("w"+g, "d"+g, g, "v"+g, "neu"))
		}
		c, err := Replay(append(log, rapid.Permutation(edits).Draw(t, "order")...))
		if err != nil || len(c.Conflicts) > 0 {
			t.Fatalf("%v, %d conflicts", err, len(c.Conflicts))
		}
		for i := range n {
			if g := fmt.Sprintf("g%d", i); c.Groups[g].Values[g+"/x"] != "neu" {
				t.Fatalf("%s was not merged", g)
			}
		}
	})
}

// TestFoldLeavesCopiesAlone: the store keeps cases in memory and folds into copies of them.
func TestFoldLeavesCopiesAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c record.Case
		for _, ch := range drawLog(t) {
			before := c
			snapshot := stored(t, c)
			if err := Fold(&c, ch); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(snapshot, stored(t, before)); d != "" {
				t.Fatalf("change %s altered a copy:\n%s", ch.ID, d)
			}
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, ch := range []record.Change{
		opened("o"), set("v", "a", "hund", "", "Rex"), decide("r", "a", "v", "hund", "v", "x"),
		change("x", "a", record.KindDelete, record.Deleted{Base: "v"}), change("d", "a", record.KindDocument, record.DocumentAdded{}),
		change("s", "a", record.KindState, record.StateStep{To: "done"}), change("n", "a", record.KindNote, record.Note{Text: "t"}),
		edition("p", "a", record.WhyPages, "s0", "s1", []record.Sheet{{Original: 1}}, "p1", "p2"), marking("m", "a", "m", "t", false),
		change("c", "a", record.KindCheck, record.DocumentChecked{Document: "doc", Of: blob("s0").Hash}),
		change("y", "a", record.KindCertify, record.DocumentCertified{Document: "doc", Of: blob("s0").Hash, Number: "B", Copy: blob("c")}),
		change("z", "a", record.KindTrash, record.DocumentTrashed{Document: "doc"}),
	} {
		f.Add(string(ch.Kind), string(ch.ID), []byte(ch.Payload))
	}
	kinds := []record.Kind{record.KindOpen, record.KindFields, record.KindState, record.KindDocument, record.KindNote, record.KindResolve, record.KindDelete, record.KindVersion, record.KindMark, record.KindCheck, record.KindCertify, record.KindTrash}
	f.Fuzz(func(t *testing.T, kind, id string, payload []byte) {
		base, _ := Replay([]record.Change{opened("o"), set("v", "a", "hund", "", "Rex"), set("w", "b", "hund", "", "Max"), scan("d", "p1", "p2")})
		for _, k := range append(kinds, record.Kind(kind)) {
			c := base
			ch := record.Change{ID: record.ID(id), Device: "f", N: 1, Case: "case", Kind: k, Payload: payload}
			if err := Fold(&c, ch); err != nil {
				t.Fatal(err)
			}
			if err := Fold(&c, ch); err != nil {
				t.Fatal(err)
			}
			if _, err := json.Marshal(c); err != nil {
				t.Fatal(err)
			}
			_ = Check(ch)
		}
	})
}
