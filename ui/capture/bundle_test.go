package capture

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/form/bundle"
	"schalter/data/record"
)

const festPlan = `{"format":"schalter-bundle/1","id":"feier","version":"1.0.0","languages":["de","en"],"title":{"de":"Vereinsfest","en":"Club festival"},
 "scope":{"label":{"de":"Umfang","en":"Scope"}},
 "parts":[
  {"part":"fest","form":"fest","label":{"de":"Fest","en":"Festival"},"ask":{"label":{"de":"Fest?","en":"Festival?"}}},
  {"part":"saal","form":"saal","label":{"de":"Saal","en":"Hall"},"ask":{"label":{"de":"Saal?","en":"Hall?"}}}]}`

// commonPlan asks once for what both parts want.
const commonPlan = `{"format":"schalter-bundle/1","id":"gemeinsam","version":"1.0.0","languages":["de","en"],"title":{"de":"Vereinsfest","en":"Club festival"},
 "scope":{"label":{"de":"Umfang","en":"Scope"}},
 "parts":[
  {"part":"fest","form":"fest","label":{"de":"Fest","en":"Festival"}},
  {"part":"saal","form":"saal","label":{"de":"Saal","en":"Hall"},"ask":{"label":{"de":"Saal?","en":"Hall?"}},
   "same":{"mieter/name":"fest.wer/name","saal/tag":"fest.tag/am","saal/anlass":"fest.tag/was","proof:haftpflicht":"proof:fest.haftpflicht"}}]}`

