package bundle

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/record"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const feast = `{"format":"schalter-form/1","id":"fest","version":"1.0.0","title":{"de":"Fest anzeigen"},
 "groups":[
  {"group":"wer","label":{"de":"Veranstalter"},"items":[
   {"field":"name","type":"text","label":{"de":"Name"},"required":true},
   {"field":"geboren","type":"date","label":{"de":"Geboren"}}]},
  {"group":"tag","label":{"de":"Tag"},"items":[{"field":"am","type":"date","label":{"de":"Am"},"required":true}]}],
 "proofs":[{"proof":"haftpflicht","label":{"de":"Haftpflicht"}}],
 "roles":{"party.family":"wer/name"},
 "rules":[{"rule":"jung","do":"warn","on":["wer/geboren"],"when":{"lt":[{"age":{"field":"wer/geboren"}},18]},"text":{"de":"Noch keine 18."}}]}`

const hall = `{"format":"schalter-form/1","id":"saal","version":"2.1","title":{"de":"Saal buchen"},
 "lists":{"saal":{"choices":[{"code":"gross","label":{"de":"Großer Saal"}},{"code":"klein","label":{"de":"Kleiner Saal"}}]}},
 "groups":[
  {"group":"mieter","label":{"de":"Mieter"},"items":[{"field":"name","type":"text","label":{"de":"Name"},"required":true},{"field":"geboren","type":"date","label":{"de":"Geboren"}}]},
  {"group":"saal","label":{"de":"Saal"},"items":[
   {"field":"welcher","type":"choice","list":"saal","label":{"de":"Welcher"},"required":true},
   {"field":"personen","type":"integer","label":{"de":"Personen"},"min":"1"}]},
  {"group":"technik","label":{"de":"Technik"},"repeat":{"min":0,"max":3},"items":[{"field":"was","type":"text","label":{"de":"Was"}},{"field":"watt","type":"integer","label":{"de":"Watt"}}]},
  {"group":"preis","label":{"de":"Preis"},"items":[{"field":"summe","type":"money","label":{"de":"Summe"}}]}],
 "proofs":[{"proof":"plan","label":{"de":"Bestuhlungsplan"}}],
 "rules":[
  {"rule":"volljaehrig","do":"valid","on":["mieter/geboren"],"when":{"ge":[{"age":{"field":"mieter/geboren"}},18]},"text":{"de":"Der Mieter muss 18 sein."}},
  {"rule":"voll","do":"warn","on":["saal/personen"],"when":{"and":[{"equal":[{"field":"saal/welcher"},"klein"]},{"gt":[{"field":"saal/personen"},50]}]},"text":{"de":"Mehr als 50."}},
  {"rule":"stark","do":"warn","on":["technik/watt"],"when":{"gt":[{"field":"technik/watt"},3000]},"text":{"de":"Starkstrom?"}},
  {"rule":"plan","do":"require","on":["proof:plan"],"when":{"gt":[{"field":"saal/personen"},100]}},
  {"rule":"summe","do":"calculate","on":["preis/summe"],"value":{"add":[50,{"mul":[{"rows":"technik"},10]}]}}]}`

const plan = `{"format":"schalter-bundle/1","id":"vereinsfest","version":"1.0.0","languages":["de"],"title":{"de":"Vereinsfest"},
 "scope":{"label":{"de":"Umfang"}},
 "parts":[
  {"part":"fest","form":"fest","label":{"de":"Fest"}},
  {"part":"saal","form":"saal","label":{"de":"Saal"},"ask":{"label":{"de":"Saal?"}},"same":{"mieter/name":"fest.wer/name","mieter/geboren":"fest.wer/geboren"}}]}`

func file(id string) ([]byte, error) {
	switch id {
	case "fest":
		return []byte(feast), nil
	case "saal":
		return []byte(hall), nil
	}
	return nil, errors.New("no such form")
}

func get(t interface{ Fatal(...any) }) func(record.FormRef) (*form.Form, error) {
	return func(ref record.FormRef) (*form.Form, error) {
		b, err := file(ref.ID)
		if err != nil {
			return nil, err
		}
		f, err := form.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if f.Ref() != ref {
			t.Fatal("pinned to another version")
		}
		return f, nil
	}
}

func composed(t *testing.T) *form.Form {
	t.Helper()
	b, err := Compose([]byte(plan), file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Compose([]byte(plan), file)
	if err != nil || string(again) != string(b) {
		t.Fatalf("composed twice: another file (%v)", err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fill(s *form.Session, typed map[string]string) {
	for path, v := range typed {
		s.Set(path, v)
	}
}

func TestOneInterviewBecomesTwoCases(t *testing.T) {
	f := composed(t)
	s := f.Begin(nil, today)
	fill(s, map[string]string{"fest.wer/name": "Yıldız", "fest.wer/geboren": "2.5.2010", "fest.tag/am": "1.6.2027", "umfang/saal": "ja", "saal.saal/welcher": "klein", "saal.saal/personen": "60"})
	s.AddRow("saal.technik")
	s.AddRow("saal.technik")
	s.Set("saal.technik[2]/was", "Anlage")
	s.Set("saal.technik[2]/watt", "4000")
	want := map[string]bool{"fest.jung": true, "saal.volljaehrig": true, "saal.voll": true, "saal.stark@saal.technik[2]/watt": true}
	for _, p := range s.Problems() {
		if !want[p.Rule] {
			t.Errorf("unexpected %+v", p)
		}
		delete(want, p.Rule)
	}
	if len(want) > 0 {
		t.Errorf("not said: %v", want)
	}
	s.Set("fest.wer/geboren", "2.5.1990")
	s.Override("saal.voll", "steht")
	s.Override("saal.stark@saal.technik[2]/watt", "Aggregat")
	docs := []record.Document{{ID: "1", Proof: "saal.plan"}, {ID: "2", Proof: "fest.haftpflicht"}, {ID: "3"}}
	cases, err := Split(s, docs, get(t), today)
	if err != nil || len(cases) != 2 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		for _, p := range c.Problems {
			if p.Open() {
				t.Errorf("%s: %+v", c.Part, p)
			}
		}
	}
	v := cases[1].Values
	for path, want := range map[string]string{"mieter/name": "Yıldız", "mieter/geboren": "1990-05-02", "saal/personen": "60", "technik[2]/was": "Anlage", "preis/summe": "70.00"} {
		if v[path] != want {
			t.Errorf("%s = %q, want %q", path, v[path], want)
		}
	}
	if len(cases[0].Documents) != 2 || len(cases[1].Documents) != 1 || cases[1].Documents[0].Proof != "plan" || cases[0].Documents[0].Proof != "haftpflicht" {
		t.Errorf("documents: %+v, %+v", cases[0].Documents, cases[1].Documents)
	}
	if cases[1].Form.ID != "saal" || f.Roles[record.RoleFamily] != "fest.wer/name" {
		t.Errorf("form %s, roles %v", cases[1].Form.ID, f.Roles)
	}
}

func TestWhatIsNotWantedIsNotAskedAndMakesNoCase(t *testing.T) {
	f := composed(t)
	s := f.Begin(nil, today)
	fill(s, map[string]string{"fest.wer/name": "Yıldız", "fest.wer/geboren": "2.5.2010", "fest.tag/am": "1.6.2027", "umfang/saal": "nein", "saal.saal/personen": "200"})
	if g := s.Group("saal.saal"); g.Visible {
		t.Error("the hall is asked for")
	}
	for _, p := range s.Problems() {
		if p.Rule != "fest.jung" {
			t.Errorf("a hall nobody wants complains: %+v", p)
		}
	}
	if cases, err := Split(s, nil, get(t), today); err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
}

func TestPlansThatDoNotFitAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, by, says string }{
		"unknown key":       {`"scope"`, `"skope"`, "skope"},
		"unknown form":      {`"form":"saal"`, `"form":"keller"`, "no such form"},
		"no such field":     {`"mieter/name":`, `"mieter/nam":`, "mieter/nam"},
		"nobody asks":       {`"fest.wer/name"`, `"fest.wer/nix"`, "fest.wer/nix"},
		"another type":      {`"mieter/geboren":"fest.wer/geboren"`, `"mieter/geboren":"fest.wer/name"`, "date"},
		"calculated":        {`"mieter/name":"fest.wer/name"`, `"preis/summe":"fest.wer/name"`, "calculated"},
		"asked if wanted":   {`"label":{"de":"Fest"}}`, `"label":{"de":"Fest"},"ask":{"label":{"de":"Fest?"}}}`, "only if"},
		"no such proof":     {`"same":{`, `"same":{"proof:weg":"proof:fest.haftpflicht",`, "no proof"},
		"nobody's proof":    {`"same":{`, `"same":{"proof:plan":"proof:fest.weg",`, "proof:fest.weg"},
		"no such group":     {`"scope"`, `"last":["saal.weg"],"scope"`, "saal.weg"},
		"asked in a repeat": {`"mieter/name":"fest.wer/name"`, `"technik/was":"fest.wer/name"`, "repeats"},
	} {
		_, err := Compose([]byte(strings.Replace(plan, c.old, c.by, 1)), file)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckFindsAPartThatChanged(t *testing.T) {
	f := composed(t)
	err := Check(f, func(id string) (*form.Form, error) {
		b, err := file(id)
		if err != nil {
			return nil, err
		}
		return form.Parse([]byte(strings.Replace(string(b), `"version":"2.1"`, `"version":"2.2"`, 1)))
	})
	if record.CodeOf(err) != record.CodeFormInvalid {
		t.Fatalf("%v", err)
	}
}

func TestWhatThePlanSaysAboutGroupsAndProofs(t *testing.T) {
	p := strings.Replace(plan, `"same":{`, `"headings":{"saal":{"de":"Wo"}},"same":{"proof:plan":"proof:fest.haftpflicht",`, 1)
	b, err := Compose([]byte(strings.Replace(p, `"scope"`, `"last":["fest.tag","saal.saal"],"scope"`, 1)), file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range f.Groups {
		got = append(got, g.Label.In("de"))
	}
	if s := strings.Join(got, ", "); s != "Umfang, Fest · Veranstalter, Saal · Technik, Saal · Preis, Fest · Tag, Wo" {
		t.Errorf("headings %s", s)
	}
	if len(f.Proofs) != 1 || f.Parts[1].Proofs["plan"] != "fest.haftpflicht" {
		t.Errorf("proofs %v of %v", f.Parts[1].Proofs, f.Proofs)
	}
}

// A paper lies in a case once, also where the part asks for it as two proofs.
func TestAPaperLiesInACaseOnce(t *testing.T) {
	doubled := strings.Replace(hall, `"proofs":[`, `"proofs":[{"proof":"police","label":{"de":"Police"}},`, 1)
	both := func(id string) ([]byte, error) {
		if id == "saal" {
			return []byte(doubled), nil
		}
		return file(id)
	}
	p := strings.Replace(plan, `"same":{`, `"same":{"proof:plan":"proof:fest.haftpflicht","proof:police":"proof:fest.haftpflicht",`, 1)
	b, err := Compose([]byte(p), both)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	s := f.Begin(nil, today)
	s.Set("umfang/saal", "ja")
	for range 20 { // whatever the order of a map
		cases, err := Split(s, []record.Document{{ID: "1", Proof: "fest.haftpflicht"}}, func(ref record.FormRef) (*form.Form, error) {
			b, err := both(ref.ID)
			if err != nil {
				return nil, err
			}
			return form.Parse(b)
		}, today)
		if err != nil || len(cases) != 2 {
			t.Fatalf("%d cases, %v", len(cases), err)
		}
		one, two := cases[0].Documents, cases[1].Documents
		if len(one) != 1 || one[0].ID != "1" || len(two) != 1 || two[0].ID != record.PartCase("1", "saal") || two[0].Proof != "police" {
			t.Fatalf("%+v, %+v", one, two)
		}
	}
}

// An interview that is in order makes cases that are in order, whatever was typed.
func TestInOrderHereIsInOrderThere(t *testing.T) {
	f := composed(t)
	texts := []string{"", "ja", "nein", "Yıldız", "klein", "gross", "2.5.2010", "1.1.1980", "60", "120", "4000", "x"}
	rapid.Check(t, func(t *rapid.T) {
		s := f.Begin(nil, today)
		for range rapid.IntRange(0, 3).Draw(t, "rows") {
			s.AddRow("saal.technik")
		}
		for _, p := range s.Places() {
			s.Set(p.Path, rapid.SampledFrom(texts).Draw(t, p.Path))
		}
		inOrder(t, s, get(t))
	})
}

// inOrder fails where a case finds something in its answers that the interview did not.
func inOrder(t *rapid.T, s *form.Session, get func(record.FormRef) (*form.Form, error)) {
	for _, p := range s.Problems() {
		if p.Rule != "" && p.Severity == form.SeverityWarning {
			s.Override(p.Rule, "Grund")
		}
	}
	cases, err := Split(s, nil, get, today)
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, p := range s.Problems() {
		open[p.Path] = open[p.Path] || p.Open()
	}
	for _, c := range cases {
		for _, p := range c.Problems {
			if p.Open() && !open[p.Path] {
				b, _ := json.Marshal(c.Values)
				t.Fatalf("%s: %q %+v only in the case: %s", c.Part, p.Path, p, b)
			}
		}
	}
}
