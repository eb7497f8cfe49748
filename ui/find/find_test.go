package find

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

// echo answers every search with one hit that carries the query.
type echo struct{ asked []string }

func (e *echo) FindAs(_ context.Context, _, q string, _ int) ([]record.Hit, error) {
	e.asked = append(e.asked, q)
	return []record.Hit{{Snippet: q}}, nil
}

func TestOneSearchRunsAtATimeAndTheLastWordWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &echo{}
		m := NewModel(e, "weber")
		var running []string
		start := func() {
			running = append(running, m.Query())
			if len(running) > 1 {
				t.Fatal("two searches run at once")
			}
		}
		finish := func() {
			if len(running) == 0 {
				return
			}
			a := m.Search(context.Background(), running[0])
			running = nil
			if m.Take(a) {
				start()
			}
		}
		typed := ""
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "type") {
				typed = rapid.SampledFrom([]string{"", "y", "yi", "yil", "müller", " yi "}).Draw(t, "text")
				if m.Type(typed) {
					start()
				}
			} else {
				finish()
			}
		}
		finish()
		finish()
		if typed = strings.TrimSpace(typed); typed == "" {
			if len(m.Hits()) != 0 {
				t.Fatal("an empty field shows hits")
			}
			return
		}
		if len(m.Hits()) != 1 || m.Hits()[0].Snippet != typed {
			t.Fatalf("shown %v, typed %q", m.Hits(), typed)
		}
	})
}

func TestSnippetKeepsItsTextAndMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.StringMatching("[a-zäß \x02\x03\n]{0,40}").Draw(t, "snippet")
		text := ""
		for _, p := range pieces(in) {
			text += p.text
		}
		want := strings.NewReplacer("\x02", "", "\x03", "").Replace(strings.Join(strings.Fields(in), " "))
		if text != want {
			t.Fatalf("%q became %q, want %q", in, text, want)
		}
	})
	got := pieces("der \x02Schutz\x03vertrag")
	if len(got) != 3 || !got[1].marked || got[1].text != "Schutz" || got[2].marked {
		t.Errorf("%+v", got)
	}
}

func TestTypeArrowsEnter(t *testing.T) {
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	behind := control.NewButton("dahinter", "", control.Plain, nil)
	w := test.NewWindow(behind)
	defer w.Close()
	w.Resize(fyne.NewSize(1366, 768))
	w.Canvas().Focus(behind)
	keys := command.NewList()
	keys.Bind(w.Canvas())
	defer keys.Release()
	var opened []record.Hit
	closed := 0
	s := Show(w.Canvas(), Needs{Texts: texts, Run: control.Inline, Keys: keys, Age: func() string { return "Abgeglichen 09:10" }, Open: func(h record.Hit) { opened = append(opened, h) }}, sample.New(lib, 0), func() { closed++ })
	test.Type(w.Canvas().Focused(), "schutz")
	if len(s.model.Hits()) != 1 || s.age.Text() != "Abgeglichen 09:10" {
		t.Fatalf("hits %v, age %q", s.model.Hits(), s.age.Text())
	}
	key := func(k fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }
	for range len("schutz") {
		key(fyne.KeyBackspace)
	}
	if len(s.model.Hits()) != 0 || !s.help.Visible() || s.list.Visible() {
		t.Error("an emptied field shows hits or no examples")
	}
	test.Type(w.Canvas().Focused(), "er")
	key(fyne.KeyDown)
	key(fyne.KeyDown)
	want := s.model.Hits()[2]
	key(fyne.KeyReturn)
	if len(opened) != 1 || opened[0].Case.ID != want.Case.ID || closed != 1 {
		t.Fatalf("opened %v, closed %d times", opened, closed)
	}
	if keys.Layered() || w.Canvas().Focused() != behind {
		t.Error("the layer or the focus stayed")
	}
	Show(w.Canvas(), s.Needs, sample.New(lib, 0), func() { closed++ })
	key(fyne.KeyEscape)
	if closed != 2 || len(opened) != 1 {
		t.Error("Esc did not close, or opened something")
	}
}

func opened(t *testing.T, store Store) (s *Screen, c fyne.Canvas, hits *[]record.Hit) {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	w := test.NewWindow(control.NewButton("dahinter", "", control.Plain, nil))
	t.Cleanup(w.Close)
	w.Resize(fyne.NewSize(1366, 768))
	keys := command.NewList()
	keys.Bind(w.Canvas())
	t.Cleanup(keys.Release)
	hits = &[]record.Hit{}
	s = Show(w.Canvas(), Needs{
		Texts: texts, Run: control.Inline, Keys: keys, User: "weber", Age: func() string { return "Abgeglichen 09:10" },
		Service: func(id string) map[string]string { return map[string]string{"de": "Name von " + id} },
		Open:    func(h record.Hit) { *hits = append(*hits, h) },
	}, store, nil)
	return s, w.Canvas(), hits
}

// chips are the words on the strip under the field.
func chips(s *Screen) (out []string) {
	for _, o := range s.strip.row.Objects {
		switch o := o.(type) {
		case *control.Pill:
			out = append(out, o.Text())
		}
	}
	return out
}

func TestWhatWasUnderstoodIsShownUnderTheField(t *testing.T) {
	for typed, want := range map[string]string{
		"müller":       "",
		"müller offen": "offen",
		"von:2026-01 bis:31.3.2026 leistung:hund": "ab 2026-01, bis 31.3.2026, Leistung: hund",
		"geb:01.02.80 im Postausgang seite:2":     "geboren 1.2.80, im Postausgang, auf Seite 2",
		`"Haus und Hof" 1.2.1980 meine entwurf`:   "genau „Haus und Hof“, Tag 1.2.1980, meine, Entwürfe",
		"farbe:rot":                               "farbe: kein Filter",
		"von:gestern":                             "von:gestern nicht verstanden",
		"leistung:":                               "leistung: …",
	} {
		s, c, _ := opened(t, &echo{})
		test.Type(c.Focused(), typed)
		if got := strings.Join(chips(s), ", "); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestExamplesAndBack(t *testing.T) {
	s, c, _ := opened(t, &echo{})
	if !s.help.Visible() {
		t.Error("an empty field shows no examples")
	}
	test.Type(c.Focused(), "haus")
	if s.help.Visible() || !s.list.Visible() {
		t.Error("the examples hide the hits")
	}
	s.Keys.Do("find.examples")
	if !s.help.Visible() || s.list.Visible() {
		t.Error("the examples are not shown")
	}
	s.Keys.Do("find.examples")
	if s.help.Visible() || !s.list.Visible() {
		t.Error("the examples stay")
	}
}

// drafted finds a draft and a page.
type drafted struct{ user string }

func (d *drafted) FindAs(_ context.Context, user, _ string, _ int) ([]record.Hit, error) {
	d.user = user
	return []record.Hit{{Draft: "d1", Case: record.CaseRow{Service: "hund", Party: "Müller"}, Field: "field", Snippet: "x"}}, nil
}

func TestADraftIsFoundByItsServicesName(t *testing.T) {
	store := &drafted{}
	s, c, hits := opened(t, store)
	test.Type(c.Focused(), "müller")
	if got := s.named(s.model.Hits()[0]).Case.Title["de"]; got != "Name von hund" || store.user != "weber" {
		t.Error(got, store.user)
	}
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(*hits) != 1 || (*hits)[0].Draft != "d1" {
		t.Errorf("%+v", *hits)
	}
}
