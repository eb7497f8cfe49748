package merge

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schalter/data/record"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func change(id, device string, kind record.Kind, payload any) record.Change {
	p, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return record.Change{
		ID: record.ID(id), Device: record.ID(device), N: 1, Case: "case", Kind: kind, Time: noon, User: device,
		Payload: p, PayloadHash: record.HashOf(p),
	}
}

func opened(id string) record.Change {
	return change(id, "a", record.KindOpen, record.Opened{Service: "hundesteuer-anmelden", Title: map[string]string{"de": "Hundesteuer"}})
}

func set(id, device, group, base, value string) record.Change {
	return change(id, device, record.KindFields, record.Fields{Groups: []record.GroupEdit{
		{Group: group, Base: record.ID(base), Values: record.Values{group + "/x": value}},
	}})
}

func decide(id, device, conflict, group, base, value string) record.Change {
	return change(id, device, record.KindResolve, record.Resolved{
		Conflict: record.ID(conflict), Group: group, Base: record.ID(base), Values: record.Values{group + "/x": value},
	})
}

func replay(t *testing.T, changes ...record.Change) record.Case {
	t.Helper()
	c, err := Replay(changes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// want compares the group's value, its version and the conflicts as "id=kept|other".
func want(t *testing.T, c record.Case, group, value, version string, conflicts ...string) {
	t.Helper()
	g := c.Groups[group]
	if g.Values[group+"/x"] != value || string(g.Version) != version {
		t.Errorf("%s = %q version %s, want %q version %s", group, g.Values[group+"/x"], g.Version, value, version)
	}
	var got []string
	for _, k := range c.Conflicts {
		got = append(got, string(k.ID)+"="+k.Kept.Values[group+"/x"]+"|"+k.Other.Values[group+"/x"])
	}
	if d := cmp.Diff(conflicts, got); d != "" {
		t.Errorf("conflicts (-want +got):\n%s", d)
	}
}

func TestGroups(t *testing.T) {
	base := []record.Change{opened("o"), set("v0", "a", "hund", "", "Bello")}
	tests := []struct {
		name           string
		then           []record.Change
		value, version string
		conflicts      []string
	}{
		{"same base replaces", []record.Change{set("v1", "a", "hund", "v0", "Rex")}, "Rex", "v1", nil},
		{"two from one base", []record.Change{set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max")}, "Rex", "v1", []string{"v2=Rex|Max"}},
		{"agreed silently", []record.Change{set("v2", "a", "hund", "v0", "Rex"), set("v1", "b", "hund", "v0", "Rex")}, "Rex", "v1", nil},
		{"after agreement both may go on", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Rex"), set("v3", "b", "hund", "v2", "Max"),
		}, "Max", "v3", nil},
		{"chain of one that lost is one conflict", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "b", "hund", "v2", "Moritz"),
		}, "Rex", "v1", []string{"v3=Rex|Moritz"}},
		{"loser comes round", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "b", "hund", "v2", "Rex"),
		}, "Rex", "v1", nil},
		{"winner edits on: conflict shows it", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "a", "hund", "v1", "Rexi"),
		}, "Rexi", "v3", []string{"v2=Rexi|Max"}},
		{"winner takes the other's value", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "a", "hund", "v1", "Max"),
		}, "Max", "v3", nil},
		{"three ways", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "c", "hund", "v0", "Ida"),
		}, "Rex", "v1", []string{"v2=Rex|Max", "v3=Rex|Ida"}},
		{"resolved", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), decide("r1", "c", "v2", "hund", "v1", "Max"),
		}, "Max", "r1", nil},
		{"two resolutions at once", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"),
			decide("r1", "c", "v2", "hund", "v1", "Max"), decide("r2", "d", "v2", "hund", "v1", "Ida"),
		}, "Max", "r1", []string{"r2=Max|Ida"}},
		{"two resolutions that agree", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"),
			decide("r1", "c", "v2", "hund", "v1", "Max"), decide("r2", "d", "v2", "hund", "v1", "Max"),
		}, "Max", "r1", nil},
		{"resolution of an older version of the conflict leaves the newer", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "b", "hund", "v2", "Ida"),
			decide("r1", "c", "v2", "hund", "v1", "Rex"),
		}, "Rex", "r1", []string{"v3=Rex|Ida"}},
		{"resolution against an edit of the kept side", []record.Change{
			set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Max"), set("v3", "a", "hund", "v1", "Ida"),
			decide("r1", "c", "v2", "hund", "v1", "Max"),
		}, "Ida", "v3", []string{"r1=Ida|Max"}},
		{"unknown base on an empty group", []record.Change{set("v1", "a", "halter", "gone", "x")}, "Bello", "v0", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := replay(t, append(base[:2:2], tt.then...)...)
			want(t, c, "hund", tt.value, tt.version, tt.conflicts...)
			// Twice in a row and the whole sequence again: nothing happens a second time.
			twice := base[:2:2]
			for _, ch := range tt.then {
				twice = append(twice, ch, ch)
			}
			again := replay(t, append(twice, tt.then...)...)
			if d := cmp.Diff(c, again); d != "" {
				t.Errorf("repeating changed the case:\n%s", d)
			}
			var folded record.Case
			for _, ch := range twice {
				if err := Fold(&folded, ch); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(c, folded); d != "" {
				t.Errorf("folding each change twice changed the case:\n%s", d)
			}
		})
	}
}

