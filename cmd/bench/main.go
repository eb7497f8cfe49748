// Command bench measures what the house promises about speed and memory and writes the figures down. It is
// for developers: `make bench` and `make bench-documents`, or with -only for some of the figures.
//
// It promises that what is called a ratio was measured beside the named thing in the same run, in
// alternating rounds, and is the median over the rounds; that a figure over its limit is shown as missed;
// and that a figure which could not be taken is listed with the reason.
//
// It never fails because something is slow: machines differ, so these are figures and not tests. It never
// touches a desk's real data folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"schalter/data/pdf/preview"
)

// bench is one run.
type bench struct {
	ctx    context.Context
	work   string // folder for stores, binaries and papers
	rounds int
	cases  int
	pages  int
	desk   string // the program under test
	table  *table
}

// group is a set of figures that are taken together.
type group struct {
	name string
	what string
	take func(b *bench) error
}

var groups = []group{
	{"save", "durable saves beside plain commits", (*bench).save},
	{"key", "key strokes in a form of 120 fields", (*bench).key},
	{"find", "search as typed and jumps in lists", (*bench).find},
	{"page", "pages beside mutool draw", (*bench).page},
	{"wire", "what one edit costs on the line", (*bench).wire},
	{"line", "one edit on a slow line that loses packets", (*bench).line},
	{"couch", "thousands of cases and scans to the centre and back, beside PouchDB", (*bench).couch},
	{"start", "start and unlocking of the window", (*bench).start},
	{"memory", "resident memory of the window", (*bench).memory},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == preview.WorkerArg {
		preview.WorkerMain()
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func names(of []group) []string {
	var out []string
	for _, g := range of {
		out = append(out, g.name)
	}
	return out
}

func run() error {
	out := flag.String("o", "build/bench.tsv", "`file` to write")
	work := flag.String("work", "build/bench", "`folder` for stores and binaries; the large store in it is used again by the next run")
	desk := flag.String("desk", "bin/schalter", "the `program` to start")
	only := flag.String("only", "", "take only these figures, `names` separated by commas: "+strings.Join(names(groups), ", ")+"; with -documents "+strings.Join(names(documentGroups), ", "))
	documents := flag.Bool("documents", false, "scans and papers beside the programs that do the same")
	rounds := flag.Int("rounds", 7, "rounds of what is measured beside something")
	cases := flag.Int("cases", 100_000, "cases in the large store")
	pages := flag.Int("pages", 0, "pages of text in the large store; 50,000, or a million with -documents")
	flag.Parse()
	all := groups
	if *documents {
		all = documentGroups
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := &bench{ctx: ctx, rounds: max(*rounds, 1), cases: *cases, pages: *pages, table: &table{plain: *documents}}
	if b.pages == 0 {
		b.pages = map[bool]int{false: 50_000, true: 1_000_000}[*documents]
	}
	for path, to := range map[string]*string{*work: &b.work, *desk: &b.desk} {
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		*to = abs
	}
	if err := os.MkdirAll(b.work, 0o700); err != nil {
		return err
	}
	chosen, err := choose(*only, names(all))
	if err != nil {
		return err
	}
	for _, g := range all {
		if !slices.Contains(chosen, g.name) || ctx.Err() != nil {
			continue
		}
		began := time.Now()
		b.sayf("%s: %s (load %s)", g.name, g.what, load())
		if err := g.take(b); err != nil {
			b.table.missing(g.name, err)
		}
		b.sayf("%s: took %.0f s", g.name, time.Since(began).Seconds())
	}
	b.table.print(os.Stdout)
	if err := b.table.write(*out); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return ctx.Err()
}

func choose(only string, all []string) ([]string, error) {
	if only == "" {
		return all, nil
	}
	chosen := strings.Split(only, ",")
	for _, c := range chosen {
		if !slices.Contains(all, c) {
			return nil, fmt.Errorf("no figures are called %q; there are %s", c, strings.Join(all, ", "))
		}
	}
	return chosen, nil
}

func (b *bench) sayf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}

// load is how busy the machine is; figures of a busy machine are poor.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:1], "")
}
