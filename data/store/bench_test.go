package store_test

import (
	ctx "context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"schalter/data/record"
	"schalter/data/store"
	"schalter/data/store/storetest"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func number(name string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return or
}

// large is one store with 100,000 cases for all benchmarks that need it. With SCHALTER_BENCH_STORE set it
// is kept there for the next run.
var large = sync.OnceValues(func() (*store.Store, error) {
	cases, pages := number("SCHALTER_BENCH_CASES", 100_000), number("SCHALTER_BENCH_PAGES", 20_000)
	dir := os.Getenv("SCHALTER_BENCH_STORE")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "schalter-bench"); err != nil {
			return nil, err
		}
		atExit = func() { os.RemoveAll(dir) }
	}
	ctx := ctx.Background()
	if s, err := store.Open(ctx, dir, options()); err == nil || record.CodeOf(err) != record.CodeStoreMissing {
		return s, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s, err := store.Create(ctx, dir, options())
	if err != nil {
		return nil, err
	}
	return s, storetest.Fill(ctx, s, cases, pages)
})

var atExit = func() {}

func options() store.Options {
	return store.Options{Key: sha256.Sum256([]byte("bench")), ID: [16]byte{9}}
}

// quantiles reports the middle and the 95th percentile of what was measured.
func quantiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
}

// typed is what the benchmark types into the find field.
var typed = []string{
	"müller anna", "MS-7-25-00417", "yıldız emre", "labrador", "hundesteuer", "haftpflichtversicherung", "276012", "schulstrasse 12",
	"gewerbeamt steuer", "widerspruchsbescheid", "rechtsbehelf monat", "feuerwesen 4711", "vertragsxyz", "der die und", "xyzzy",
}

// BenchmarkFind types queries letter by letter; "all" is the measure over every letter of all of them.
func BenchmarkFind(b *testing.B) {
	s, err := large()
	check(b, err)
	find := func(b *testing.B, word string) (took []time.Duration) {
		for i := range []rune(word) {
			began := time.Now()
			_, err := s.Find(b.Context(), string([]rune(word)[:i+1]), 20)
			check(b, err)
			took = append(took, time.Since(began))
		}
		return took
	}
	b.Run("all", func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			for _, word := range typed {
				took = append(took, find(b, word)...)
			}
		}
		quantiles(b, took)
	})
	for _, word := range typed {
		b.Run(word, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				took = append(took, find(b, word)...)
			}
			quantiles(b, took)
		})
	}
}

// BenchmarkCases jumps about in long lists.
func BenchmarkCases(b *testing.B) {
	s, err := large()
	check(b, err)
	for _, v := range []record.View{record.ViewDone, record.ViewOffice, record.ViewMine, record.ViewToday} {
		b.Run(string(v), func(b *testing.B) {
			_, total, err := s.Cases(b.Context(), v, "weber", 0, 1)
			check(b, err)
			r := rand.New(rand.NewPCG(1, 2))
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				_, _, err := s.Cases(b.Context(), v, "weber", r.IntN(max(total, 1)), 50)
				check(b, err)
				took = append(took, time.Since(began))
			}
			quantiles(b, took)
		})
	}
}

func BenchmarkCounts(b *testing.B) {
	s, err := large()
	check(b, err)
	for b.Loop() {
		_, err := s.Counts(b.Context(), "weber")
		check(b, err)
	}
}

// BenchmarkOpen opens the store with 100,000 cases as the program does at its start.
func BenchmarkOpen(b *testing.B) {
	if os.Getenv("SCHALTER_BENCH_STORE") == "" {
		b.Skip("needs SCHALTER_BENCH_STORE")
	}
	s, err := large()
	check(b, err)
	check(b, s.Close())
	for b.Loop() {
		s, err := store.Open(b.Context(), os.Getenv("SCHALTER_BENCH_STORE"), options())
		check(b, err)
		_, _, err = s.Cases(b.Context(), record.ViewOffice, "weber", 0, 50)
		check(b, err)
		_, err = s.Counts(b.Context(), "weber")
		check(b, err)
		check(b, s.Close())
	}
}

// plain is the measure of saving: one row of the same bytes in an ordinary database with synchronous=FULL.
type plain struct{ db *sql.DB }