func TestAgreementIsTheSameInBothOrders(t *testing.T) {
	a, b := set("v1", "a", "hund", "v0", "Rex"), set("v2", "b", "hund", "v0", "Rex")
	x := replay(t, opened("o"), set("v0", "a", "hund", "", "Bello"), a, b)
	y := replay(t, opened("o"), set("v0", "a", "hund", "", "Bello"), b, a)
	if d := cmp.Diff(x.Groups, y.Groups); d != "" {
		t.Error(d)
	}
}

func TestConflictKnowsWhatBothHadSeen(t *testing.T) {
	c := replay(t, opened("o"), set("v0", "a", "hund", "", "Bello"), set("v1", "a", "hund", "v0", "Rex"),
		set("v2", "a", "hund", "v1", "Rexi"), set("v3", "b", "hund", "v0", "Max"))
	if got := c.Conflicts[0].Base.Values["hund/x"]; got != "Bello" {
		t.Errorf("base is %q, want Bello", got)
	}
}

func TestStateStepsAndNumber(t *testing.T) {
	c := replay(t, opened("o"),
		change("s1", "a", record.KindState, record.StateStep{To: record.StateSubmitted, Number: "MS-1-26-00001-X"}),
		change("s2", "b", record.KindState, record.StateStep{To: record.StateDone, Number: "MS-2-26-00009-Y"}),
		change("s3", "a", record.KindState, record.StateStep{To: record.StateWorking}))
	if c.State != record.StateWorking || c.Number != "MS-1-26-00001-X" {
		t.Errorf("state %s number %s", c.State, c.Number)
	}
}

func TestDocumentsAndNotesAreOnlyAdded(t *testing.T) {
	doc := change("d", "a", record.KindDocument, record.DocumentAdded{Document: record.Document{ID: "doc", Title: "Ausweis"}})
	note := change("n", "a", record.KindNote, record.Note{Text: "Rückruf"})
	var c record.Case
	for _, ch := range []record.Change{opened("o"), doc, note, doc, note, opened("o")} {
		if err := Fold(&c, ch); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.Documents) != 1 || len(c.Notes) != 1 || c.Notes[0].Text != "Rückruf" {
		t.Errorf("%d documents, %d notes", len(c.Documents), len(c.Notes))
	}
}

func TestBeforeOpenIsKept(t *testing.T) {
	c := replay(t, set("v0", "b", "hund", "", "Bello"), change("n", "b", record.KindNote, record.Note{Text: "x"}), opened("o"))
	if c.Service != "hundesteuer-anmelden" || c.Groups["hund"].Version != "v0" || len(c.Notes) != 1 || c.State != record.StateOpen {
		t.Errorf("%+v", c)
	}
}

