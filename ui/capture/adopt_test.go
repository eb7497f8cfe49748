package capture

import (
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

// withoutInsurance is the dog tax in a newer version that no longer asks for the insurance and has lost a rule.
func withoutInsurance(t *testing.T) *form.Form {
	t.Helper()
	b, err := assets.Files.ReadFile("forms/hundesteuer-anmelden.json")
	if err != nil {
		t.Fatal(err)
	}
	s := strings.Replace(string(b), `"version": "1.0.0"`, `"version": "2.0.0"`, 1)
	s = strings.ReplaceAll(s, `proof:haftpflicht`, `proof:weitere`)
	i := strings.Index(s, `{"proof": "haftpflicht"`)
	if i < 0 {
		i = strings.Index(s, `"proof": "haftpflicht"`)
		i = strings.LastIndex(s[:i], "{")
	}
	depth, j := 0, i
	for ; j < len(s); j++ {
		if s[j] == '{' {
			depth++
		}
		if s[j] == '}' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	s = s[:i] + strings.TrimLeft(s[j+1:], ", \n")
	f, err := form.Parse([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A draft that goes over keeps its papers, the reasons that still have a rule, and what is typed wrong; and
// becomes a case of the new version.
func TestADraftGoesOverToANewVersion(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	lib := library(t)
	w.m.w.Forms = lib
	tab := w.start(t)
	if f, _ := tab.Newer(); f != nil {
		t.Fatal("an empty draft is asked about")
	}
	w.fillDog(tab)
	w.write(tab, "hund/chip", "276 0981")
	tab.draft.Documents = []record.Document{
		{ID: "a", Proof: "haftpflicht", Title: "Police", Pages: 1, Shown: record.BlobRef{Hash: "x", Size: 1}},
		{ID: "b", Proof: "schutzvertrag", Title: "Vertrag", Pages: 1, Shown: record.BlobRef{Hash: "y", Size: 1}},
	}
	tab.session.SetReasons(map[string]string{"proof:haftpflicht": "kommt nach", "proof:befreiung": "kommt auch", "no-such-rule@hund/chip": "x"})
	w.pass(time.Minute)
	w.settle()
	two := withoutInsurance(t)
	lib.Replace(lib.With(two))
	f, m := tab.Newer()
	if f != two {
		t.Fatalf("newer is %v", f)
	}
	undo, err := tab.Adopt(f, m, "Das steht in der Notiz.")
	if err != nil {
		t.Fatal(err)
	}
	w.settle()
	before := tab.snapshot()
	tab.Import("", []Source{textFile("spaeter.pdf", "SPÄTER")})
	w.settle()
	if err := undo(); err != nil || tab.Form() != two || len(tab.draft.Documents) != 3 {
		t.Fatalf("going back took what came since: %v, %+v", err, tab.draft.Documents)
	}
	tab.Remove(tab.draft.Documents[2].ID)
	w.settle()
	if d := tab.snapshot(); len(d.Documents) != len(before.Documents) {
		t.Fatalf("papers %+v", d.Documents)
	}
	d := w.store.stored(t, tab.ID())
	if d.Form != two.Ref() || d.Note != "Das steht in der Notiz." || d.Values["hund/chip"] != "276 0981" || d.Values["halter/nachname"] != "Yıldız" {
		t.Errorf("%+v", d)
	}
	if len(d.Documents) != 2 || d.Documents[0].Proof != "" || d.Documents[1].Proof != "schutzvertrag" {
		t.Errorf("papers %+v", d.Documents)
	}
	if len(d.Reasons) != 1 || d.Reasons["proof:befreiung"] != "kommt auch" {
		t.Errorf("reasons %v", d.Reasons)
	}
	if p := (fields{tab}).Field("hund/chip"); p.Error == "" || p.Text != "276 0981" {
		t.Errorf("the wrong number: %+v", p)
	}
	if f, _ := tab.Newer(); f != nil {
		t.Error("it is asked again")
	}
	w.write(tab, "hund/chip", "276098104123344")
	for _, f := range tab.Findings() {
		tab.Override(f.Rule, "wird nachgereicht")
	}
	if f, open := tab.Submit(); open {
		t.Fatalf("open: %+v", f)
	}
	w.settle()
	for _, e := range w.store.edits {
		if o, ok := e.Payload.(record.Opened); ok && o.Form != two.Ref() {
			t.Errorf("the case is of %+v", o.Form)
		}
	}
	if tab.Phase() != Done {
		t.Errorf("phase %v, %v", tab.Phase(), tab.Trouble())
	}
}