// festLibrary has two services and two bundles of them.
func festLibrary(t testing.TB) *form.Library {
	t.Helper()
	l := library(t)
	file := func(id string) ([]byte, error) {
		b, err := os.ReadFile("testdata/" + id + ".json")
		if errors.Is(err, fs.ErrNotExist) {
			return nil, record.E(record.CodeFormUnknown, err)
		}
		return b, err
	}
	var files [][]byte
	for _, id := range []string{"fest", "saal"} {
		b, err := file(id)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	for _, plan := range []string{festPlan, commonPlan} {
		b, err := bundle.Compose([]byte(plan), file)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	for _, b := range files {
		f, err := form.Parse(b)
		if err == nil {
			err = l.Add(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func festWorld(t testing.TB) (*world, *Tab) {
	t.Helper()
	w := newWorld(t, newMemory(), nil)
	w.m.w.Forms = festLibrary(t)
	tab, err := w.m.Start("feier")
	if err != nil {
		t.Fatal(err)
	}
	return w, tab
}

var festAnswers = [][2]string{
	{"umfang/fest", "ja"},
	{"umfang/saal", "ja"},
	{"fest.wer/name", "Yıldız"},
	{"fest.wer/geboren", "2.5.2010"},
	{"fest.tag/am", "12.6.2027"},
	{"fest.tag/was", "Sommerfest"},
	{"saal.mieter/name", "TSV Musterstadt"},
	{"saal.saal/welcher", "klein"},
	{"saal.saal/tag", "12.6.2027"},
	{"saal.saal/von", "18"},
	{"saal.saal/bis", "23"},
	{"saal.saal/personen", "60"},
}

// made are the edits by case, in the order of the cases.
func (m *memory) made() (ids []record.ID, by map[record.ID][]record.Edit) {
	by = map[record.ID][]record.Edit{}
	for _, e := range m.edits {
		if by[e.Case] == nil {
			ids = append(ids, e.Case)
		}
		by[e.Case] = append(by[e.Case], e)
	}
	return ids, by
}

func payloads[P any](edits []record.Edit) (out []P) {
	for _, e := range edits {
		if p, ok := e.Payload.(P); ok {
			out = append(out, p)
		}
	}
	return out
}

func answersOf(edits []record.Edit) record.Values {
	v := record.Values{}
	for _, f := range payloads[record.Fields](edits) {
		for _, g := range f.Groups {
			maps.Copy(v, g.Values)
		}
	}
	return v
}

func notesOf(edits []record.Edit) (out []string) {
	for _, n := range payloads[record.Note](edits) {
		out = append(out, n.Text)
	}
	return out
}

func doc(proof string) record.Document {
	return record.Document{ID: record.NewID(), Title: "Papier", Proof: proof, Pages: 1, Shown: record.BlobRef{Hash: record.HashOf([]byte(proof)), Size: 1}, MediaType: "application/pdf"}
}

func TestABundleBecomesItsCases(t *testing.T) {
	w, tab := festWorld(t)
	for _, a := range festAnswers {
		w.write(tab, a[0], a[1])
	}
	sketch := doc("")
	tab.draft.Documents = []record.Document{doc("saal.plan"), sketch, doc("")}
	tab.Type("saal.saal/skizze", string(sketch.ID))
	tab.draft.Taken = []record.Taken{{Paths: []string{"fest.wer/name"}, Number: "MS-1-26-00001-X", Purpose: "Fest"}}
	tab.bringAll()
	tab.visit.Type(visitNote, "eilt")
	for range 3 { // too young, too many, no insurance
		f, open := tab.Submit()
		if !open {
			t.Fatal("submitted in spite of what is open")
		}
		tab.Override(f.Rule, "Grund "+f.Label)
	}
	if f, open := tab.Submit(); open {
		t.Fatalf("still open: %+v", f)
	}
	w.settle()
	ids, by := w.store.made()
	if tab.Phase() != Done || len(tab.Cases()) != 2 || len(ids) != 2 || ids[0] != tab.ID() || ids[1] != record.PartCase(tab.ID(), "saal") {
		t.Fatalf("phase %v, trouble %v, cases %v", tab.Phase(), tab.Trouble(), ids)
	}
	fest, saal := by[ids[0]], by[ids[1]]
	for i, want := range []record.Opened{{Service: "fest"}, {Service: "saal"}} {
		o := by[ids[i]][0].Payload.(record.Opened)
		f, err := w.m.w.Forms.Latest(want.Service)
		if err != nil || o.Service != want.Service || o.Form != f.Ref() || o.Bundle != tab.ID() || o.Roles[record.RoleFamily] != f.Roles[record.RoleFamily] || o.Title["de"] != f.Title["de"] || o.Channel != "counter" {
			t.Errorf("opened %+v", o)
		}
	}
	if v := answersOf(fest); v["wer/name"] != "Yıldız" || v["tag/am"] != "2027-06-12" || v["saal/welcher"] != "" {
		t.Errorf("festival: %v", v)
	}
	if v := answersOf(saal); v["saal/welcher"] != "klein" || v["preis/summe"] != "50.00" || v["saal/skizze"] != string(sketch.ID) {
		t.Errorf("hall: %v", v)
	}
	for _, x := range []struct {
		edits []record.Edit
		want  []string
	}{
		{fest, []string{"eilt", "Noch keine 18.|Grund Geboren", "Haftpflicht|Grund Haftpflicht"}},
		{saal, []string{"eilt", "Mehr als 50 Personen im Kleinen Saal.|Grund Personen"}},
	} {
		if got := notesOf(x.edits); !slices.Equal(got, x.want) {
			t.Errorf("notes %q, want %q", got, x.want)
		}
	}
	if e := payloads[record.Event](fest); len(e) != 1 || e[0].Args["paths"] != "wer/name" || len(payloads[record.Event](saal)) != 0 {
		t.Errorf("taken: %+v", e)
	}
	papers := payloads[record.DocumentAdded](saal)
	if len(papers) != 2 || papers[0].Document.Proof != "plan" || papers[1].Document.ID != sketch.ID || len(payloads[record.DocumentAdded](fest)) != 1 {
		t.Errorf("papers: %+v", papers)
	}
	if l := tab.Lacking(); !slices.Equal(l[0], []string{"Haftpflicht"}) || len(l[1]) != 0 {
		t.Errorf("lacking %v", l)
	}
}

func TestSubmittingABundleAgainMakesTheSameCases(t *testing.T) {
	w, tab := festWorld(t)
	for _, a := range festAnswers {
		w.write(tab, a[0], a[1])
	}
	w.write(tab, "fest.wer/geboren", "2.5.1980")
	w.write(tab, "saal.saal/personen", "5")
	tab.Override(proofRule+"fest.haftpflicht", "kommt")
	w.store.noSubmit = record.E(record.CodeDiskFull, nil)
	tab.Submit()
	w.settle()
	if tab.Phase() != Filling || record.CodeOf(tab.Trouble()) != record.CodeDiskFull {
		t.Fatalf("phase %v, trouble %v", tab.Phase(), tab.Trouble())
	}
	first, err := tab.matters()
	if err != nil {
		t.Fatal(err)
	}
	w.store.noSubmit = nil
	w.write(tab, "umfang/fest", "nein") // the hall keeps its id
	tab.Submit()
	w.settle()
	if ids, _ := w.store.made(); len(ids) != 1 || ids[0] != first[1].id {
		t.Errorf("%v, first %v", ids, first[1].id)
	}
}

func TestABundleOfNothingIsNoCase(t *testing.T) {
	w, tab := festWorld(t)
	w.write(tab, "umfang/fest", "nein")
	w.write(tab, "umfang/saal", "nein")
	if f, open := tab.Check(); !open || f.Kind != FindingNothing || f.Path != "umfang/fest" {
		t.Fatalf("%+v, %v", f, open)
	}
	if f, open := tab.Submit(); !open || f.Kind != FindingNothing {
		t.Fatalf("%+v, %v", f, open)
	}
	w.write(tab, "umfang/saal", "ja")
	if f, open := tab.Submit(); !open || f.Kind != FindingError {
		t.Fatalf("%+v, %v", f, open)
	}
}

func TestAPartThatIsNotHereIsSaid(t *testing.T) {
	w, tab := festWorld(t)
	for _, a := range festAnswers {
		w.write(tab, a[0], a[1])
	}
	w.write(tab, "fest.wer/geboren", "2.5.1980")
	w.write(tab, "saal.saal/personen", "5")
	tab.Override(proofRule+"fest.haftpflicht", "kommt")
	tab.form.Parts[1].Form.Version = "9.9"
	if _, open := tab.Submit(); open || tab.Phase() != Filling || record.CodeOf(tab.Trouble()) != record.CodeFormUnknown {
		t.Fatalf("open %v, phase %v, trouble %v", open, tab.Phase(), tab.Trouble())
	}
}

// What a part's own form finds stands at the interview's place; a warning of it takes a reason there.
func TestWhatOnlyAPartFindsIsShown(t *testing.T) {
	w, tab := festWorld(t)
	for _, a := range festAnswers {
		w.write(tab, a[0], a[1])
	}
	w.write(tab, "fest.wer/geboren", "2.5.1980")
	tab.Override(proofRule+"fest.haftpflicht", "kommt")
	part := tab.form.Parts[1]
	part.Answers["saal/anlass"] = part.Answers["saal/personen"] // as if the plan had led it to another field
	delete(part.Answers, "saal/von")
	delete(part.Rules, "voll")
	tab.Override("saal.voll", "steht")
	f, open := tab.Submit()
	if !open || f.Kind != FindingError || f.Path != "" || f.Label != "Saal buchen" {
		t.Fatalf("%+v, %v", f, open)
	}
	i := slices.IndexFunc(tab.open(), func(f Finding) bool { return f.Kind == FindingWarning })
	if i < 0 {
		t.Fatalf("%+v", tab.open())
	}
	warn := tab.open()[i]
	if warn.Path != "saal.saal/personen" || warn.Rule != partRule+"saal/voll" {
		t.Fatalf("%+v", warn)
	}
	tab.Override(warn.Rule, "stehend")
	if len(tab.open()) != 1 {
		t.Errorf("the reason does not count: %+v", tab.open())
	}
	part.Answers["saal/von"] = "saal.saal/von"
	if f, open := tab.Submit(); open {
		t.Fatalf("%+v", f)
	}
	w.settle()
	ids, by := w.store.made()
	if n := notesOf(by[ids[1]]); !slices.Contains(n, "Mehr als 50 Personen im Kleinen Saal.|stehend") {
		t.Errorf("%q", n)
	}
}

// Whatever is answered and filed arrives in the cases, and nothing else does.
func TestABundleLosesNothing(t *testing.T) {
	w, _ := festWorld(t)
	texts := []string{"", "ja", "nein", "Yıldız", "klein", "gross", "2.5.2010", "1.1.1980", "60", "120", "18:30", "4000"}
	rapid.Check(t, func(r *rapid.T) {
		tab, err := w.m.Start(rapid.SampledFrom([]string{"feier", "gemeinsam"}).Draw(r, "bundle"))
		if err != nil {
			r.Fatal(err)
		}
		defer w.m.remove(tab)
		for range rapid.IntRange(0, 3).Draw(r, "rows") {
			tab.AddRow("saal.technik")
		}
		for _, p := range tab.session.Places() {
			tab.Type(p.Path, rapid.SampledFrom(texts).Draw(r, p.Path))
		}
		var named []string
		for range rapid.IntRange(0, 4).Draw(r, "papers") {
			d := doc(rapid.SampledFrom([]string{"", "saal.plan", "fest.haftpflicht", "gibt.es.nicht"}).Draw(r, "proof"))
			tab.draft.Documents = append(tab.draft.Documents, d)
			if rapid.Bool().Draw(r, "named") {
				named = append(named, string(d.ID))
			}
		}
		tab.Type("saal.saal/skizze", strings.Join(named, "\n"))
		all, err := tab.matters()
		if err != nil {
			r.Fatal(err)
		}
		if len(all) == 0 {
			return // nothing is wanted, nothing is submitted
		}
		edits := tab.edits(all)
		w.store.edits = edits
		_, by := w.store.made()
		lost := tab.session.Values()
		for _, m := range all {
			v := answersOf(by[m.id])
			for own, s := range v {
				if f := m.form.Field(own); f == nil || !f.Calculated() && f.Type != form.TypeFile && lost[m.part.Here(own)] != s {
					r.Fatalf("%s says %q, which nobody has answered", own, s)
				}
			}
			for here, s := range tab.session.Values() {
				for _, own := range m.own(here) {
					if f := m.form.Field(own); v[own] != s && f.Type != form.TypeFile {
						r.Fatalf("%s is %q in the case, %q was answered", own, v[own], s)
					}
				}
			}
		}
		for path := range lost {
			if !strings.HasPrefix(path, "umfang/") && !slices.ContainsFunc(all, func(m matter) bool { return len(m.own(path)) > 0 }) {
				r.Fatalf("%s is in no case", path)
			}
		}
		seen := map[record.ID]bool{}
		for _, e := range edits {
			if d, ok := e.Payload.(record.DocumentAdded); ok {
				if seen[d.Document.ID] {
					r.Fatal("a paper has come twice under one id")
				}
				seen[d.Document.ID] = true
			}
		}
		for _, d := range tab.draft.Documents {
			if !seen[d.ID] {
				r.Fatalf("the paper for %q is lost", d.Proof)
			}
		}
		for _, m := range all {
			for _, path := range m.naming() {
				for id := range strings.SplitSeq(m.values[path], "\n") {
					if !slices.ContainsFunc(m.documents, func(d record.Document) bool { return string(d.ID) == id }) {
						r.Fatalf("%s names a paper that is not in its case", path)
					}
				}
			}
		}
	})
}
