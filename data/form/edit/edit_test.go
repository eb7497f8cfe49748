package edit

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/record"
)

// rich has something of everything that an operation may meet.
const rich = `{
  "format": "schalter-form/1", "id": "rich", "version": "1.0.0", "languages": ["de", "en"],
  "title": {"de": "Stand", "en": "Stall"},
  "lists": {"ort": {"choices": [
    {"code": "nord", "label": {"de": "Norden", "en": "North"}},
    {"code": "sued", "label": {"de": "Süden", "en": "South"}}
  ]}},
  "groups": [
    {"group": "wer", "label": {"de": "Wer", "en": "Who"}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Name", "en": "Name"}, "required": true},
      {"field": "geboren", "type": "date", "label": {"de": "Geboren", "en": "Born"}, "max": "today-16y"},
      {"field": "verein", "type": "boolean", "label": {"de": "Verein", "en": "Club"}, "help": {"de": "Ist es einer?", "en": "Is it one?"}},
      {"group": "anschrift", "label": {"de": "Anschrift", "en": "Address"}, "items": [
        {"field": "strasse", "type": "text", "label": {"de": "Straße", "en": "Street"}},
        {"field": "land", "type": "choice", "label": {"de": "Land", "en": "Country"}, "list": "ort"}
      ]}
    ]},
    {"group": "stand", "label": {"de": "Stand", "en": "Stall"}, "repeat": {"min": 1, "max": 5}, "items": [
      {"field": "name", "type": "text", "label": {"de": "Name", "en": "Name"}},
      {"field": "ware", "type": "multichoice", "label": {"de": "Ware", "en": "Goods"}, "choices": [
        {"code": "essen", "label": {"de": "Speisen", "en": "Food"}}, {"code": "kunst", "label": {"de": "Kunst", "en": "Art"}}
      ]},
      {"field": "platz", "type": "choice", "label": {"de": "Platz", "en": "Place"}, "within": "wer/anschrift/land", "choices": [
        {"code": "markt", "label": {"de": "Markt", "en": "Market"}, "within": "nord"},
        {"code": "park", "label": {"de": "Park", "en": "Park"}, "within": "sued"}
      ]},
      {"field": "meter", "type": "decimal", "label": {"de": "Länge", "en": "Length"}, "unit": {"de": "m", "en": "m"}, "min": "0.5"},
      {"field": "ab", "type": "time", "label": {"de": "Ab", "en": "From"}}
    ]},
    {"group": "geld", "label": {"de": "Gebühr", "en": "Fee"}, "items": [
      {"field": "satz", "type": "money", "label": {"de": "Satz", "en": "Rate"}, "to_confirm": true},
      {"field": "summe", "type": "money", "label": {"de": "Summe", "en": "Total"}}
    ]}
  ],
  "proofs": [{"proof": "gas", "label": {"de": "Gasprüfung", "en": "Gas inspection"}}],
  "roles": {"party.family": "wer/name"},
  "rules": [
    {"rule": "gas", "do": "show", "on": ["proof:gas", "wer/anschrift"], "when": {"field": "wer/verein"}},
    {"rule": "alt", "do": "warn", "on": ["wer/geboren"], "when": {"lt": [{"age": {"field": "wer/geboren"}}, 18]}, "text": {"de": "Jung.", "en": "Young."}},
    {"rule": "satz", "do": "calculate", "on": ["geld/satz"], "value": {"if": [{"field": "wer/verein"}, 12.5, {"if": [{"equal": [{"field": "wer/anschrift/land"}, "nord"]}, 20, 30]}]}},
    {"rule": "summe", "do": "calculate", "on": ["geld/summe"], "value": {"round": [{"mul": [{"sum": {"field": "stand/meter"}}, {"field": "geld/satz"}]}, 2]}},
    {"rule": "kunst", "do": "require", "on": ["stand/ab"], "when": {"in": ["kunst", {"field": "stand/ware"}]}},
    {"rule": "offen", "do": "unresolved", "on": ["stand"], "text": {"de": "Nur an Markttagen.", "en": "On market days only."}},
    {"rule": "auch_offen", "do": "unresolved", "on": ["wer"], "text": {"de": "Nur mit Antrag.", "en": "On application only."}}
  ]
}
`

