package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

func TestQuantiles(t *testing.T) {
	var v []time.Duration
	for i := range 100 {
		v = append(v, time.Duration(100-i))
	}
	if m, p := median(v), quantile(v, 0.95); m != 51 || p != 96 {
		t.Errorf("median %d, p95 %d", m, p)
	}
	if v[0] != 100 {
		t.Error("the values were sorted in place")
	}
	if quantile([]float64(nil), 0.5) != 0 {
		t.Error("nothing has a quantile")
	}
}

func TestBesideAlternatesAndTakesTheMiddleRatio(t *testing.T) {
	var order strings.Builder
	take := func(name byte, d time.Duration) func() (time.Duration, error) {
		return func() (time.Duration, error) { order.WriteByte(name); return d, nil }
	}
	p, err := beside(3, 2, take('a', 30), take('b', 20))
	if err != nil || p.ours != 30 || p.theirs != 20 || p.ratio != 1.5 {
		t.Errorf("%+v, %v", p, err)
	}
	if order.String() != "ab"+"abab"+"baba"+"abab" {
		t.Errorf("taken in the order %s", &order)
	}
	broken := errors.New("broken")
	if _, err := beside(1, 1, take('a', 1), func() (time.Duration, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestFiguresOverTheirLimitAreMisses(t *testing.T) {
	for _, c := range []struct {
		f    figure
		want string
	}{
		{figure{value: 1, ratio: 2.5, limit: atMost(2, "x")}, "MISSED"},
		{figure{value: 9, ratio: 1.9, limit: atMost(2, "x")}, "ok"},
		{figure{value: 17, unit: "ms", limit: atMost(16, "ms")}, "MISSED"},
		{figure{value: 16, unit: "ms", limit: atMost(16, "ms")}, "ok"},
		{figure{value: 1000, unit: "ms"}, ""},
		{figure{absent: true}, "not taken"},
	} {
		if got := c.f.verdict(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
}

func TestTheTableIsWrittenAndPrinted(t *testing.T) {
	var tab table
	tab.add(figure{name: "a.b", value: 12.345, unit: "ms", beside: "other: 4.1 ms", ratio: 3.011, limit: atMost(2, "x"), note: "how"})
	tab.missing("c", errors.New("no\tdisplay\n"))
	path := filepath.Join(t.TempDir(), "build", "bench.tsv")
	if err := tab.write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	want := "name\tvalue\tunit\tbeside\tratio\tlimit\n" +
		"a.b\t12.3\tms\tother: 4.1 ms\t3.01\t2 x\n" +
		"c\t\t\tnot taken: no display\t\t\n"
	if err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
	var out bytes.Buffer
	tab.print(&out)
	for _, s := range []string{"MISSED", "not taken", "a.b: how", "2 lines, 1 over their limit, 1 not taken"} {
		if !strings.Contains(out.String(), s) {
			t.Errorf("%q is not in %s", s, &out)
		}
	}
}

func TestTheLastPictureIsFoundBack(t *testing.T) {
	plain := make(picture, screenHeight/step*4*screenWidth)
	with := func(pixels int) picture {
		p := append(picture(nil), plain...)
		for i := range pixels {
			p[4*i] = 1
		}
		return p
	}
	began := time.Unix(100, 0)
	w := pictures{}
	for i, pixels := range []int{0, 3000, 9000, 9000 - blink, 9000} { // the last ones only blink
		w.at, w.seen = append(w.at, began.Add(time.Duration(i)*time.Second)), append(w.seen, with(pixels))
	}
	if got := w.finished(); !got.Equal(began.Add(2 * time.Second)) {
		t.Errorf("finished %v after the beginning", got.Sub(began))
	}
}

func TestThePapersAreWhatTheyShouldBe(t *testing.T) {
	for name, make := range map[string]func() ([]byte, error){"text": textBook, "form": formPage, "scan": func() ([]byte, error) { return scanPage(true) }} {
		data, err := make()
		if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
	page, err := scanned(1, false)
	if err != nil || len(page) < 200<<10 || len(page) > 500<<10 {
		t.Errorf("a scanned page has %d bytes, %v", len(page), err)
	}
}

func TestLeavesAreFieldsOfGroups(t *testing.T) {
	got := record.Values{}
	leaves(got, "person/person", map[string]any{"name": "Weber", "anschrift": map[string]any{"plz": "35260"}, "leer": nil, "ja": true})
	leaves(got, "liste/liste", []any{"a", map[string]any{"b": 1.5}})
	want := record.Values{
		"person/person-name": "Weber", "person/person-anschrift-plz": "35260", "person/person-ja": "true",
		"liste/liste-0": "a", "liste/liste-1-b": "1.5",
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
	groups := grouped(got)
	if len(groups) != 2 || groups[0].Group != "liste" || len(groups[1].Values) != 3 {
		t.Errorf("%v", groups)
	}
}
