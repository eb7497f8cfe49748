package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"schalter/data/record"
)

// What the screens ask for at a time.
const (
	hitsOnScreen = 60
	rowsOnScreen = 50
	queries      = 200
	jumps        = 300
)

// find measures the search as it is typed, letter by letter, and jumps in long lists.
func (b *bench) find() error {
	dir, err := b.large()
	if err != nil {
		return err
	}
	g, err := enter(b.ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(b.typing(g), b.jumping(g), g.close())
}

func (b *bench) typing(g *ground) error {
	list, err := b.invent(g)
	if err != nil {
		return err
	}
	var took []time.Duration
	slowest, worst := "", time.Duration(0)
	for _, q := range list {
		letters := []rune(q)
		for i := range letters {
			typed := string(letters[:i+1])
			began := time.Now()
			if _, err := g.store.Find(b.ctx, typed, hitsOnScreen); err != nil {
				return fmt.Errorf("find %q: %w", typed, err)
			}
			t := time.Since(began)
			took = append(took, t)
			if t > worst {
				slowest, worst = typed, t
			}
		}
	}
	b.table.add(figure{name: "find.typed.p50", value: ms(median(took)), unit: "ms"})
	b.table.add(figure{
		name: "find.typed.p95", value: ms(quantile(took, 0.95)), unit: "ms", limit: atMost(50, "ms"),
		note: fmt.Sprintf("%d queries typed letter by letter, %d searches for %d hits each, in %d cases and %d pages of text", len(list), len(took), hitsOnScreen, b.cases, b.pages),
	})
	b.table.add(figure{name: "find.typed.max", value: ms(worst), unit: "ms", note: fmt.Sprintf("the slowest was %q", slowest)})
	return nil
}

// invent makes what clerks type, out of what is in the store: names, numbers, addresses, answers, words of
// papers, and what is not there.
func (b *bench) invent(g *ground) ([]string, error) {
	r := rand.New(rand.NewPCG(11, 12))
	words := strings.Fields(`haftpflichtversicherung hundesteuersatzung widerspruch gewerbeamt steuerbescheid sondernutzung labrador rottweiler
		schäferhund gefleckt musterstadt stadtallendorf weber yildiz plakatierung fundsache nachweis rechtsbehelf`)
	var out []string
	for len(out) < queries {
		c, err := b.anyCase(g, r)
		if err != nil {
			return nil, err
		}
		v := func(path string) string { return c.Groups[record.GroupOf(path)].Values[path] }
		name, given := v("halter/familienname"), v("halter/vorname")
		out = append(
			out, name, given+" "+name, name+" "+given, c.Number, v("anschrift/strasse")+" "+v("anschrift/hausnummer"), v("hund/chip"),
			v("hund/rufname")+" "+name, v("zahlung/iban")[:12], name+" "+v("anschrift/ort"), words[r.IntN(len(words))],
			words[r.IntN(len(words))]+" "+words[r.IntN(len(words))], "xq"+name,
		)
	}
	return out[:queries], nil
}

func (b *bench) anyCase(g *ground, r *rand.Rand) (record.Case, error) {
	for {
		_, total, err := g.store.Cases(b.ctx, record.ViewDone, user, 0, 1)
		if err != nil {
			return record.Case{}, err
		}
		rows, _, err := g.store.Cases(b.ctx, record.ViewDone, user, r.IntN(max(total, 1)), 1)
		if err != nil {
			return record.Case{}, err
		}
		if len(rows) == 0 {
			return record.Case{}, errors.New("the large store is empty")
		}
		c, err := g.store.Case(b.ctx, rows[0].ID)
		if err != nil || len(c.Groups["zahlung"].Values["zahlung/iban"]) >= 12 {
			return c, err
		}
	}
}

func (b *bench) jumping(g *ground) error {
	r := rand.New(rand.NewPCG(1, 2))
	for _, view := range []record.View{record.ViewOffice, record.ViewDone} {
		_, total, err := g.store.Cases(b.ctx, view, user, 0, 1)
		if err != nil {
			return err
		}
		var took []time.Duration
		for range jumps {
			began := time.Now()
			if _, _, err := g.store.Cases(b.ctx, view, user, r.IntN(max(total, 1)), rowsOnScreen); err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
		b.table.add(figure{
			name: "scroll." + string(view) + ".p95", value: ms(quantile(took, 0.95)), unit: "ms", limit: atMost(5, "ms"),
			note: fmt.Sprintf("%d jumps to any %d of %d rows; half took at most %s ms", jumps, rowsOnScreen, total, number(ms(median(took)))),
		})
	}
	return nil
}