func open(t *testing.T) *Doc {
	t.Helper()
	d, err := Open([]byte(rich))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func both(s string) form.Text { return form.Text{"de": s, "en": s} }

// changed are the lines that are new.
func changed(d *Doc) string {
	before := strings.Split(rich, "\n")
	var out []string
	for l := range strings.SplitSeq(string(d.Bytes()), "\n") {
		if !slices.Contains(before, l) {
			out = append(out, strings.TrimSpace(l))
		}
	}
	return strings.Join(out, "\n")
}

// An operation changes the lines it is about and no other.
func TestOnlyWhatIsMeantChanges(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(d *Doc) error
		want string
		gone int // lines that are no longer there
	}{
		"label": {
			func(d *Doc) error { return d.SetText("wer/name", KeyLabel, form.Text{"de": "Nachname", "en": "Name"}) },
			`{"field": "name", "type": "text", "label": {"de": "Nachname", "en": "Name"}, "required": true},`, 1,
		},
		"no help": {
			func(d *Doc) error { return d.SetText("wer/verein", KeyHelp, nil) },
			`{"field": "verein", "type": "boolean", "label": {"de": "Verein", "en": "Club"}},`, 1,
		},
		"new help": {
			func(d *Doc) error { return d.SetText("wer/geboren", KeyHelp, form.Text{"de": "Tag", "en": "Day"}) },
			`{"field": "geboren", "type": "date", "label": {"de": "Geboren", "en": "Born"}, "help": {"de": "Tag", "en": "Day"}, "max": "today-16y"},`, 1,
		},
		"limit": {
			func(d *Doc) error { return d.Set("wer/geboren", PropMax, "heute − 1 Jahr") },
			`{"field": "geboren", "type": "date", "label": {"de": "Geboren", "en": "Born"}, "max": "today-1y"},`, 1,
		},
		"amount": {
			func(d *Doc) error { return d.SetAmount("satz", 1, "22,50 €") },
			`{"rule": "satz", "do": "calculate", "on": ["geld/satz"], "value": {"if": [{"field": "wer/verein"}, 12.5, {"if": [{"equal": [{"field": "wer/anschrift/land"}, "nord"]}, 22.5, 30]}]}},`, 1,
		},
		"confirmed": {
			func(d *Doc) error { return d.Set("geld/satz", PropToConfirm, "") },
			`{"field": "satz", "type": "money", "label": {"de": "Satz", "en": "Rate"}},`, 1,
		},
		"choice": {
			func(d *Doc) error { _, err := d.AddChoice("wer/anschrift/land", both("Übersee")); return err },
			"{\"code\": \"sued\", \"label\": {\"de\": \"Süden\", \"en\": \"South\"}},\n{\"code\": \"uebersee\", \"label\": {\"de\": \"Übersee\", \"en\": \"Übersee\"}}", 1,
		},
		"field": {
			func(d *Doc) error {
				_, err := d.AddField("wer/verein", false, form.TypeIBAN, both("Konto"), nil)
				return err
			},
			`{"field": "konto", "type": "iban", "label": {"de": "Konto", "en": "Konto"}},`, 0,
		},
		"first proof gone": {
			func(d *Doc) error { return d.RemoveAll("proof:gas") },
			`{"rule": "gas", "do": "show", "on": ["wer/anschrift"], "when": {"field": "wer/verein"}},`, 2,
		},
		"decision": {
			func(d *Doc) error { return d.Decide("offen", "", "steht in der Satzung") },
			`"decided": [{"rule": "offen", "on": ["stand"], "text": {"de": "Nur an Markttagen.", "en": "On market days only."}, "reason": "steht in der Satzung"}]`, 2,
		},
	} {
		d := open(t)
		if err := c.do(d); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := changed(d); got != c.want {
			t.Errorf("%s: changed\n%s\nwant\n%s", name, got, c.want)
		}
		lost := 0
		for l := range strings.SplitSeq(strings.TrimSpace(rich), "\n") {
			if !strings.Contains("\n"+string(d.Bytes()), "\n"+l+"\n") {
				lost++
			}
		}
		if lost != c.gone {
			t.Errorf("%s: %d lines are no longer there, want %d\n%s", name, lost, c.gone, d.Bytes())
		}
	}
}