func newPlain(b *testing.B) plain {
	u := url.URL{
		Scheme: "file", Opaque: filepath.Join(b.TempDir(), "plain.db"),
		RawQuery: "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(2)",
	}
	db, err := sql.Open("sqlite", u.String())
	check(b, err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE TABLE t (id TEXT PRIMARY KEY, body BLOB)`)
	check(b, err)
	b.Cleanup(func() { check(b, db.Close()) })
	return plain{db}
}

func (p plain) save(b *testing.B, id record.ID, body []byte) time.Duration {
	began := time.Now()
	_, err := p.db.Exec(`INSERT INTO t (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, string(id), body)
	check(b, err)
	return time.Since(began)
}

// beside runs both in alternating rounds and reports the ratio of the medians.
func beside(b *testing.B, ours, theirs func(i int) time.Duration) {
	var a, c []time.Duration
	for i := 0; b.Loop(); i++ {
		a = append(a, ours(i))
		c = append(c, theirs(i))
	}
	slices.Sort(a)
	slices.Sort(c)
	b.ReportMetric(float64(a[len(a)/2].Microseconds()), "ours-µs")
	b.ReportMetric(float64(c[len(c)/2].Microseconds()), "plain-µs")
	b.ReportMetric(float64(a[len(a)/2])/float64(c[len(c)/2]), "ratio")
	b.ReportMetric(float64(a[len(a)*95/100])/float64(c[len(c)*95/100]), "ratio-p95")
}

// filled is a form with 120 answers.
func filled() record.Values {
	v := record.Values{}
	for i := range 120 {
		v[fmt.Sprintf("gruppe%d/feld%d", i/10, i)] = "Antwort auf die Frage " + strconv.Itoa(i)
	}
	return v
}

func fresh(b *testing.B) *store.Store {
	s, err := store.Create(b.Context(), b.TempDir(), options())
	check(b, err)
	b.Cleanup(func() { check(b, s.Close()) })
	id, err := s.Identity(b.Context())
	check(b, err)
	id.Office, id.Desk = "MS", 1
	check(b, s.SetIdentity(b.Context(), id))
	return s
}

// BenchmarkSaveDraft saves a filled form durably beside a plain commit of the same bytes.
func BenchmarkSaveDraft(b *testing.B) {
	s, p := fresh(b), newPlain(b)
	d := record.Draft{ID: record.NewID(), Service: "x", User: "weber", Values: filled(), Live: true}
	beside(b, func(i int) time.Duration {
		d.Values["gruppe1/feld11"] = strconv.Itoa(i)
		began := time.Now()
		check(b, s.SaveDraft(b.Context(), d))
		return time.Since(began)
	}, func(int) time.Duration {
		body, err := json.Marshal(d)
		check(b, err)
		return p.save(b, d.ID, body)
	})
}

// BenchmarkApply records an edit of a case with all that belongs to it, beside a plain commit of the bytes
// of the case.
func BenchmarkApply(b *testing.B) {
	s, p := fresh(b), newPlain(b)
	c, err := s.Submit(b.Context(), "", opening(record.NewID()))
	check(b, err)
	body, err := json.Marshal(c)
	check(b, err)
	beside(b, func(i int) time.Duration {
		e := record.Edit{Case: c.ID, Kind: record.KindFields, User: "weber", Payload: record.Fields{Groups: []record.GroupEdit{{
			Group: "gruppe1", Base: c.Groups["gruppe1"].Version, Values: record.Values{"gruppe1/feld11": "neu " + strconv.Itoa(i)},
		}}}}
		began := time.Now()
		ch, err := s.Apply(b.Context(), e)
		took := time.Since(began)
		check(b, err)
		c.Groups["gruppe1"] = record.Group{Version: ch[0].ID}
		return took
	}, func(i int) time.Duration {
		// The bytes must differ, or SQLite has nothing to write.
		return p.save(b, c.ID, append(slices.Clip(body), strconv.Itoa(i)...))
	})
}

// BenchmarkSubmit makes a case of a filled form, beside a plain commit of the bytes of the case.
func BenchmarkSubmit(b *testing.B) {
	s, p := fresh(b), newPlain(b)
	body, err := json.Marshal(opening("x"))
	check(b, err)
	beside(b, func(int) time.Duration {
		edits := opening(record.NewID())
		began := time.Now()
		_, err := s.Submit(b.Context(), "", edits)
		check(b, err)
		return time.Since(began)
	}, func(int) time.Duration { return p.save(b, record.NewID(), body) })
}

func opening(id record.ID) []record.Edit {
	groups := map[string]record.Values{}
	for path, v := range filled() {
		g := record.GroupOf(path)
		if groups[g] == nil {
			groups[g] = record.Values{}
		}
		groups[g][path] = v
	}
	var f record.Fields
	for g, v := range groups {
		f.Groups = append(f.Groups, record.GroupEdit{Group: g, Values: v})
	}
	return []record.Edit{
		{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: "x", Title: map[string]string{"de": "X"}}},
		{Case: id, Kind: record.KindFields, User: "weber", Payload: f},
	}
}

// BenchmarkReceive takes in cases as a pull does.
func BenchmarkReceive(b *testing.B) {
	for b.Loop() {
		s, err := store.Create(b.Context(), b.TempDir(), options())
		check(b, err)
		began := time.Now()
		check(b, storetest.Fill(b.Context(), s, 2000, 0))
		b.ReportMetric(float64(time.Since(began).Microseconds())/2000, "µs/case")
		check(b, s.Close())
	}
}