func TestDeletion(t *testing.T) {
	gone := func(id, device, base string) record.Change {
		return change(id, device, record.KindDelete, record.Deleted{Reason: "doppelt", Base: record.ID(base)})
	}
	first := []record.Change{opened("o"), set("v0", "a", "hund", "", "Bello")}
	tests := []struct {
		name    string
		then    []record.Change
		deleted bool
		dispute string
	}{
		{"seen everything", []record.Change{gone("x", "a", "v0")}, true, ""},
		{"twice", []record.Change{gone("x", "a", "v0"), gone("y", "b", "v0")}, true, ""},
		{"an unseen edit came first", []record.Change{set("v1", "b", "hund", "v0", "Rex"), gone("x", "a", "v0")}, false, "x"},
		{"an unseen print came first", []record.Change{change("e", "b", record.KindEvent, record.Event{What: "printed"}), gone("x", "a", "v0")}, true, ""},
		{"an edit comes later", []record.Change{gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex")}, false, "x"},
		{"a scan comes later", []record.Change{gone("x", "a", "v0"), change("d", "b", record.KindDocument, record.DocumentAdded{})}, false, "x"},
		{"a print comes later", []record.Change{gone("x", "a", "v0"), change("e", "b", record.KindEvent, record.Event{What: "printed"})}, true, ""},
		{"kept by a clerk", []record.Change{
			gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex"), change("r", "c", record.KindResolve, record.Resolved{Conflict: "x"}),
		}, false, ""},
		{"deleted after all", []record.Change{
			gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex"),
			change("r", "c", record.KindResolve, record.Resolved{Conflict: "x", Base: "v1", Values: record.Values{ValueDelete: "true"}}),
		}, true, ""},
		{"kept and deleted after all at once", []record.Change{
			gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex"),
			change("r", "c", record.KindResolve, record.Resolved{Conflict: "x", Base: "v1", Values: record.Values{ValueDelete: "true"}}),
			change("k", "d", record.KindResolve, record.Resolved{Conflict: "x"}),
		}, false, "r"},
		{"deleted after all against an edit", []record.Change{
			gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex"), set("v2", "b", "hund", "v1", "Max"),
			change("r", "c", record.KindResolve, record.Resolved{Conflict: "x", Base: "v1", Values: record.Values{ValueDelete: "true"}}),
		}, false, "r"},
		{"deleted anew", []record.Change{gone("x", "a", "v0"), set("v1", "b", "hund", "v0", "Rex"), gone("y", "a", "v1")}, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := replay(t, append(first[:2:2], tt.then...)...)
			var dispute string
			for _, k := range c.Conflicts {
				if k.Group == "" {
					dispute += string(k.ID)
				}
			}
			if c.Deleted != tt.deleted || dispute != tt.dispute || c.Deleted != (c.Removal != nil) {
				t.Errorf("deleted %v dispute %q, want %v %q (removal %v)", c.Deleted, dispute, tt.deleted, tt.dispute, c.Removal)
			}
		})
	}
}

func TestHarmlessWhatItCannotRead(t *testing.T) {
	base := replay(t, opened("o"), set("v0", "a", "hund", "", "Bello"))
	poison := set("p", "b", "hund", "v0", "Rex")
	poison.Payload = json.RawMessage(`{"groups":"no list"}`)
	erased := set("e", "b", "hund", "v0", "Rex")
	erased.Payload = nil
	future := change("f", "b", "fee", map[string]int{"cent": 1200})
	for _, ch := range []record.Change{poison, erased, future} {
		c := base
		if err := Fold(&c, ch); err != nil {
			t.Fatal(err)
		}
		if c.Last != ch.ID {
			t.Errorf("%s is not remembered", ch.ID)
		}
		c.Last, c.Updated = base.Last, base.Updated
		if d := cmp.Diff(base, c); d != "" {
			t.Errorf("%s did something:\n%s", ch.ID, d)
		}
	}
	if Check(poison) == nil {
		t.Error("Check passes a payload that cannot be read")
	}
	if Check(erased) != nil || Check(future) != nil {
		t.Error("Check refuses an erased payload or an unknown kind")
	}
	twice := change("t", "b", record.KindFields, record.Fields{Groups: []record.GroupEdit{{Group: "a"}, {Group: "a"}}})
	if record.CodeOf(Check(twice)) != record.CodeRejected {
		t.Error("Check passes a group twice")
	}
	other := opened("q")
	other.Case = "another"
	if c := base; Fold(&c, other) == nil {
		t.Error("a change of another case was folded in")
	}
}