func TestMovingToAnotherGroupTakesAlongWhatNamesIt(t *testing.T) {
	d := open(t)
	path, err := d.MoveTo("wer/anschrift", "geld")
	if err != nil || path != "geld/anschrift" {
		t.Fatal(path, err)
	}
	f := d.Form()
	if f.Field("stand/platz").Within != "geld/anschrift/land" || f.Group("geld/anschrift") == nil || f.Group("wer/anschrift") != nil {
		t.Errorf("moved to\n%s", d.Bytes())
	}
	if got := d.Sentence("satz", "de"); !strings.Contains(got, "„Land“ „Norden“ ist") {
		t.Error(got)
	}
	if s, _ := d.Simple("gas"); !slices.Equal(s.On, []string{"proof:gas", "geld/anschrift"}) {
		t.Error("the rule acts on", s.On)
	}
	if path, err = d.MoveTo("wer/name", "geld"); err != nil || d.Form().Roles[record.RoleFamily] != path {
		t.Error("the role was left behind", path, err)
	}
}

func TestRefusalsNameTheReason(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(d *Doc) error
		code record.Code
	}{
		"no label":             {func(d *Doc) error { return d.SetText("wer/name", KeyLabel, nil) }, record.CodeEditEmpty},
		"English is missing":   {func(d *Doc) error { return d.SetText("wer/name", KeyHelp, form.Text{"de": "So."}) }, record.CodeEditLanguage},
		"title of nothing":     {func(d *Doc) error { return d.SetText("wer/weg", KeyLabel, both("x")) }, record.CodeEditGone},
		"a title for a field":  {func(d *Doc) error { return d.SetText("wer/name", KeyTitle, both("x")) }, record.CodeEditRefused},
		"width is a number":    {func(d *Doc) error { return d.Set("wer/name", PropWidth, "breit") }, record.CodeEditNumber},
		"width 13":             {func(d *Doc) error { return d.Set("wer/name", PropWidth, "13") }, record.CodeEditRefused},
		"limit of a date":      {func(d *Doc) error { return d.Set("wer/geboren", PropMax, "bald") }, record.CodeEditValue},
		"limit of a text":      {func(d *Doc) error { return d.Set("wer/name", PropMax, "3") }, record.CodeEditValue},
		"default no date":      {func(d *Doc) error { return d.Set("wer/geboren", PropDefault, "bald") }, record.CodeEditRefused},
		"group in use":         {func(d *Doc) error { return d.Remove("wer/anschrift") }, record.CodeEditUsed},
		"field with a role":    {func(d *Doc) error { return d.Remove("wer/name") }, record.CodeEditUsed},
		"choice in use":        {func(d *Doc) error { return d.RemoveChoice("stand/ware", "kunst") }, record.CodeEditUsed},
		"choice that narrows":  {func(d *Doc) error { return d.RemoveChoice("wer/anschrift/land", "sued") }, record.CodeEditRefused},
		"a group into itself":  {func(d *Doc) error { _, err := d.MoveTo("wer", "wer/anschrift"); return err }, record.CodeEditInside},
		"a field out of all":   {func(d *Doc) error { _, err := d.MoveTo("wer/name", ""); return err }, record.CodeEditInside},
		"the name is taken":    {func(d *Doc) error { _, err := d.MoveTo("wer/name", "stand"); return err }, record.CodeEditTaken},
		"prose just removed":   {func(d *Doc) error { return d.RemoveAll("rule:offen") }, record.CodeEditReason},
		"prose without reason": {func(d *Doc) error { return d.Decide("offen", "", " ") }, record.CodeEditReason},
		"prose by itself":      {func(d *Doc) error { return d.Decide("offen", "offen", "") }, record.CodeEditGone},
		"rule without a test": {func(d *Doc) error {
			_, err := d.AddRule(Simple{Do: form.RuleShow, On: []string{"wer/name"}})
			return err
		}, record.CodeEditTest},
		"a calculation as show": {func(d *Doc) error {
			return d.SetRule("satz", Simple{Do: form.RuleShow, On: []string{"geld/satz"}, Tests: []Test{{"wer/verein", IsEqual, []string{"true"}}}})
		}, record.CodeEditComplex},
		"version in words":  {func(d *Doc) error { return d.SetVersion("1.1-neu", "1.0.0") }, record.CodeEditVersion},
		"version not newer": {func(d *Doc) error { return d.SetVersion("1.0", "1.0.0") }, record.CodeEditVersion},
		"rule in a circle": {func(d *Doc) error {
			_, err := d.AddRule(Simple{Do: form.RuleShow, On: []string{"wer/verein"}, Tests: []Test{{"geld/satz", IsAnswered, nil}}})
			return err
		}, record.CodeEditRefused},
		"test of no choice": {func(d *Doc) error {
			_, err := d.AddRule(Simple{Do: form.RuleShow, On: []string{"wer/name"}, Tests: []Test{{"wer/anschrift/land", IsEqual, []string{"ost"}}}})
			return err
		}, record.CodeEditValue},
	} {
		d := open(t)
		err := c.do(d)
		e, ok := errors.AsType[*record.Error](err)
		if !ok || e.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if string(d.Bytes()) != rich || d.CanUndo() {
			t.Errorf("%s: the form has changed", name)
		}
	}
}

