package form_test

import (
	"os"
	"strings"
	"testing"

	"schalter/data/form"
	"schalter/data/form/formtest"
)

// The example of FORMAT.md is a form, and does what the page says.
func TestFormatExample(t *testing.T) {
	b, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```json\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("FORMAT.md has no example")
	}
	f, err := form.Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Begin(nil, monday)
	s.AddRow("stand")
	s.Set("stand[1]/meter", "2,5")
	s.Set("stand[2]/meter", "3")
	s.Set("stand[2]/art", "Speisen")
	s.Set("stand[2]/gas", "ja")
	if s.State("gebuehr/summe").Value != "24.75" || !s.Proofs()[0].Required || s.State("stand[1]/gas").Visible {
		t.Errorf("%v %+v", s.Values(), s.Proofs()[0])
	}
	for _, op := range []string{"and", "or", "not", "xor", "equal", "lt", "le", "gt", "ge", "in", "empty", "matches", "count", "length", "sum", "min", "max", "sub", "mul", "div", "round", "floor", "ceil", "age", "date_add", "date_diff", "date_part", "concat", "coalesce", "if", "field", "rows", "today", "now"} {
		if !strings.Contains(string(b), "`"+op+"`") && !strings.Contains(string(b), `{"`+op+`": `) {
			t.Errorf("FORMAT.md does not explain %s", op)
		}
	}
}

// filled is a session of the sample in which every field has an answer.
func filled(t testing.TB, n int) (*form.Session, []string, []string) {
	t.Helper()
	f := formtest.Sample(n)
	s := f.Begin(nil, monday)
	paths, texts := formtest.Typed(f)
	for i, p := range paths {
		s.Set(p, texts[i])
	}
	return s, paths, texts
}

func TestSample(t *testing.T) {
	for _, n := range []int{1, 5, 9, 15, 17, 120, 300} {
		s, paths, _ := filled(t, n)
		if len(paths) != n || len(s.Form().Fields()) != n+1 {
			t.Errorf("%d fields, want %d", len(paths), n)
		}
		for _, p := range s.Problems() {
			t.Errorf("%d: %s %s", n, p.Path, p.Text("de"))
		}
	}
	if a, b := formtest.Sample120(), formtest.Sample120(); a.Hash != b.Hash || len(a.Rules) < 60 {
		t.Errorf("the sample is not the same twice, or has only %d rules", len(a.Rules))
	}
}

// A key stroke in a form of 120 fields computes a handful of rules, wherever it falls.
func TestKeyStrokeIsLocal(t *testing.T) {
	s, paths, texts := filled(t, 120)
	for i, p := range paths {
		s.Set(p, "")
		if e := s.Set(p, texts[i]); e.Evaluated > 6 {
			t.Errorf("%s: %d of %d rules computed", p, e.Evaluated, len(s.Form().Rules))
		}
	}
}

// In the largest form a key stroke computes exactly what it computes in a small one: the size does not
// count, only what depends on the field.
func TestKeyStrokeIsLocalInTheLargestForm(t *testing.T) {
	small, _, _ := filled(t, 15)
	large, paths, texts := filled(t, 1500)
	for i, p := range paths {
		twin := twinOf(t, small.Form(), i)
		for _, typed := range []string{"", texts[i]} {
			want, got := small.Set(twin, typed), large.Set(p, typed)
			if i >= 15 && i%15 == 7 && want.Evaluated > 0 {
				want.Evaluated-- // the proof of the first group
			}
			if got.Evaluated != want.Evaluated {
				t.Fatalf("%s = %q: %d of %d rules computed, in the small form %d", p, typed, got.Evaluated, len(large.Form().Rules), want.Evaluated)
			}
		}
	}
}

// twinOf is the field of the form of one group that stands where field i of a larger form stands.
func twinOf(t testing.TB, f *form.Form, i int) string {
	t.Helper()
	return f.Fields()[i%15].Path
}

func BenchmarkKeyStroke1500(b *testing.B) { keyStrokes(b, 1500) }
func BenchmarkKeyStroke120(b *testing.B)  { keyStrokes(b, 120) }

func keyStrokes(b *testing.B, n int) {
	b.Helper()
	s, paths, texts := filled(b, n)
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		i := k / 2 % len(paths)
		if k%2 == 0 {
			s.Set(paths[i], texts[i]+" ")
		} else {
			s.Set(paths[i], texts[i])
		}
		k++
	}
}

// The switch in each group shows and requires other fields, which is the most a key stroke can do here.
func BenchmarkKeyStrokeSwitch120(b *testing.B) {
	s, _, _ := filled(b, 120)
	k := 0
	for b.Loop() {
		s.Set("g1/f8", []string{"nein", "ja"}[k%2])
		k++
	}
}

func BenchmarkProblems120(b *testing.B) {
	f := formtest.Sample120()
	s := f.Begin(nil, monday)
	for b.Loop() {
		for _, p := range s.Problems() {
			_ = p.Text("de")
		}
	}
}

func BenchmarkBegin120(b *testing.B)  { begin(b, 120) }
func BenchmarkBegin1500(b *testing.B) { begin(b, 1500) }

func begin(b *testing.B, n int) {
	b.Helper()
	s, _, _ := filled(b, n)
	d := s.Draft()
	for b.Loop() {
		s.Form().Begin(d, monday)
	}
}

func BenchmarkParse120(b *testing.B) {
	file := formtest.JSON(120)
	for b.Loop() {
		if _, err := form.Parse(file); err != nil {
			b.Fatal(err)
		}
	}
}
