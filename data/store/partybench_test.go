package store_test

import (
	"fmt"
	"testing"
	"time"

	"schalter/data/record"
)

// visitors are who the benchmark types: half of them were here before.
func visitors(b *testing.B) (out []record.Likeness) {
	s, err := large()
	check(b, err)
	rows, _, err := s.Cases(b.Context(), record.ViewDone, "", 500, 100)
	check(b, err)
	for i, row := range rows {
		c, err := s.Case(b.Context(), row.ID)
		check(b, err)
		l := record.Likeness{Case: row, Party: c.Party()}
		if i%2 == 0 {
			l.Party.Given, l.Party.Birth, l.Party.House, l.Party.IBAN = "Neu", fmt.Sprintf("1961-03-%02d", 1+i%28), "999", ""
		}
		out = append(out, l)
	}
	return out
}

// BenchmarkAlike looks for duplicates of a visitor among the parties of all cases, as happens while one types.
func BenchmarkAlike(b *testing.B) {
	s, err := large()
	check(b, err)
	who := visitors(b)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		v := who[i%len(who)]
		began := time.Now()
		_, err := s.Alike(b.Context(), v.Party, "276098104123344", "", 5)
		check(b, err)
		took = append(took, time.Since(began))
	}
	quantiles(b, took)
}

// BenchmarkParties types names, dates of birth and addresses letter by letter.
func BenchmarkParties(b *testing.B) {
	s, err := large()
	check(b, err)
	list := []string{
		"müller anna", "anna müller", "mayr", "yıldız emre", "schmitt 2.5.1988", "2.5.88", "hauptstraße 12 meier", "nguyen", "großöhringer",
		"musterstadt", "xaver hofman", "łukasiewicz", "obrien", "kirchhain schulstr", "xyzzy",
	}
	var took []time.Duration
	for b.Loop() {
		for _, typed := range list {
			for i := range []rune(typed) {
				began := time.Now()
				_, err := s.Parties(b.Context(), string([]rune(typed)[:i+1]), 20)
				check(b, err)
				took = append(took, time.Since(began))
			}
		}
	}
	quantiles(b, took)
}