func TestRemovingWithWhatUsesIt(t *testing.T) {
	d := open(t)
	if got := d.Uses("wer/anschrift"); !slices.Equal(got, []Use{
		{UseRule, "gas", true}, {UseRule, "satz", false}, {UseWithin, "stand/platz", false},
	}) {
		t.Error("uses", got)
	}
	if err := d.RemoveAll("wer/anschrift"); err != nil {
		t.Fatal(err)
	}
	f := d.Form()
	if d.Has("rule:satz") || !d.Has("rule:gas") || f.Field("stand/platz").Within != "" || d.Has("wer/anschrift") {
		t.Errorf("left\n%s", d.Bytes())
	}
	if place, ok := d.Undo(); !ok || string(d.Bytes()) != rich || place != "wer/anschrift" {
		t.Error("one step back", place, ok)
	}
}

func TestTypingIsOneStep(t *testing.T) {
	d := open(t)
	for _, s := range []string{"N", "Na", "Nach"} {
		if err := d.SetText("wer/name", KeyLabel, both(s)); err != nil {
			t.Fatal(err)
		}
	}
	if d.Undo(); string(d.Bytes()) != rich {
		t.Error("typing took several steps")
	}
	if d.Redo(); d.Form().Field("wer/name").Label["de"] != "Nach" || d.CanRedo() {
		t.Error("not done again")
	}
	d.Break()
	if err := d.SetText("wer/name", KeyLabel, both("Nachname")); err != nil {
		t.Fatal(err)
	}
	if d.Undo(); d.Form().Field("wer/name").Label["de"] != "Nach" {
		t.Error("two runs were one step")
	}
}

func TestDecisionsLetAFormBePublished(t *testing.T) {
	d := open(t)
	if err := d.Decide("offen", "kunst", ""); err != nil {
		t.Fatal(err)
	}
	if form.Publishable(d.Form()) == nil {
		t.Error("one is open still")
	}
	if err := d.Decide("auch_offen", "", "mündlich geklärt"); err != nil {
		t.Fatal(err)
	}
	if err := form.Publishable(d.Form()); err != nil {
		t.Error(err)
	}
	got := d.Form().Decided
	if len(got) != 2 || got[0].By != "kunst" || got[0].On[0] != "stand" || got[1].Reason != "mündlich geklärt" || got[1].Text["en"] != "On application only." {
		t.Errorf("%+v", got)
	}
}

// What one sees of a simple rule is what is written.
func TestSimpleRulesGoThereAndBack(t *testing.T) {
	for _, s := range []Simple{
		{Do: form.RuleShow, On: []string{"wer/name"}, Tests: []Test{{"wer/verein", IsEqual, []string{"true"}}}},
		{Do: form.RuleHide, On: []string{"stand/name", "proof:gas"}, Tests: []Test{{"geld/satz", IsEqual, []string{"12.50"}}, {"geld/summe", IsNot, []string{"5.00"}}}},
		{Do: form.RuleRequire, On: []string{"stand/name"}, Any: true, Tests: []Test{{"stand/ware", IsHas, []string{"kunst"}}, {"stand/ab", IsAtLeast, []string{"08:00"}}, {"stand/meter", IsBelow, []string{"2.5"}}}},
		{Do: form.RuleForbid, On: []string{"stand/name"}, Tests: []Test{{"stand/ware", IsHasNot, []string{"kunst"}}, {"stand/platz", IsOneOf, []string{"markt", "park"}}}},
		{Do: form.RuleShow, On: []string{"wer/name"}, Tests: []Test{{"wer/geboren", IsAbove, []string{"2000-01-31"}}, {"wer/geboren", IsAtMost, []string{"2020-01-31"}}}},
		{Do: form.RuleShow, On: []string{"proof:gas"}, Tests: []Test{{"wer/verein", IsEqual, []string{"false"}}, {"wer/geboren", IsAnswered, nil}, {"wer/anschrift/strasse", IsEmpty, nil}, {"wer/anschrift/strasse", IsNot, []string{"Gasse"}}}},
	} {
		d := open(t)
		place, err := d.AddRule(s)
		if err != nil {
			t.Errorf("%+v: %v", s, err)
			continue
		}
		got, ok := d.Simple(strings.TrimPrefix(place, RulePlace))
		if !ok || got.Do != s.Do || got.Any != s.Any || !slices.Equal(got.On, s.On) || !slices.EqualFunc(got.Tests, s.Tests, sameTest) {
			t.Errorf("wrote %+v\nread %+v", s, got)
		}
		before := string(d.Bytes())
		if err := d.SetRule(strings.TrimPrefix(place, RulePlace), got); err != nil || string(d.Bytes()) != before {
			t.Errorf("%s: the same again changed it: %v", place, err)
		}
	}
}

func sameTest(a, b Test) bool {
	clean := func(t Test) Test {
		t.Values = slices.Clone(t.Values)
		for i, v := range t.Values {
			t.Values[i] = strings.TrimSuffix(strings.TrimSuffix(v, "0"), ".0") // a number of the file has no cents
		}
		return t
	}
	return clean(a).same(clean(b))
}

func TestAmounts(t *testing.T) {
	d := open(t)
	var got []string
	for _, a := range d.Amounts("geld/satz", "de") {
		got = append(got, a.Value+" wenn "+a.When)
	}
	want := []string{
		"12.5 wenn „Verein“ ja ist",
		"20 wenn „Verein“ nein ist und „Land“ „Norden“ ist",
		"30 wenn „Verein“ nein ist und „Land“ nicht „Norden“ ist",
	}
	if !slices.Equal(got, want) {
		t.Errorf("amounts\n%s", strings.Join(got, "\n"))
	}
	if a := d.Amounts("geld/summe", "de"); len(a) != 0 {
		t.Error("the digits of rounding are no amount:", a)
	}
}

func TestLimitsAsPeopleTypeThem(t *testing.T) {
	for _, c := range []struct {
		t                   form.Type
		typed, stored, read string
	}{
		{form.TypeDate, "heute", "today", "heute"},
		{form.TypeDate, "Heute - 16 Jahre", "today-16y", "heute − 16 Jahre"},
		{form.TypeDate, "today + 1 month", "today+1m", "heute + 1 Monat"},
		{form.TypeDate, "heute+30", "", ""}, // of what?
		{form.TypeDate, "1.2.1900", "1900-02-01", "01.02.1900"},
		{form.TypeDate, "bald", "", ""},
		{form.TypeMonth, "3/2024", "2024-03", "03/2024"},
		{form.TypeTime, "8:30", "08:30", "08:30"},
		{form.TypeMoney, "1.234,5", "1234.50", "1.234,50 €"},
		{form.TypeDecimal, "0,125", "0.125", "0,125"},
		{form.TypeInteger, "1,5", "", ""},
		{form.TypeText, "x", "x", "x"},
	} {
		s, ok := readLimit(c.t, c.typed)
		if s != c.stored || ok != (c.stored != "") {
			t.Errorf("%s %q: %q", c.t, c.typed, s)
			continue
		}
		if !ok {
			continue
		}
		if got := writeLimit(c.t, s, "de"); got != c.read {
			t.Errorf("%s %q is read %q", c.t, s, got)
		}
		if again, _ := readLimit(c.t, c.read); again != s {
			t.Errorf("%q is understood as %q", c.read, again)
		}
	}
}
